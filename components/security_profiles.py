"""Seccomp and AppArmor profiles on every Linux node, also on those that join later."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
from secure_aks_lifecycle.versions.version import Version

from settings.profile_files import SUFFIXES
from settings.sections.pools import Pool
from settings.sections.profiles import FOLDER, Profiles, is_placeholder

from .article_samples import ArticleSamples, ArticleSamplesArgs
from .namespace import Namespace
from .parts.token_resource import KubernetesObject
from .profiles.groups import Group, groups
from .profiles.loader import SCRIPTS, loader_pod
from .profiles.names import KINDS, NAMESPACE
from .profiles.rights import rights

_ANY_VERSION = Version(1, 30, 0)


@dataclass(frozen=True)
class SecurityProfilesArgs:
    """Which profiles to load where.

    `pools` are all pools of the cluster (none: not known, and AppArmor is expected on every Linux node); `folder` has
    the profiles as seccomp/<name>.json and apparmor/<name>.
    """

    profiles: Profiles
    pools: Sequence[Pool] = ()
    folder: Path = FOLDER


class SecurityProfiles(pulumi.ComponentResource):
    """A DaemonSet that puts seccomp profiles under /var/lib/kubelet/seccomp, and one that loads AppArmor profiles.

    Profiles copied onto nodes by hand are lost when a pool scales or is reimaged; a DaemonSet reaches every node,
    whatever its taints. Nodes say in labels what is loaded on them. Where pools have other profiles than the rest,
    they have a DaemonSet of their own. Windows nodes are left alone.
    """

    def __init__(
        self, name: str, args: SecurityProfilesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("secure-aks:index:SecurityProfiles", name, None, opts)
        loaders = [group for kind in KINDS for group in groups(kind, args.profiles.of_kind(kind), args.pools)]
        if loaders:
            self._load(name, args, loaders)
        self.register_outputs({})

    def _load(self, name: str, args: SecurityProfilesArgs, loaders: Sequence[Group]) -> None:
        image = args.profiles.loader_image
        if image is None:
            raise pulumi.RunError("secure-aks:profiles.loaderImage is needed to load profiles")
        if is_placeholder(image):
            pulumi.log.warn(
                f"secure-aks:profiles.loaderImage ({image}) is a placeholder, since no image has that digest: on a"
                " real cluster the loaders would never start. Build yours and write its digest (docs/profiles.md).",
                self,
            )
        # They write to the node, so their namespace allows `privileged` pods, though none is privileged.
        namespace = Namespace(NAMESPACE, "privileged", opts=pulumi.ResourceOptions(parent=self))
        before: list[pulumi.Resource] = [namespace]
        for manifest in rights():
            opts = pulumi.ResourceOptions(parent=self, depends_on=before)
            before = [*before, KubernetesObject(f"{name}-{manifest['kind']}", manifest, opts)]
        child = pulumi.ResourceOptions(parent=self, depends_on=before)
        files = {path.name: path.read_text(encoding="utf-8") for path in sorted(SCRIPTS.glob("*.sh"))}
        scripts = _config_map("loader-scripts", files, child)
        made = [_daemon_set(group, args, image, scripts, child) for group in loaders]
        if args.profiles.samples:
            version = min((pool.version for pool in args.pools if pool.is_linux), default=_ANY_VERSION)
            samples = ArticleSamplesArgs(args.profiles, image, version, made)
            ArticleSamples(f"{name}-samples", samples, pulumi.ResourceOptions(parent=self))


def _daemon_set(
    group: Group, args: SecurityProfilesArgs, image: str, scripts: str, opts: pulumi.ResourceOptions
) -> pulumi.Resource:
    folder, suffix = args.folder / group.kind, SUFFIXES[group.kind]
    # On the node a profile is called what the stack calls it, and so do pods.
    data = {name: (folder / f"{name}{suffix}").read_text(encoding="utf-8") for name in group.profiles}
    profiles = _config_map(f"{group.name}-profiles", data, opts)
    labels = {"app.kubernetes.io/name": group.name, "app.kubernetes.io/part-of": "secure-aks"}
    template = {
        "metadata": {
            "labels": labels,
            "annotations": {"kubectl.kubernetes.io/default-container": "loader"},
        },
        "spec": loader_pod(group, image, profiles, scripts),
    }
    manifest: dict[str, Any] = {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": group.name, "namespace": NAMESPACE, "labels": labels},
        "spec": {
            "selector": {"matchLabels": labels},
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%"}},
            "template": template,
        },
    }
    return KubernetesObject(f"{group.name}-loader", manifest, opts)


def _config_map(name: str, data: Mapping[str, str], opts: pulumi.ResourceOptions) -> str:
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
    KubernetesObject(name, manifest, opts)
    return full_name
