"""Seccomp and AppArmor profiles on every Linux node, also on those that join later."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from .args.like import like
from .args.profiles import Kind, ProfileArgs
from .namespace import Namespace
from .parts.naming import part_name
from .parts.token_resource import KubernetesObject
from .profiles.groups import Group, groups
from .profiles.loader import SCRIPTS, loader_pod
from .profiles.names import KINDS, NAMESPACE
from .profiles.rights import rights


@dataclass(frozen=True)
class SecurityProfilesArgs:
    """Which profiles to load where.

    Raises ValueError for profiles without an image that loads them.
    """

    profiles: Sequence[ProfileArgs] = ()
    """The profiles."""
    loader_image: str | None = None
    """Image of the loaders with its digest, built from profiles/loader/Dockerfile; needed as soon as there is a profile."""
    linux_pools: Sequence[str] = ()
    """Names of all Linux pools of the cluster; needed where a profile names pools and another does not."""
    without_apparmor: Sequence[str] = ()
    """Those of them whose nodes have no AppArmor."""

    def __post_init__(self) -> None:
        if self.profiles and not self.loader_image:
            raise ValueError("profiles are loaded by an image; name it with its digest as `loader_image`")


class SecurityProfiles(pulumi.ComponentResource):
    """A DaemonSet that puts seccomp profiles under /var/lib/kubelet/seccomp, and one that loads AppArmor profiles.

    Profiles copied onto nodes by hand are lost when a pool scales or is reimaged; a DaemonSet reaches every node,
    whatever its taints. Nodes say in labels what is loaded on them. Where pools have other profiles than the rest,
    they have a DaemonSet of their own. Windows nodes are left alone. Pass the cluster's Kubernetes provider in `opts`.
    """

    loaders: list[pulumi.Resource]
    """The DaemonSets; what runs under a profile waits for them."""

    def __init__(
        self, name: str, args: SecurityProfilesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("secure-aks:index:SecurityProfiles", name, None, opts)
        args = like(SecurityProfilesArgs, args)
        self._name = name
        found = [group for kind in KINDS for group in _groups(kind, args)]
        self.loaders = self._load(args, args.loader_image, found) if args.loader_image and found else []
        self.register_outputs({})

    def _called(self, what: str) -> str:
        return part_name(self._name, what, first="profiles")

    def _load(self, args: SecurityProfilesArgs, image: str, found: Sequence[Group]) -> list[pulumi.Resource]:
        # They write to the node, so their namespace allows `privileged` pods, though none is privileged.
        opts = pulumi.ResourceOptions(parent=self)
        namespace = Namespace(self._called(NAMESPACE), "privileged", None, opts, NAMESPACE)
        before: list[pulumi.Resource] = [namespace]
        for manifest in rights():
            opts = pulumi.ResourceOptions(parent=self, depends_on=before)
            before = [*before, KubernetesObject(f"{self._name}-{manifest['kind']}", manifest, opts)]
        child = pulumi.ResourceOptions(parent=self, depends_on=before)
        files = {path.name: path.read_text(encoding="utf-8") for path in sorted(SCRIPTS.glob("*.sh"))}
        scripts = self._config_map("loader-scripts", files, child)
        made: list[pulumi.Resource] = []
        for group in found:
            # On the node a profile is called what the stack calls it, and so do pods.
            of_kind = {one.name: one.content for one in args.profiles if one.kind == group.kind}
            data = {name: of_kind[name] for name in group.profiles}
            profiles = self._config_map(f"{group.name}-profiles", data, child)
            manifest = _daemon_set(group, image, profiles, scripts)
            made.append(KubernetesObject(self._called(f"{group.name}-loader"), manifest, child))
        return made

    def _config_map(self, name: str, data: Mapping[str, str], opts: pulumi.ResourceOptions) -> str:
        """Register a ConfigMap and return its name, which has the content's hash: a change rolls the loaders over."""
        digest = hashlib.sha256(repr(sorted(data.items())).encode()).hexdigest()[:16]
        full_name = f"{name}-{digest}"
        manifest: dict[str, Any] = {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": full_name, "namespace": NAMESPACE},
            "immutable": True,
            "data": dict(data),
        }
        KubernetesObject(self._called(name), manifest, opts)
        return full_name


def _groups(kind: Kind, args: SecurityProfilesArgs) -> list[Group]:
    unable = set(args.without_apparmor) if kind == "apparmor" else set[str]()
    of_kind = [one for one in args.profiles if one.kind == kind]
    able = [name for name in args.linux_pools if name not in unable]
    return groups(kind, of_kind, able, [name for name in args.linux_pools if name in unable])


def _daemon_set(group: Group, image: str, profiles: str, scripts: str) -> dict[str, Any]:
    labels = {"app.kubernetes.io/name": group.name, "app.kubernetes.io/part-of": "secure-aks"}
    template = {
        "metadata": {
            "labels": labels,
            "annotations": {"kubectl.kubernetes.io/default-container": "loader"},
        },
        "spec": loader_pod(group, image, profiles, scripts),
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": group.name, "namespace": NAMESPACE, "labels": labels},
        "spec": {
            "selector": {"matchLabels": labels},
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%"}},
            "template": template,
        },
    }
