"""Cases of the pod rules beyond the standards: secrets, sockets, annotations, profiles, sandboxes, nodes."""

from typing import Any

from tests.security.build import DELETE
from tests.security.cases.pod_nodes import AT_HOME, NODES
from tests.security.cases.pod_parts import APPARMOR, SECCOMP, VOLUME, WINDOWS, declared
from tests.security.labelled import labelled

LONG = "x" * 4096
CASES: dict[str, dict[str, Any]] = {
    "pod-system-priority": {
        "passes": {
            "another class": {"S.priorityClassName": "batch"},
            "no team's namespace": {
                "M.namespace": "keeper",
                "S.priorityClassName": "system-cluster-critical",
            },
        },
        "fails": {
            name: ({"S.priorityClassName": name}, f"the pod has the priority {name}")
            for name in ("system-cluster-critical", "system-node-critical")
        },
    },
    "pod-seccomp-declared": declared("seccompProfile", "seccomp", "by/hand.json"),
    "pod-apparmor-declared": declared("appArmorProfile", "AppArmor", "by-hand"),
    "pod-secret-env": {
        "passes": {
            "a reference": {
                "C.env": [{"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]
            },
            "empty": {"C.env": [{"name": "PASSWORD", "value": ""}]},
            "named in the stack file": {"C.env": [{"name": "CANDY_TOKEN", "value": "sweet"}]},
            "a long text": {"C.env": [{"name": "A_TOKEN", "value": f"{LONG}x"}]},
        }
        | {
            f"{name}={value}": {"C.env": [{"name": name, "value": value}]}
            for name, value, secret in labelled()
            if not secret
        },
        "fails": {
            f"{name}={value}": (
                {"C.env": [{"name": name, "value": value}]},
                f'container "app" has a secret in {name}',
            )
            for name, value, secret in labelled()
            if secret
        }
        | {
            f"beside {name}={value}": (
                {"C.env": [{"name": name, "value": value}, {"name": "ZZ_PASSWORD", "value": "x"}]},
                'container "app" has a secret in ZZ_PASSWORD',
            )
            for name, value, secret in labelled()
            if not secret
        }
        | {
            "a text that is not long": (
                {"C.env": [{"name": "A_TOKEN", "value": LONG}]},
                'container "app" has a secret in A_TOKEN',
            ),
            **{
                f"{start} in base64, a long text": (
                    {"C.env": [{"name": "A_TLS", "value": f"LS0tLS1CRUdJTiB{start}{LONG}"}]},
                    'container "app" has a secret in A_TLS',
                )
                for start in ("QUklW", "SU0EgUFJJVk", "FQyBQUkl", "PUEVOU1NIIFBS", "FTkNSWVBURUQgUFJJ")
            },
            "a key in a long text": (
                {
                    "C.env": [
                        {"name": "A_TOKEN", "value": f"{LONG}x"},
                        {"name": "PEM", "value": f"{LONG}-----BEGIN PRIVATE KEY-----"},
                    ]
                },
                'container "app" has a secret in PEM',
            ),
            "after others": (
                {
                    "C.env": [
                        {"name": "SECRET", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
                        {"name": "TOKEN", "value": ""},
                        {"name": "CANDY_TOKEN", "value": "sweet"},
                        {"name": "PASSWORD", "value": "x"},
                    ]
                },
                'container "app" has a secret in PASSWORD',
            ),
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
                "C:\\pipe\\containerd-containerd.log",
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
                "/run/./containerd/./containerd.sock/.",
                "/var/./run",
                "/./",
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
                "\\\\.\\pipe\\containerd-containerd",
                "//./pipe/docker_engine",
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
            name: {**AT_HOME, "S.runtimeClassName": name}
            for name in ("kata-vm-isolation", "kata-mshv-vm-isolation")
        },
        "fails": {
            "none": (
                AT_HOME,
                "the namespace app-hostile is sandboxed and the pod has no runtimeClassName",
            ),
            "another": (
                {**AT_HOME, "S.runtimeClassName": "runc"},
                "the namespace app-hostile is sandboxed and the pod has runtimeClassName runc",
            ),
        },
    },
    **NODES,
}
