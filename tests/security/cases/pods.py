"""Cases of the pod rules."""

from functools import partial
from typing import Any

from secure_aks_security.rules import load_rules

from tests.security.build import DELETE, DIGEST, pod, workload

HAPPY = pod
PARAMETERS = {rule.id: rule.parameters for rule in load_rules()}
_SC = "securityContext"


def _both(path, value):
    """The same setting on a container, an init container and an ephemeral container."""
    return {
        "a container": {f"C.{path}": value},
        "an init container": {f"I.{path}": value},
        "an ephemeral container": {f"E.{path}": value},
    }


def _fails(path, value: Any, words):
    """The same three, refused with the same words."""
    names = {"a container": "app", "an init container": "init", "an ephemeral container": "debug"}
    return {
        name: (changes, words.format(f'container "{names[name]}"'))
        for name, changes in _both(path, value).items()
    }


def _everywhere(path, value, words):
    """The same three and the pod itself."""
    return {"the pod": ({f"P.{path}": value}, words.format("the pod"))} | _fails(
        f"{_SC}.{path}", value, words
    )


WINDOWS = {
    "S.os": {"name": "windows"},
    "S.securityContext": {"runAsNonRoot": True},
    "C.securityContext": {},
}
HOST_PROCESS = {"hostProcess": True}
IS_HOST_PROCESS = "sets securityContext.windowsOptions.hostProcess to true"
LINUX = {"S.os": {"name": "linux"}}
USER_NAMESPACE = {"S.hostUsers": False}
NO_USER_NAMESPACE = {"S.hostUsers": True}
RELAXED = {"M.namespace": "app-relaxed"}
VOLUME = "S.volumes"
APPARMOR = "container~apparmor~security~beta~kubernetes~io/app"
SECCOMP = "container~seccomp~security~alpha~kubernetes~io/app"

# Where each kind of workload keeps its containers.
TEMPLATES = {
    "PodTemplate": "template.spec",
    "CronJob": "spec.jobTemplate.spec.template.spec",
    **dict.fromkeys(
        ("ReplicationController", "Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "Job"),
        "spec.template.spec",
    ),
}


def _workloads(path, value):
    return {
        f"a {kind}": {"from": partial(workload, kind), f"{template}.containers[0].{path}": value}
        for kind, template in TEMPLATES.items()
    }


def _declared(field, kind, by_hand):
    """The cases of a rule that wants the Localhost profile named in `field` to be one that something loads."""
    refused = f"names the {kind} profile {{}}, which nothing loads"

    def localhost(name):
        return {"type": "Localhost", **({"localhostProfile": name} if name else {})}

    return {
        "passes": {
            "declared": {f"P.{field}": localhost("p"), f"C.securityContext.{field}": localhost("p")},
            "by other hands": {f"P.{field}": localhost(by_hand)},
            "the runtime's": {f"P.{field}": {"type": "RuntimeDefault"}},
        },
        "fails": {
            "the pod": ({f"P.{field}": localhost("q")}, f"the pod {refused.format('q')}"),
            "a container": (
                {f"C.securityContext.{field}": localhost("q")},
                f'container "app" {refused.format("q")}',
            ),
            "none": ({f"P.{field}": localhost("")}, f"the pod {refused.format('(none)')}"),
        },
    }


CASES: dict[str, dict[str, Any]] = {
    "pod-seccomp-declared": _declared("seccompProfile", "seccomp", "by/hand.json"),
    "pod-apparmor-declared": _declared("appArmorProfile", "AppArmor", "by-hand"),
    "pod-privileged": {
        "passes": _workloads("securityContext.privileged", value=False)
        | {
            "explicitly not": {"C.securityContext.privileged": False},
            "no security context": {"C.securityContext": DELETE},
        },
        "fails": _fails("securityContext", {"privileged": True}, "{} sets securityContext.privileged to true")
        | {
            "the second of two": (
                {"S.containers[1]": {"name": "two", "image": "x", "securityContext": {"privileged": True}}},
                'container "two" sets securityContext.privileged to true',
            ),
            **{
                name: (changes, 'container "app" sets securityContext.privileged to true')
                for name, changes in _workloads("securityContext", {"privileged": True}).items()
            },
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
        "fails": _everywhere(
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
            "level alone": {"C.securityContext.seLinuxOptions": {"level": "s0"}},
            "empty user and role": {"P.seLinuxOptions": {"user": "", "role": ""}},
        },
        "fails": _everywhere(
            "seLinuxOptions", {"type": "spc_t"}, "{} sets securityContext.seLinuxOptions type spc_t"
        )
        | {
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
        },
        "fails": _fails(
            "securityContext.procMount", "Unmasked", "{} sets securityContext.procMount to Unmasked"
        )
        | {
            "the node's users": (
                {"C.securityContext.procMount": "Unmasked"} | NO_USER_NAMESPACE,
                'container "app" sets securityContext.procMount to Unmasked',
            )
        },
    },
    "pod-seccomp": {
        "passes": {
            "Localhost": {"P.seccompProfile": {"type": "Localhost", "localhostProfile": "p"}},
            "RuntimeDefault": {"C.securityContext.seccompProfile": {"type": "RuntimeDefault"}},
        },
        "fails": _everywhere(
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
        },
        "fails": {
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
        "fails": _fails("securityContext.capabilities.add", ["NET_ADMIN"], "{} adds the capability NET_ADMIN")
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
    "pod-volume-types": {
        "passes": {
            kind: {VOLUME: [{"name": "v", kind: source}]}
            for kind, source in {
                "configMap": {"name": "x"},
                "csi": {"driver": "d"},
                "downwardAPI": {"items": [{"path": "p", "fieldRef": {"fieldPath": "metadata.name"}}]},
                "emptyDir": {"sizeLimit": "1Gi"},
                "ephemeral": {
                    "volumeClaimTemplate": {
                        "spec": {
                            "accessModes": ["ReadWriteOnce"],
                            "resources": {"requests": {"storage": "1Gi"}},
                        }
                    }
                },
                "image": {"reference": "mcr.microsoft.com/x:1"},
                "persistentVolumeClaim": {"claimName": "c"},
                "projected": {"sources": [{"configMap": {"name": "x"}}]},
                "secret": {"secretName": "s"},
            }.items()
        }
        | {
            "no source": {VOLUME: [{"name": "v"}]},
            "in a baseline namespace": {VOLUME: [{"name": "v", "nfs": {"server": "s", "path": "/"}}]}
            | RELAXED,
        },
        "fails": {
            kind: ({VOLUME: [{"name": "v", kind: source}]}, f'volume "v" is of the type {kind}')
            for kind, source in {
                "awsElasticBlockStore": {"volumeID": "v"},
                "azureFile": {"secretName": "s", "shareName": "n"},
                "cephfs": {"monitors": ["m"]},
                "cinder": {"volumeID": "v"},
                "fc": {"targetWWNs": ["w"], "lun": 0},
                "flexVolume": {"driver": "a/b"},
                "gcePersistentDisk": {"pdName": "p"},
                "glusterfs": {"endpoints": "e", "path": "p"},
                "iscsi": {"targetPortal": "10.0.0.1:3260", "iqn": "iqn.2001-04.com.example:x", "lun": 0},
                "portworxVolume": {"volumeID": "v"},
                "quobyte": {"registry": "r:1", "volume": "v"},
                "rbd": {"monitors": ["m"], "image": "i"},
                "vsphereVolume": {"volumePath": "p"},
            }.items()
        }
        | {
            "nfs": (
                {VOLUME: [{"name": "v", "nfs": {"server": "s", "path": "/"}}]},
                'volume "v" is of the type nfs',
            ),
            "hostPath": (
                {VOLUME: [{"name": "v", "hostPath": {"path": "/x"}}]},
                'volume "v" is of the type hostPath',
            ),
            "the second": (
                {
                    VOLUME: [
                        {"name": "u", "emptyDir": {}},
                        {"name": "v", "azureFile": {"secretName": "s", "shareName": "n"}},
                    ]
                },
                'volume "v" is of the type azureFile',
            ),
        },
    },
    "pod-privilege-escalation": {
        "passes": {"Windows": WINDOWS, "in a baseline namespace": {"C.securityContext": DELETE} | RELAXED},
        "fails": _fails(
            "securityContext.allowPrivilegeEscalation",
            value=True,
            words="{} sets securityContext.allowPrivilegeEscalation to true",
        )
        | {
            "undefined": (
                {"C.securityContext.allowPrivilegeEscalation": DELETE},
                'container "app" does not set securityContext.allowPrivilegeEscalation',
            ),
            "no security context": (
                {"C.securityContext": DELETE},
                'container "app" does not set securityContext.allowPrivilegeEscalation',
            ),
            "Linux by name": (
                {"C.securityContext": DELETE} | LINUX,
                'container "app" does not set securityContext.allowPrivilegeEscalation',
            ),
        },
    },
    "pod-run-as-non-root": {
        "passes": {
            "each container": {"P.runAsNonRoot": DELETE, "C.securityContext.runAsNonRoot": True},
            "a user namespace": {"P.runAsNonRoot": DELETE} | USER_NAMESPACE,
            "in a baseline namespace": {"P.runAsNonRoot": DELETE} | RELAXED,
        },
        "fails": _fails(
            "securityContext.runAsNonRoot", value=False, words="{} sets securityContext.runAsNonRoot to false"
        )
        | {
            "nowhere": (
                {"P.runAsNonRoot": DELETE},
                'container "app" does not set securityContext.runAsNonRoot',
            ),
            "one of two": (
                {"P.runAsNonRoot": DELETE, "C.securityContext.runAsNonRoot": True, "I.name": "init"},
                'container "init" does not set securityContext.runAsNonRoot',
            ),
            "the pod, though the container does": (
                {"P.runAsNonRoot": False, "C.securityContext.runAsNonRoot": True},
                "the pod sets securityContext.runAsNonRoot to false",
            ),
            "the pod": (
                {"P.runAsNonRoot": False},
                'the pod sets securityContext.runAsNonRoot to false; container "app" does not set securityContext.runAsNonRoot',
            ),
        },
    },
    "pod-run-as-user": {
        "passes": {
            "another user": {"P.runAsUser": 1000, "C.securityContext.runAsUser": 1001},
            "a user namespace": {"P.runAsUser": 0} | USER_NAMESPACE,
            "in a baseline namespace": {"P.runAsUser": 0} | RELAXED,
        },
        "fails": _everywhere("runAsUser", 0, "{} sets securityContext.runAsUser to 0"),
    },
    "pod-seccomp-required": {
        "passes": {
            "each container": {
                "P.seccompProfile": DELETE,
                "C.securityContext.seccompProfile": {"type": "RuntimeDefault"},
            },
            "Localhost": {"P.seccompProfile": {"type": "Localhost", "localhostProfile": "p"}},
            "a container's Localhost": {
                "C.securityContext.seccompProfile": {"type": "Localhost", "localhostProfile": "p"}
            },
            "Windows": WINDOWS,
            "in a baseline namespace": {"P.seccompProfile": DELETE} | RELAXED,
        },
        "fails": _fails(
            "securityContext.seccompProfile",
            {"type": "Unconfined"},
            "{} sets securityContext.seccompProfile.type to Unconfined",
        )
        | {
            "nowhere": (
                {"P.seccompProfile": DELETE},
                'container "app" has no seccomp profile, of its own or of the pod',
            ),
            "the pod's is Unconfined": (
                {"P.seccompProfile.type": "Unconfined"},
                (
                    "the pod sets securityContext.seccompProfile.type to Unconfined; "
                    'container "app" has no seccomp profile, of its own or of the pod'
                ),
            ),
            "one of two": (
                {
                    "P.seccompProfile": DELETE,
                    "C.securityContext.seccompProfile": {"type": "RuntimeDefault"},
                    "I.name": "init",
                },
                'container "init" has no seccomp profile, of its own or of the pod',
            ),
        },
    },
    "pod-capabilities-dropped": {
        "passes": {
            "NET_BIND_SERVICE": {"C.securityContext.capabilities.add": ["NET_BIND_SERVICE"]},
            "ALL among others": {"C.securityContext.capabilities.drop": ["CHOWN", "ALL"]},
            "Windows": WINDOWS,
            "in a baseline namespace": {"C.securityContext": DELETE} | RELAXED,
        },
        "fails": _fails("securityContext.capabilities.add", ["CHOWN"], "{} adds the capability CHOWN")
        | {
            "the second": (
                {"C.securityContext.capabilities.add": ["NET_BIND_SERVICE", "KILL"]},
                'container "app" adds the capability KILL',
            ),
            "drops another": (
                {"C.securityContext.capabilities.drop": ["CHOWN"]},
                'container "app" does not drop ALL capabilities',
            ),
            "drops none": (
                {"C.securityContext.capabilities.drop": DELETE},
                'container "app" does not drop ALL capabilities',
            ),
            "drops none and adds the allowed one": (
                {"C.securityContext.capabilities": {"add": ["NET_BIND_SERVICE"]}},
                'container "app" does not drop ALL capabilities',
            ),
            "no capabilities": (
                {"C.securityContext.capabilities": DELETE},
                'container "app" does not drop ALL capabilities',
            ),
            "no security context": (
                {"C.securityContext": DELETE},
                'container "app" does not drop ALL capabilities',
            ),
        },
    },
    "pod-proc-mount-restricted": {
        "passes": {
            "Default": {"C.securityContext.procMount": "Default"},
            "no security context": {"C.securityContext": DELETE},
            "in a baseline namespace": {"C.securityContext.procMount": "Unmasked"} | USER_NAMESPACE | RELAXED,
        },
        "fails": {
            "unmasked in a user namespace": (
                {"C.securityContext.procMount": "Unmasked"} | USER_NAMESPACE,
                'container "app" sets securityContext.procMount to Unmasked',
            )
        },
    },
    "pod-image-tag": {
        "passes": {
            "a digest": {"C.image": f"mcr.microsoft.com/app@{DIGEST}"},
            "a tag": {"C.image": "mcr.microsoft.com/app:v1.2-3_4"},
            "a port and a tag": {"C.image": "registry:5000/app:1"},
            "latest with a digest": {"C.image": f"mcr.microsoft.com/app:latest@{DIGEST}"},
        },
        "fails": {
            "no image": ({"C.image": DELETE}, 'container "app" runs no image'),
            "none": ({"C.image": "mcr.microsoft.com/app"}, 'container "app" runs mcr.microsoft.com/app'),
            "latest": (
                {"C.image": "mcr.microsoft.com/app:latest"},
                'container "app" runs mcr.microsoft.com/app:latest',
            ),
            "a port alone": ({"C.image": "registry:5000/app"}, 'container "app" runs registry:5000/app'),
            "an init container": ({"I.image": "nginx"}, 'container "init" runs nginx'),
        },
    },
    "pod-image-registry": {
        "passes": {"another allowed one": {"C.image": "team.azurecr.io/x/app:1"}},
        "fails": {
            "no image": ({"C.image": DELETE}, 'container "app" runs no image'),
            "Docker Hub": ({"C.image": "nginx:1.27"}, 'container "app" runs nginx:1.27'),
            "a look-alike": (
                {"C.image": "mcr.microsoft.com.evil.io/app:1"},
                'container "app" runs mcr.microsoft.com.evil.io/app:1',
            ),
            "an ephemeral container": ({"E.image": "busybox:1"}, 'container "debug" runs busybox:1'),
        },
    },
    "pod-image-digest": {
        "passes": {"a tag and a digest": {"C.image": f"mcr.microsoft.com/app:1@{DIGEST}"}},
        "fails": {
            "no image": ({"C.image": DELETE}, 'container "app" runs no image'),
            "a tag": ({"C.image": "mcr.microsoft.com/app:1"}, 'container "app" runs mcr.microsoft.com/app:1'),
        },
    },
    "pod-resource-requests": {
        "passes": {
            "limits, which are requests then": {"C.resources": {"limits": {"cpu": "1", "memory": "1Gi"}}},
            "one of each": {"C.resources": {"requests": {"cpu": "1"}, "limits": {"memory": "1Gi"}}},
            "the other of each": {
                "C.resources": {"requests": {"memory": "1Gi"}, "limits": {"cpu": "1", "memory": "1Gi"}}
            },
            "the pod's": {"C.resources": DELETE, "S.resources": {"requests": {"cpu": "1", "memory": "1Gi"}}},
            "the pod's limits": {
                "C.resources": DELETE,
                "S.resources": {"limits": {"cpu": "1", "memory": "1Gi"}},
            },
            "an ephemeral container without": {"E.name": "debug"},
        },
        "fails": {
            name: (changes, 'container "app" does not request both CPU and memory')
            for name, changes in {
                "nothing": {"C.resources": DELETE},
                "no CPU": {"C.resources.requests.cpu": DELETE},
                "no CPU, with limits": {"C.resources": {"limits": {"memory": "1Gi"}}},
                "no memory": {"C.resources": {"requests": {"cpu": "1"}}},
                "no memory, with limits": {"C.resources": {"requests": {"cpu": "1"}, "limits": {"cpu": "1"}}},
                "the pod's memory alone": {
                    "C.resources": DELETE,
                    "S.resources": {"requests": {"memory": "1Gi"}},
                },
                "the pod's CPU alone": {"C.resources": DELETE, "S.resources": {"requests": {"cpu": "1"}}},
                "the pod's memory limit alone": {
                    "C.resources": DELETE,
                    "S.resources": {"limits": {"memory": "1Gi"}},
                },
                "the pod's CPU limit alone": {"C.resources": DELETE, "S.resources": {"limits": {"cpu": "1"}}},
            }.items()
        }
        | {
            "an init container": (
                {"I.resources": DELETE},
                'container "init" does not request both CPU and memory',
            )
        },
    },
    "pod-memory-limit": {
        "passes": {
            "the pod's": {"C.resources": DELETE, "S.resources": {"limits": {"memory": "1Gi"}}},
            "an ephemeral container without": {"E.name": "debug"},
        },
        "fails": {
            name: (changes, 'container "app" has no memory limit')
            for name, changes in {
                "nothing": {"C.resources": DELETE},
                "no limits": {"C.resources.limits": DELETE},
                "CPU alone": {"C.resources.limits": {"cpu": "1"}},
                "the pod's requests": {"C.resources": DELETE, "S.resources": {"requests": {"memory": "1Gi"}}},
                "the pod's CPU": {"C.resources": DELETE, "S.resources": {"limits": {"cpu": "1"}}},
            }.items()
        },
    },
    "pod-service-account-token": {
        "passes": {
            "an account of its own": {
                "S.automountServiceAccountToken": DELETE,
                "S.serviceAccountName": "reader",
            },
            "its own, mounted": {"S.automountServiceAccountToken": True, "S.serviceAccountName": "reader"},
            "default, not mounted": {"S.serviceAccountName": "default"},
        },
        "fails": {
            name: (changes, "the pod mounts the token of the service account default")
            for name, changes in {
                "undefined": {"S.automountServiceAccountToken": DELETE},
                "mounted": {"S.automountServiceAccountToken": True},
                "default by name": {
                    "S.automountServiceAccountToken": DELETE,
                    "S.serviceAccountName": "default",
                },
                "an empty name": {"S.automountServiceAccountToken": DELETE, "S.serviceAccountName": ""},
            }.items()
        },
    },
    "pod-read-only-root": {
        "passes": {
            "Windows": WINDOWS,
            "an ephemeral container that writes": {"E.securityContext.readOnlyRootFilesystem": False},
        },
        "fails": {
            name: (changes, 'container "app" can write to its root file system')
            for name, changes in {
                "writable": {"C.securityContext.readOnlyRootFilesystem": False},
                "undefined": {"C.securityContext.readOnlyRootFilesystem": DELETE},
                "no security context": {"C.securityContext": DELETE},
            }.items()
        },
    },
    "pod-default-namespace": {
        "fails": {
            "default": ({"M.namespace": "default"}, "Pod is in the namespace default"),
            "none": ({"M.namespace": DELETE}, "Pod is in the namespace default"),
        },
    },
    "pod-secret-env": {
        "passes": {
            "a reference": {
                "C.env": [{"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]
            },
            "empty": {"C.env": [{"name": "PASSWORD", "value": ""}]},
            "another name": {"C.env": [{"name": "LOG_LEVEL", "value": "debug"}]},
        }
        | {
            f"where it is: {ending}": {"C.env": [{"name": f"TOKEN{ending}", "value": "x"}]}
            for ending in PARAMETERS["pod-secret-env"]["harmlessEndings"].default
        },
        "fails": {
            f"A_{piece}1": (
                {"C.env": [{"name": f"A_{piece}1", "value": "x"}]},
                f'container "app" has a value in A_{piece}1',
            )
            for piece in PARAMETERS["pod-secret-env"]["secretNames"].default
        }
        | {
            "after others": (
                {
                    "C.env": [
                        {"name": "SECRET", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
                        {"name": "TOKEN", "value": ""},
                        {"name": "LEVEL", "value": "x"},
                        {"name": "TOKEN_FILE", "value": "/x"},
                        {"name": "PASSWORD", "value": "x"},
                    ]
                },
                'container "app" has a value in PASSWORD',
            )
        },
    },
    "pod-runtime-socket": {
        "passes": {
            path: {VOLUME: [{"name": "v", "hostPath": {"path": path}}]}
            for path in (
                "/var/log",
                "/run/user",
                "/etc/containerd",
                "/var/run/containerd/other.sock",
                "/srv/run",
            )
        }
        | {"no hostPath": {VOLUME: [{"name": "v", "emptyDir": {}}]}},
        "fails": {
            path: (
                {VOLUME: [{"name": "v", "hostPath": {"path": path}}]},
                f'volume "v" mounts {path} of the node',
            )
            for path in (
                "/var/run/docker.sock",
                "/run/containerd/containerd.sock",
                "/run/containerd/containerd.sock/",
                "/var/run/crio/crio.sock",
                "/run/cri-dockerd.sock",
                "/var/lib/kubelet/kubelet.sock",
                "/",
                "//",
                "/var",
                "/var//run/",
                "/run",
                "/run/containerd",
                "/var/run/docker/",
                "/run/crio",
            )
        },
    },
    "pod-seccomp-annotation": {
        "passes": {"another": {"M.annotations.note": "seccomp.security.alpha.kubernetes.io/pod"}},
        "fails": {
            "of the pod": (
                {"M.annotations.seccomp~security~alpha~kubernetes~io/pod": "runtime/default"},
                "the annotation seccomp.security.alpha.kubernetes.io/pod is ignored",
            ),
            "of a container": (
                {f"M.annotations.{SECCOMP}": "runtime/default"},
                "the annotation container.seccomp.security.alpha.kubernetes.io/app is ignored",
            ),
        },
    },
    "pod-apparmor-annotation": {
        "passes": {"another": {"M.annotations.note": "x"}},
        "fails": {
            "the article's": (
                {f"M.annotations.{APPARMOR}": "localhost/k8s-apparmor-example-deny-write"},
                "the annotation container.apparmor.security.beta.kubernetes.io/app is deprecated",
            )
        },
    },
    "pod-localhost-profile": {
        "passes": {
            name: {"M.namespace": "app-profiled"} | changes
            for name, changes in {
                "the pod's seccomp": {"P.seccompProfile": {"type": "Localhost", "localhostProfile": "p"}},
                "the container's seccomp": {
                    "C.securityContext.seccompProfile": {"type": "Localhost", "localhostProfile": "p"}
                },
                "the container's, without the pod's": {
                    "P.seccompProfile": DELETE,
                    "C.securityContext.seccompProfile": {"type": "Localhost", "localhostProfile": "p"},
                },
                "the pod's AppArmor": {"P.appArmorProfile": {"type": "Localhost", "localhostProfile": "p"}},
                "the container's AppArmor": {
                    "C.securityContext.appArmorProfile": {"type": "Localhost", "localhostProfile": "p"}
                },
                "Windows": WINDOWS,
            }.items()
        },
        "fails": {
            name: (
                {"M.namespace": "app-profiled"} | changes,
                'container "app" runs under no Localhost profile in the namespace app-profiled',
            )
            for name, changes in {
                "the runtime's": {},
                "none": {"P.seccompProfile": DELETE},
                "no security context": {"P.seccompProfile": DELETE, "C.securityContext": DELETE},
                "the container undoes the pod's": {
                    "P.seccompProfile": {"type": "Localhost", "localhostProfile": "p"},
                    "C.securityContext.seccompProfile": {"type": "RuntimeDefault"},
                },
                "the container undoes the pod's AppArmor": {
                    "P.appArmorProfile": {"type": "Localhost", "localhostProfile": "p"},
                    "C.securityContext.appArmorProfile": {"type": "RuntimeDefault"},
                },
                "the runtime's AppArmor": {"P.appArmorProfile": {"type": "RuntimeDefault"}},
            }.items()
        },
    },
    "pod-sandboxed": {
        "passes": {
            name: {"M.namespace": "app-hostile", "S.runtimeClassName": name}
            for name in ("kata-vm-isolation", "kata-mshv-vm-isolation")
        },
        "fails": {
            "none": (
                {"M.namespace": "app-hostile"},
                "the namespace app-hostile is sandboxed and the pod has no runtimeClassName",
            ),
            "another": (
                {"M.namespace": "app-hostile", "S.runtimeClassName": "runc"},
                "the namespace app-hostile is sandboxed and the pod has runtimeClassName runc",
            ),
        },
    },
}
