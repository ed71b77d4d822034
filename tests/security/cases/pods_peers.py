"""Cases of the pod rules that other rule sets have too: groups, Windows users, shared processes, pulls, probes."""

from functools import partial
from typing import Any

from tests.security.build import DELETE, workload
from tests.security.cases.pod_parts import NO_USER_NAMESPACE, RELAXED, USER_NAMESPACE, everywhere, fails

ADMINISTRATOR = "ContainerAdministrator"
DEPLOYMENT = {"from": partial(workload, "Deployment")}
CONTAINER = "spec.template.spec.containers[0]"
UNPROBED = {f"{CONTAINER}.readinessProbe": DELETE}
PROBE = {"httpGet": {"path": "/", "port": 80}}

CASES: dict[str, dict[str, Any]] = {
    "pod-root-group": {
        "passes": {
            "another group": {"P.runAsGroup": 1, "P.fsGroup": 1, "P.supplementalGroups": [1]},
            "a user namespace": {"P.runAsGroup": 0} | USER_NAMESPACE,
            "in a baseline namespace": {"P.fsGroup": 0} | RELAXED,
            # A container has no such fields, and the API server drops them.
            "volumes of a container": {"C.securityContext.fsGroup": 0},
            "more groups of a container": {"C.securityContext.supplementalGroups": [0]},
        },
        "fails": everywhere("runAsGroup", 0, "{} belongs to the group 0")
        | {
            name: (changes, "the pod belongs to the group 0")
            for name, changes in {
                "its volumes": {"P.fsGroup": 0},
                "among others": {"P.supplementalGroups": [1, 0]},
                "the node's users": {"P.fsGroup": 0} | NO_USER_NAMESPACE,
                "another group and this": {"P.runAsGroup": 1, "P.fsGroup": 0},
                "this and another group": {"P.runAsGroup": 0, "P.fsGroup": 1, "P.supplementalGroups": [1]},
            }.items()
        },
    },
    "pod-windows-administrator": {
        "passes": {
            "another user": {"P.windowsOptions": {"runAsUserName": "ContainerUser"}},
            "another option": {"P.windowsOptions": {"hostProcess": False}},
            "a user called nearly so": {"P.windowsOptions": {"runAsUserName": "filesystem-1"}},
            "a user called by its number": {"P.windowsOptions": {"runAsUserName": "S-1-5-21-18"}},
            "a user whose number goes on": {"P.windowsOptions": {"runAsUserName": "S-1-5-180"}},
            "a user called alike": {"P.windowsOptions": {"runAsUserName": "NoContainerAdministrator"}},
        },
        "fails": everywhere(
            "windowsOptions", {"runAsUserName": ADMINISTRATOR}, f"{{}} runs as {ADMINISTRATOR}"
        )
        | {
            name: ({"P.windowsOptions": {"runAsUserName": name}}, f"the pod runs as {name}")
            for name in (
                "containeradministrator",
                "User Manager\\ContainerAdministrator",
                "NT AUTHORITY\\SYSTEM",
                "LocalSystem",
                "Administrator",
                "HOST\\administrator",
                "BUILTIN\\Administrators",
                "NT SERVICE\\TrustedInstaller",
                "S-1-5-18",
                "s-1-5-32-544",
                "S-1-5-93-2-1",
                "NT AUTHORITY\\System ",
                "S-1-5-18 ",
            )
        },
    },
    "pod-shared-processes": {
        "passes": {"said no": {"S.shareProcessNamespace": False}},
        "fails": {"yes": ({"S.shareProcessNamespace": True}, "the pod sets shareProcessNamespace to true")},
    },
    "pod-pull-policy": {
        "passes": {
            "by tag": {"C.image": "mcr.microsoft.com/app:1", "C.imagePullPolicy": "Always"},
            "no image": {"C.image": DELETE},
            "latest": {"C.image": "mcr.microsoft.com/app:latest"},
            "a port and no tag": {"C.image": "registry:5000/app"},
        },
        "fails": fails("image", "mcr.microsoft.com/app:1", "{} may run an old mcr.microsoft.com/app:1")
        | {
            "latest, when it is not there": (
                {"C.image": "mcr.microsoft.com/app:latest", "C.imagePullPolicy": "IfNotPresent"},
                'container "app" may run an old mcr.microsoft.com/app:latest',
            ),
            "when it is not there": (
                {"C.image": "mcr.microsoft.com/app:1", "C.imagePullPolicy": "IfNotPresent"},
                'container "app" may run an old mcr.microsoft.com/app:1',
            ),
        },
    },
    "pod-probes": {
        "passes": {
            f"{probe}Probe": DEPLOYMENT | UNPROBED | {f"{CONTAINER}.{probe}Probe": PROBE}
            for probe in ("liveness", "readiness", "startup")
        }
        | {f"a {kind}": {"from": partial(workload, kind)} for kind in ("Job", "CronJob")}
        | {
            "a PodTemplate": {
                "from": partial(workload, "PodTemplate"),
                "template.spec.containers[0].readinessProbe": DELETE,
            }
        },
        "fails": {
            f"a {kind}": ({"from": partial(workload, kind)} | UNPROBED, 'container "app" has no probe')
            for kind in ("Deployment", "DaemonSet", "StatefulSet")
        },
    },
}
