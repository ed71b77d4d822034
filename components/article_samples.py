"""The two pods by which Azure's best practices show AppArmor and seccomp at work."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from secure_aks_lifecycle.versions.version import Version

from settings.sections.profiles import SAMPLES, Profiles

from .namespace import Namespace
from .parts.token_resource import KubernetesObject
from .profiles.names import SAMPLES_NAMESPACE
from .profiles.workload import confined

_USER = 65534
COMMANDS = {
    # The write is what the profile stops; without it the pod goes on and is Ready.
    "hello-apparmor": "echo 'Hello AppArmor!' && touch /work/hello && sleep 1h",
    # A file of the pod's own: nothing but the profile keeps its owner from changing its permissions.
    "chmod-prevented": "touch /work/file && chmod 777 /work/file",
}


@dataclass(frozen=True)
class ArticleSamplesArgs:
    """The declared profiles, among them the two samples', an image, the nodes' lowest Kubernetes version, the loaders.

    The image needs a shell. The loaders' own is on the nodes already, for each of their processors, and pinned; the
    article's (base-ubuntu:v0.0.11 of mcr.microsoft.com) is neither.
    """

    profiles: Profiles
    image: str
    version: Version
    loaders: Sequence[pulumi.Resource] = ()


class ArticleSamples(pulumi.ComponentResource):
    """`hello-apparmor` and `chmod-prevented`, in a namespace of their own.

    Both are stopped by their profile, and so end with the status Error and no container ready (the article's
    `0/1`). Without the profiles hello-apparmor would run for an hour, and chmod-prevented would be Completed.
    """

    def __init__(
        self, name: str, args: ArticleSamplesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("secure-aks:index:ArticleSamples", name, None, opts)
        namespace = Namespace(SAMPLES_NAMESPACE, opts=pulumi.ResourceOptions(parent=self))
        child = pulumi.ResourceOptions(parent=self, depends_on=[namespace, *args.loaders])
        for pod, profile in (
            ("hello-apparmor", {"apparmor": SAMPLES["apparmor"]}),
            ("chmod-prevented", {"seccomp": SAMPLES["seccomp"]}),
        ):
            KubernetesObject(
                pod, confined(_pod(pod, args.image), args.profiles, args.version, **profile), child
            )
        self.register_outputs({})


def _pod(name: str, image: str) -> dict[str, Any]:
    container = {
        "name": name.partition("-")[0],
        "image": image,
        "command": ["sh", "-c", COMMANDS[name]],
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "resources": {
            "requests": {"cpu": "5m", "memory": "16Mi"},
            "limits": {"cpu": "100m", "memory": "32Mi"},
        },
        "volumeMounts": [{"name": "work", "mountPath": "/work"}],
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "namespace": SAMPLES_NAMESPACE,
            # They never become ready, which is their point; an update must not wait for it.
            "annotations": {"pulumi.com/skipAwait": "true"},
        },
        "spec": {
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "restartPolicy": "Never",
            "nodeSelector": {"kubernetes.io/os": "linux"},
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": _USER,
                "fsGroup": _USER,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [container],
            "volumes": [{"name": "work", "emptyDir": {"sizeLimit": "1Mi"}}],
        },
    }
