"""Cases of the Pod Security Standards, Baseline."""

from typing import Any

from tests.security.build import DELETE, container
from tests.security.cases.pod_parts import (
    APPARMOR,
    HOST_PROCESS,
    IS_HOST_PROCESS,
    NO_USER_NAMESPACE,
    USER_NAMESPACE,
    VOLUME,
    everywhere,
    fails,
    workloads,
)

SYSCTLS = [
    ("net.ipv4.ip_local_reserved_ports", 27),
    ("net.ipv4.tcp_keepalive_time", 29),
    ("net.ipv4.tcp_rmem", 32),
    ("net.ipv4.tcp_slow_start_after_idle", 37),
    ("net.ipv4.tcp_notsent_lowat", 37),
]

CASES: dict[str, dict[str, Any]] = {
    "pod-privileged": {
        "passes": workloads("securityContext.privileged", value=False)
        | {
            "explicitly not": {"C.securityContext.privileged": False},
            "no security context": {"C.securityContext": DELETE},
        },
        "fails": fails("securityContext", {"privileged": True}, "{} sets securityContext.privileged to true")
        | {
            "the second of two": (
                {"S.containers[1]": {**container("two"), "securityContext": {"privileged": True}}},
                'container "two" sets securityContext.privileged to true',
            ),
            **{
                name: (changes, 'container "app" sets securityContext.privileged to true')
                for name, changes in workloads("securityContext", {"privileged": True}).items()
            },
            "a dozen containers": (
                {
                    "S.containers": [
                        {**container(f"c{number}"), "securityContext": {"privileged": True}}
                        for number in range(12)
                    ]
                },
                "; ".join(
                    f'container "c{number}" sets securityContext.privileged to true' for number in range(9)
                )
                + "; and 3 more",
            ),
            "two containers": (
                {"C.securityContext": {"privileged": True}, "I.securityContext": {"privileged": True}},
                'container "app" sets securityContext.privileged to true; container "init" sets securityContext.privileged to true',
            ),
        },
    },
    "pod-host-namespaces": {
        "passes": {"all three said no": {"S.hostNetwork": False, "S.hostPID": False, "S.hostIPC": False}},
        "fails": {
            "hostNetwork": ({"S.hostNetwork": True}, "the pod sets hostNetwork to true"),
            "hostPID": ({"S.hostPID": True}, "the pod sets hostPID to true"),
            "hostIPC": ({"S.hostIPC": True}, "the pod sets hostIPC to true"),
            "two and one said no": (
                {"S.hostPID": True, "S.hostIPC": True, "S.hostNetwork": False},
                "the pod sets hostPID hostIPC to true",
            ),
            "network and one said no": (
                {"S.hostNetwork": True, "S.hostPID": False, "S.hostIPC": False},
                "the pod sets hostNetwork to true",
            ),
        },
    },
    "pod-host-path-volumes": {
        "passes": {"emptyDir": {VOLUME: [{"name": "v", "emptyDir": {}}]}},
        "fails": {
            "hostPath": (
                {VOLUME: [{"name": "v", "hostPath": {"path": "/etc"}}]},
                'volume "v" mounts /etc of the node',
            ),
            "the second volume": (
                {VOLUME: [{"name": "u", "emptyDir": {}}, {"name": "v", "hostPath": {"path": "/etc"}}]},
                'volume "v" mounts /etc of the node',
            ),
        },
    },
    "pod-host-ports": {
        "passes": {
            "container port alone": {"C.ports": [{"containerPort": 80}]},
            "zero": {"C.ports": [{"containerPort": 80, "hostPort": 0}]},
            "hostNetwork without ports": {"S.hostNetwork": True},
            "hostNetwork said no": {"S.hostNetwork": False, "C.ports": [{"containerPort": 80}]},
        },
        "fails": {
            "a container": (
                {"C.ports": [{"containerPort": 80, "hostPort": 8080}]},
                'container "app" takes port 8080 of the node',
            ),
            "the second port": (
                {"C.ports": [{"containerPort": 80, "hostPort": 0}, {"containerPort": 81, "hostPort": 8081}]},
                'container "app" takes port 8081 of the node',
            ),
            "hostNetwork": (
                {"S.hostNetwork": True, "C.ports": [{"containerPort": 80}]},
                'container "app" takes port 80 of the node',
            ),
            "hostNetwork and zero": (
                {"S.hostNetwork": True, "C.ports": [{"containerPort": 80, "hostPort": 0}]},
                'container "app" takes port 80 of the node',
            ),
            "hostNetwork with both": (
                {"S.hostNetwork": True, "C.ports": [{"containerPort": 82, "hostPort": 82}]},
                'container "app" takes port 82 of the node',
            ),
        },
    },
    "pod-host-probes": {
        "passes": {
            "no host": {
                "C.livenessProbe": {"httpGet": {"port": 80}},
                "C.readinessProbe": {"tcpSocket": {"port": 80}},
            },
            "empty host": {
                "C.livenessProbe": {"httpGet": {"host": "", "port": 80}},
                "C.readinessProbe": {"tcpSocket": {"host": "", "port": 80}},
            },
            "exec": {
                "C.livenessProbe": {"exec": {"command": ["true"]}},
                "C.lifecycle": {"postStart": {"exec": {"command": ["true"]}}},
            },
        },
        "fails": {
            f"{where} {kind}": (
                {f"C.{where}": {kind: {"host": "10.0.0.1", "port": 80}}},
                f'container "app" names the host 10.0.0.1 in {where}',
            )
            for where in (
                "livenessProbe",
                "readinessProbe",
                "startupProbe",
                "lifecycle.postStart",
                "lifecycle.preStop",
            )
            for kind in ("httpGet", "tcpSocket")
        },
    },
    "pod-apparmor": {
        "passes": {
            f"{profile['type']}": {"P.appArmorProfile": profile, "C.securityContext.appArmorProfile": profile}
            for profile in ({"type": "RuntimeDefault"}, {"type": "Localhost", "localhostProfile": "p"})
        }
        | {
            "annotation runtime/default": {f"M.annotations.{APPARMOR}": "runtime/default"},
            "annotation localhost": {f"M.annotations.{APPARMOR}": "localhost/p"},
            "annotation empty": {f"M.annotations.{APPARMOR}": ""},
            "another annotation": {"M.annotations.note": "unconfined"},
        },
        "fails": everywhere(
            "appArmorProfile",
            {"type": "Unconfined"},
            "{} sets securityContext.appArmorProfile.type to Unconfined",
        )
        | {
            "annotation unconfined": (
                {f"M.annotations.{APPARMOR}": "unconfined"},
                "the pod sets the annotation container.apparmor.security.beta.kubernetes.io/app to unconfined",
            )
        },
    },
    "pod-selinux": {
        "passes": {
            f"type {kind or 'empty'}": {"P.seLinuxOptions": {"type": kind}}
            for kind in ("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t")
        }
        | {
            "an engine, from 1.31": {
                "P.seLinuxOptions": {"type": "container_engine_t"},
                "facts": {"kubernetesMinor": 31},
            }
        }
        | {
            "level alone": {"C.securityContext.seLinuxOptions": {"level": "s0"}},
            "empty user and role": {"P.seLinuxOptions": {"user": "", "role": ""}},
        },
        "fails": everywhere(
            "seLinuxOptions", {"type": "spc_t"}, "{} sets securityContext.seLinuxOptions type spc_t"
        )
        | {
            "an engine, before 1.31": (
                {"P.seLinuxOptions": {"type": "container_engine_t"}, "facts": {"kubernetesMinor": 30}},
                "the pod sets securityContext.seLinuxOptions type container_engine_t",
            ),
            "a user": (
                {"P.seLinuxOptions": {"user": "root"}},
                "the pod sets securityContext.seLinuxOptions user root",
            ),
            "a role": (
                {"P.seLinuxOptions": {"role": "r"}},
                "the pod sets securityContext.seLinuxOptions role r",
            ),
            "a user beside a good type": (
                {"P.seLinuxOptions": {"type": "container_t", "user": "u"}},
                "the pod sets securityContext.seLinuxOptions type container_t user u",
            ),
        },
    },
    "pod-proc-mount": {
        "passes": {
            "Default": {"C.securityContext.procMount": "Default"},
            "no security context": {"C.securityContext": DELETE},
            "unmasked in a user namespace": {"C.securityContext.procMount": "Unmasked"} | USER_NAMESPACE,
            "where user namespaces count": {
                "C.securityContext.procMount": "Unmasked",
                "facts": {"kubernetesMinor": 35},
            }
            | USER_NAMESPACE,
        },
        "fails": fails(
            "securityContext.procMount", "Unmasked", "{} sets securityContext.procMount to Unmasked"
        )
        | {
            "where user namespaces do not count": (
                {"C.securityContext.procMount": "Unmasked", "facts": {"kubernetesMinor": 34}}
                | USER_NAMESPACE,
                'container "app" sets securityContext.procMount to Unmasked',
            ),
            "the node's users": (
                {"C.securityContext.procMount": "Unmasked"} | NO_USER_NAMESPACE,
                'container "app" sets securityContext.procMount to Unmasked',
            ),
        },
    },
    "pod-seccomp": {
        "passes": {
            "Localhost": {"P.seccompProfile": {"type": "Localhost", "localhostProfile": "p"}},
            "RuntimeDefault": {"C.securityContext.seccompProfile": {"type": "RuntimeDefault"}},
        },
        "fails": everywhere(
            "seccompProfile",
            {"type": "Unconfined"},
            "{} sets securityContext.seccompProfile.type to Unconfined",
        ),
    },
    "pod-sysctls": {
        "passes": {
            name: {"P.sysctls": [{"name": name, "value": "0"}]}
            for name in (
                "kernel.shm_rmid_forced",
                "net.ipv4.ip_local_port_range",
                "net.ipv4.ip_unprivileged_port_start",
                "net.ipv4.tcp_syncookies",
                "net.ipv4.ping_group_range",
                "net.ipv4.ip_local_reserved_ports",
                "net.ipv4.tcp_keepalive_time",
                "net.ipv4.tcp_fin_timeout",
                "net.ipv4.tcp_keepalive_intvl",
                "net.ipv4.tcp_keepalive_probes",
                "net.ipv4.tcp_rmem",
                "net.ipv4.tcp_wmem",
            )
        }
        | {
            f"{name}, from 1.{minor}": {
                "P.sysctls": [{"name": name, "value": "0"}],
                "facts": {"kubernetesMinor": minor},
            }
            for name, minor in SYSCTLS
        },
        "fails": {
            f"{name}, before 1.{minor}": (
                {"P.sysctls": [{"name": name, "value": "0"}], "facts": {"kubernetesMinor": minor - 1}},
                f"the pod sets the sysctl {name}",
            )
            for name, minor in SYSCTLS
        }
        | {
            "another, of a newer one": (
                {"P.sysctls": [{"name": "kernel.msgmax", "value": "1"}], "facts": {"kubernetesMinor": 37}},
                "the pod sets the sysctl kernel.msgmax",
            ),
            "another": (
                {"P.sysctls": [{"name": "kernel.msgmax", "value": "1"}]},
                "the pod sets the sysctl kernel.msgmax",
            ),
            "the second": (
                {
                    "P.sysctls": [
                        {"name": "net.ipv4.tcp_rmem", "value": "1"},
                        {"name": "vm.swappiness", "value": "1"},
                    ]
                },
                "the pod sets the sysctl vm.swappiness",
            ),
        },
    },
    "pod-windows-host-process": {
        "passes": {
            "explicitly not": {"P.windowsOptions": {"hostProcess": False}},
            "other options": {"P.windowsOptions": {"runAsUserName": "u"}},
        },
        "fails": {
            "the pod": (
                {"P.windowsOptions": HOST_PROCESS, "S.hostNetwork": True},
                f"the pod {IS_HOST_PROCESS}",
            ),
            "a container": (
                {"C.securityContext.windowsOptions": HOST_PROCESS, "S.hostNetwork": True},
                f'container "app" {IS_HOST_PROCESS}',
            ),
            "an init container too": (
                {
                    "C.securityContext.windowsOptions": HOST_PROCESS,
                    "I.securityContext.windowsOptions": HOST_PROCESS,
                    "S.hostNetwork": True,
                },
                f'container "app" {IS_HOST_PROCESS}; container "init" {IS_HOST_PROCESS}',
            ),
            "an ephemeral container": (
                {"E.securityContext.windowsOptions": HOST_PROCESS},
                f'container "debug" {IS_HOST_PROCESS}',
            ),
        },
    },
    "pod-capabilities": {
        "passes": {
            name: {"C.securityContext.capabilities.add": [name]}
            for name in (
                "AUDIT_WRITE",
                "CHOWN",
                "DAC_OVERRIDE",
                "FOWNER",
                "FSETID",
                "KILL",
                "MKNOD",
                "NET_BIND_SERVICE",
                "SETFCAP",
                "SETGID",
                "SETPCAP",
                "SETUID",
                "SYS_CHROOT",
            )
        }
        | {
            "no capabilities": {"C.securityContext.capabilities": DELETE},
            "no security context": {"C.securityContext": DELETE},
        },
        "fails": fails("securityContext.capabilities.add", ["NET_ADMIN"], "{} adds the capability NET_ADMIN")
        | {
            f"the second after {name}": (
                {"C.securityContext.capabilities.add": [name, "SYS_ADMIN"]},
                'container "app" adds the capability SYS_ADMIN',
            )
            for name in (
                "AUDIT_WRITE",
                "CHOWN",
                "DAC_OVERRIDE",
                "FOWNER",
                "FSETID",
                "KILL",
                "MKNOD",
                "NET_BIND_SERVICE",
                "SETFCAP",
                "SETGID",
                "SETPCAP",
                "SETUID",
                "SYS_CHROOT",
            )
        },
    },
}
