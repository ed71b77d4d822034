"""Cases of the Pod Security Standards, Restricted."""

from typing import Any

from tests.security.build import DELETE
from tests.security.cases.pod_parts import LINUX, RELAXED, USER_NAMESPACE, VOLUME, WINDOWS, everywhere, fails

CASES: dict[str, dict[str, Any]] = {
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
        "fails": fails(
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
            "the pod, of a container without a context": {"C.securityContext": DELETE},
            "a user namespace": {"P.runAsNonRoot": DELETE} | USER_NAMESPACE,
            "in a baseline namespace": {"P.runAsNonRoot": DELETE} | RELAXED,
        },
        "fails": fails(
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
        "fails": everywhere("runAsUser", 0, "{} sets securityContext.runAsUser to 0"),
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
        "fails": fails(
            "securityContext.seccompProfile",
            {"type": "Unconfined"},
            "{} sets securityContext.seccompProfile.type to Unconfined",
        )
        | {
            "no context": (
                {"S.securityContext": DELETE},
                'container "app" has no seccomp profile, of its own or of the pod',
            ),
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
        "fails": fails("securityContext.capabilities.add", ["CHOWN"], "{} adds the capability CHOWN")
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
}
