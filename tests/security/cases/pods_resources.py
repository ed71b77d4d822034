"""Cases of the pod rules beyond the standards: images, resources, tokens, namespaces."""

from functools import partial
from typing import Any

from tests.security.build import DELETE, DIGEST, workload
from tests.security.cases.pod_parts import WINDOWS

TOKEN = {
    "name": "token",
    "projected": {
        "sources": [{"configMap": {"name": "x"}}, {"serviceAccountToken": {"path": "token"}}],
    },
}

CERTIFICATE = {
    "name": "certificate",
    "projected": {
        "sources": [
            {
                "podCertificate": {
                    "signerName": "kubernetes.io/kube-apiserver-client-pod",
                    "keyType": "ED25519",
                    "credentialBundlePath": "x.pem",
                }
            }
        ]
    },
}

_ANNOTATIONS = "spec.template.metadata.annotations"
_SERVER = "spec.template.spec.containers[0]"
GATEWAY = {
    "from": partial(workload, "Deployment"),
    f"{_SERVER}.name": "istio-proxy",
    f"{_SERVER}.image": "auto",
    _ANNOTATIONS: {"inject.istio.io/templates": "gateway"},
}
"""As Istio's own chart has it."""

# Limits of memory in the ways that Kubernetes takes, and as many that limit nothing.
MEMORIES = [
    134217728, "99999999999999", "128974848.5", "+32Mi", "1e9", "128E6", "9e+13", "1e07", "99e12", "99999e9", "99999999999999e-3", "9999999999999999m",
    "99999999999999999u", "999999999999999999n", "99999999999k", "9999999999.5Ki", "99999999M", "99999999Mi",
    "99999G", "1.5Gi", "9T", "32Ti", "1.5Ti", ".5Gi", "012Mi",
]  # fmt: skip
NO_MEMORIES = [
    999999999999999, "1e14", "1E20", "100e12", "99999999e9", "10e13", "999999999999999999m", "999999999999Ki", "999999999Mi", "999999Gi", "999Ti", "1P", "1Pi", "9E", "7.5Ei",
]  # fmt: skip

CASES: dict[str, dict[str, Any]] = {
    "pod-image-tag": {
        "passes": {
            "a digest": {"C.image": f"mcr.microsoft.com/app@{DIGEST}"},
            "a tag": {"C.image": "mcr.microsoft.com/app:v1.2-3_4"},
            "a port and a tag": {"C.image": "registry:5000/app:1"},
            "another digest": {"C.image": f"mcr.microsoft.com/app@sha512:{'0' * 128}"},
            "a volume": {"S.volumes": [{"name": "data", "image": {"reference": "mcr.microsoft.com/data:1"}}]},
            "latest with a digest": {"C.image": f"mcr.microsoft.com/app:latest@{DIGEST}"},
            "what Istio names where the pod is made": GATEWAY,
        },
        "fails": {
            "what Istio was to name, in the pod": (
                {
                    "C.name": "istio-proxy",
                    "C.image": "auto",
                    "metadata.annotations": {"inject.istio.io/templates": "gateway"},
                },
                'container "istio-proxy" runs auto',
            ),
            "what nobody names": (GATEWAY | {_ANNOTATIONS: {}}, 'container "istio-proxy" runs auto'),
            "what another names": (
                GATEWAY | {_ANNOTATIONS: {"inject.istio.io/template": "x"}},
                'container "istio-proxy" runs auto',
            ),
            "another container of a gateway": (
                GATEWAY | {f"{_SERVER}.name": "app"},
                'container "app" runs auto',
            ),
            "another image of a gateway": (
                GATEWAY | {f"{_SERVER}.image": "automatic"},
                'container "istio-proxy" runs automatic',
            ),
            "no image of a gateway": (
                GATEWAY | {f"{_SERVER}.image": DELETE},
                'container "istio-proxy" runs no image',
            ),
            "no image": ({"C.image": DELETE}, 'container "app" runs no image'),
            "none": ({"C.image": "mcr.microsoft.com/app"}, 'container "app" runs mcr.microsoft.com/app'),
            "latest": (
                {"C.image": "mcr.microsoft.com/app:latest"},
                'container "app" runs mcr.microsoft.com/app:latest',
            ),
            "a port alone": ({"C.image": "registry:5000/app"}, 'container "app" runs registry:5000/app'),
            "an init container": ({"I.image": "nginx"}, 'container "init" runs nginx'),
            "a volume": (
                {"S.volumes": [{"name": "data", "image": {"reference": "mcr.microsoft.com/data:latest"}}]},
                'volume "data" holds mcr.microsoft.com/data:latest',
            ),
            "a volume of nothing": (
                {"S.volumes": [{"name": "data", "image": {"pullPolicy": "Always"}}]},
                'volume "data" holds no image',
            ),
            "a short digest": (
                {"C.image": "mcr.microsoft.com/app@sha256:abc"},
                'container "app" runs mcr.microsoft.com/app@sha256:abc',
            ),
            "a short digest of another sort": (
                {"C.image": f"mcr.microsoft.com/app:1@sha512:{'0' * 64}"},
                f'container "app" runs mcr.microsoft.com/app:1@sha512:{"0" * 64}',
            ),
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
            **{
                f"past it by {path}": (
                    {"C.image": f"mcr.microsoft.com/{path}:1"},
                    f'container "app" runs mcr.microsoft.com/{path}:1',
                )
                for path in (
                    "../evil.io/x",
                    "./x",
                    "/evil.io/x",
                    "a/../../x",
                    "a?x",
                    "%2e%2e/x",
                    "\\evil.io/x",
                )
            },
            "a look-alike of a name alone": (
                {"C.image": "team.azurecr.io.evil.io/app:1"},
                'container "app" runs team.azurecr.io.evil.io/app:1',
            ),
            "a volume": (
                {"S.volumes": [{"name": "data", "image": {"reference": "evil.io/data:1"}}]},
                'volume "data" holds evil.io/data:1',
            ),
            "an ephemeral container": ({"E.image": "busybox:1"}, 'container "debug" runs busybox:1'),
        },
    },
    "pod-image-digest": {
        "passes": {
            "a tag and a digest": {"C.image": f"mcr.microsoft.com/app:1@{DIGEST}"},
            "another digest": {"C.image": f"mcr.microsoft.com/app@sha512:{'0' * 128}"},
        },
        "fails": {
            "a short digest": (
                {"C.image": f"mcr.microsoft.com/app@{DIGEST[:-1]}"},
                f'container "app" runs mcr.microsoft.com/app@{DIGEST[:-1]}',
            ),
            "a short digest of another sort": (
                {"C.image": f"mcr.microsoft.com/app@sha512:{'0' * 127}"},
                f'container "app" runs mcr.microsoft.com/app@sha512:{"0" * 127}',
            ),
            "no image": ({"C.image": DELETE}, 'container "app" runs no image'),
            "a tag": ({"C.image": "mcr.microsoft.com/app:1"}, 'container "app" runs mcr.microsoft.com/app:1'),
        },
    },
    "pod-resource-requests": {
        "passes": {
            "limits, which are requests then": {"C.resources": {"limits": {"cpu": "1", "memory": "1Gi"}}},
            "requests alone": {"C.resources": {"requests": {"cpu": "1", "memory": "1Gi"}}},
            "one of each": {"C.resources": {"requests": {"cpu": "1"}, "limits": {"memory": "1Gi"}}},
            "the other of each": {
                "C.resources": {"requests": {"memory": "1Gi"}, "limits": {"cpu": "1", "memory": "1Gi"}}
            },
            "the pod's": {"C.resources": DELETE, "S.resources": {"requests": {"cpu": "1", "memory": "1Gi"}}},
            "the pod's limits": {
                "C.resources": DELETE,
                "S.resources": {"limits": {"cpu": "1", "memory": "1Gi"}},
            },
            "memory of the container's, CPU of the pod's": {
                "C.resources": {"requests": {"memory": "1Gi"}},
                "S.resources": {"limits": {"cpu": "1"}},
            },
            "CPU of the container's, memory of the pod's": {
                "C.resources": {"requests": {"cpu": "1"}},
                "S.resources": {"requests": {"memory": "1Gi"}},
            },
            "an ephemeral container without": {"E.name": "debug"},
        },
        "fails": {
            name: (changes, 'container "app" does not request both CPU and memory')
            for name, changes in {
                "nothing": {"C.resources": DELETE},
                "no CPU at all": {"C.resources": {"requests": {"cpu": "0", "memory": "1Gi"}}},
                "no memory at all": {"C.resources": {"requests": {"cpu": "1", "memory": "0Mi"}}},
                "none by limits": {"C.resources": {"limits": {"cpu": "0.0", "memory": "1Gi"}}},
                "no memory by limits": {"C.resources": {"limits": {"cpu": "1", "memory": "0"}}},
                "none for the pod": {
                    "C.resources": DELETE,
                    "S.resources": {"requests": {"cpu": "0", "memory": "1Gi"}},
                },
                "no memory for the pod": {
                    "C.resources": DELETE,
                    "S.resources": {"requests": {"cpu": "1", "memory": "0"}},
                },
                "none by the pod's limits": {
                    "C.resources": DELETE,
                    "S.resources": {"limits": {"cpu": "0", "memory": "1Gi"}},
                },
                "no memory by the pod's limits": {
                    "C.resources": DELETE,
                    "S.resources": {"limits": {"cpu": "1", "memory": "0"}},
                },
                "no CPU": {"C.resources.requests.cpu": DELETE, "C.resources.limits.cpu": DELETE},
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
            "a fraction": {"C.resources": {"limits": {"memory": "0.5Gi"}, "requests": {"memory": "1Mi"}}},
            "an ephemeral container without": {"E.name": "debug"},
            **{
                f"{much}": {"C.resources": {"limits": {"memory": much}, "requests": {"memory": "1Mi"}}}
                for much in MEMORIES
            },
            **{
                f"{much} for the pod": {"C.resources": DELETE, "S.resources": {"limits": {"memory": much}}}
                for much in ("1e9", "9e+13")
            },
        },
        "fails": {
            name: (changes, 'container "app" has no memory limit')
            for name, changes in {
                **{
                    f"{much}, which no node has": {
                        "C.resources": {"limits": {"memory": much}, "requests": {"memory": "1Mi"}}
                    }
                    for much in NO_MEMORIES
                },
                "more than any node for the pod": {
                    "C.resources": DELETE,
                    "S.resources": {"limits": {"memory": "1Ei"}},
                },
                "nothing": {"C.resources": DELETE},
                "no limits": {"C.resources.limits": DELETE},
                "zero": {"C.resources.limits.memory": "0", "C.resources.requests.memory": "0"},
                "zero in other words": {
                    "C.resources.limits.memory": "00.0Gi",
                    "C.resources.requests.memory": "0",
                },
                "zero for the pod": {"C.resources": DELETE, "S.resources": {"limits": {"memory": "0Gi"}}},
                "CPU alone": {"C.resources.limits": {"cpu": "1"}},
                "the pod's requests": {"C.resources": DELETE, "S.resources": {"requests": {"memory": "1Gi"}}},
                "the pod's CPU": {"C.resources": DELETE, "S.resources": {"limits": {"cpu": "1"}}},
            }.items()
        },
    },
    "pod-cpu-limit": {
        "passes": {
            "the pod's": {"C.resources.limits": DELETE, "S.resources": {"limits": {"cpu": "1"}}},
            "a fraction": {"C.resources.limits.cpu": "0.5"},
            "an ephemeral container without": {"E.name": "debug"},
        },
        "fails": {
            name: (changes, 'container "app" has no CPU limit')
            for name, changes in {
                "nothing": {"C.resources": DELETE},
                "no limits": {"C.resources.limits": DELETE},
                "zero": {"C.resources.limits.cpu": "0", "C.resources.requests.cpu": "0"},
                "zero for the pod": {"C.resources": DELETE, "S.resources": {"limits": {"cpu": "0m"}}},
                "memory alone": {"C.resources.limits": {"memory": "1Gi"}},
                "the pod's requests": {"C.resources": DELETE, "S.resources": {"requests": {"cpu": "1"}}},
                "the pod's memory": {"C.resources": DELETE, "S.resources": {"limits": {"memory": "1Gi"}}},
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
            "its own, by the old name": {
                "S.automountServiceAccountToken": DELETE,
                "S.serviceAccount": "reader",
                "S.serviceAccountName": "",
            },
            "its own token, projected": {"S.serviceAccountName": "reader", "S.volumes": [TOKEN]},
            "other volumes": {
                "S.volumes": [
                    {"name": "a", "emptyDir": {}},
                    {"name": "b", "projected": {"defaultMode": 256}},
                    {"name": "c", "projected": {"sources": [{"configMap": {"name": "x"}}]}},
                ]
            },
        },
        "fails": {
            name: (changes, "the pod mounts the token of the service account default")
            for name, changes in {
                "undefined": {"S.automountServiceAccountToken": DELETE},
                "mounted": {"S.automountServiceAccountToken": True},
                "projected": {"S.volumes": [{"name": "a", "emptyDir": {}}, TOKEN]},
                "a certificate": {"S.volumes": [CERTIFICATE]},
                "default by the old name": {
                    "S.automountServiceAccountToken": DELETE,
                    "S.serviceAccount": "default",
                },
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
}
