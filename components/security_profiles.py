"""Seccomp and AppArmor profiles on every Linux node, also on those that join later."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pulumi

from components.namespace import Namespace
from components.pins import SHELL_IMAGE
from components.token_resource import KubernetesObject
from settings.profiles import FOLDER, Profile, Profiles

NAMESPACE = "security-profiles"
"""Namespace of the loaders."""
SECCOMP_FOLDER = "/var/lib/kubelet/seccomp"
"""Where the kubelet looks for the profiles that pods name as `localhostProfile`."""
_SECURITYFS = "/sys/kernel/security"

# Written beside its place and then renamed, so that the kubelet never reads half a profile; repeated, so that a
# profile that somebody removed from the node comes back.
_INSTALL_SECCOMP = """\
trap 'exit 0' TERM
while :; do
  for profile in /profiles/*; do
    name=$(basename "$profile")
    cp "$profile" "/node/.$name" && mv "/node/.$name" "/node/$name"
  done
  sleep 60 & wait
done
"""

# The node's own apparmor_parser, so that parser, kernel and the files that profiles include fit each other.
_LOAD_APPARMOR = """\
trap 'exit 0' TERM
while :; do
  if [ -d /node/sys/kernel/security/apparmor ] && [ -x /node/usr/sbin/apparmor_parser ]; then
    for profile in /profiles/*; do
      chroot /node /usr/sbin/apparmor_parser --replace --skip-cache < "$profile"
    done
  else
    echo "this node has no AppArmor: nothing to load"
  fi
  sleep 60 & wait
done
"""


@dataclass(frozen=True)
class SecurityProfilesArgs:
    """Which profiles to load where; `folder` has them as seccomp/<name>.json and apparmor/<name>."""

    profiles: Profiles
    folder: Path = FOLDER


class SecurityProfiles(pulumi.ComponentResource):
    """A DaemonSet that puts seccomp profiles under /var/lib/kubelet/seccomp, and one that loads AppArmor profiles.

    Profiles copied onto nodes by hand are lost when a pool scales or is reimaged; a DaemonSet reaches every node. Both
    tolerate every taint. Their namespace allows `privileged` pods: they write to the node, though neither is privileged.
    """

    def __init__(
        self, name: str, args: SecurityProfilesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("secure-aks:index:SecurityProfiles", name, None, opts)
        if args.profiles.seccomp or args.profiles.apparmor:
            namespace = Namespace(NAMESPACE, "privileged", opts=pulumi.ResourceOptions(parent=self))
            child = pulumi.ResourceOptions(parent=self, depends_on=[namespace])
            for pools, profiles in _by_pools(args.profiles.seccomp):
                files = {f"{p.name}.json": args.folder / "seccomp" / f"{p.name}.json" for p in profiles}
                _loader("-".join(("seccomp", *pools)), files, _seccomp_pod(), pools, child)
            for pools, profiles in _by_pools(args.profiles.apparmor):
                files = {p.name: args.folder / "apparmor" / p.name for p in profiles}
                _loader("-".join(("apparmor", *pools)), files, _apparmor_pod(), pools, child)
        self.register_outputs({})


def _by_pools(profiles: Iterable[Profile]) -> list[tuple[tuple[str, ...], list[Profile]]]:
    ordered = sorted(profiles, key=lambda profile: profile.pools)
    return [(pools, list(group)) for pools, group in groupby(ordered, key=lambda profile: profile.pools)]


def _loader(
    name: str,
    files: Mapping[str, Path],
    pod: dict[str, Any],
    pools: tuple[str, ...],
    opts: pulumi.ResourceOptions,
) -> None:
    data = {key: path.read_text(encoding="utf-8") for key, path in files.items()}
    digest = hashlib.sha256(repr(sorted(data.items())).encode()).hexdigest()[:10]
    # A name by content: a changed profile is a new ConfigMap, and the loaders roll over to it.
    config = f"{name}-{digest}"
    KubernetesObject(
        f"{name}-profiles",
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": config, "namespace": NAMESPACE},
            "immutable": True,
            "data": data,
        },
        opts,
    )
    labels = {"app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "secure-aks"}
    KubernetesObject(
        f"{name}-loader",
        {
            "apiVersion": "apps/v1",
            "kind": "DaemonSet",
            "metadata": {"name": name, "namespace": NAMESPACE, "labels": labels},
            "spec": {
                "selector": {"matchLabels": labels},
                "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%"}},
                "template": {"metadata": {"labels": labels}, "spec": _on_nodes(pod, config, pools)},
            },
        },
        opts,
    )


def _on_nodes(pod: dict[str, Any], config: str, pools: tuple[str, ...]) -> dict[str, Any]:
    spec = {
        **pod,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "priorityClassName": "system-node-critical",
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "tolerations": [{"operator": "Exists"}],
        "volumes": [{"name": "profiles", "configMap": {"name": config}}, *pod["volumes"]],
    }
    if pools:
        chosen = {"key": "kubernetes.azure.com/agentpool", "operator": "In", "values": list(pools)}
        terms = [{"matchExpressions": [chosen]}]
        spec["affinity"] = {
            "nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
        }
    return spec


def _seccomp_pod() -> dict[str, Any]:
    mounts = [{"name": "node", "mountPath": "/node"}]
    return {
        "containers": [_container("install", _INSTALL_SECCOMP, mounts)],
        "volumes": [{"name": "node", "hostPath": {"path": SECCOMP_FOLDER, "type": "DirectoryOrCreate"}}],
    }


def _apparmor_pod() -> dict[str, Any]:
    mounts = [
        {"name": "node", "mountPath": "/node", "readOnly": True},
        {"name": "securityfs", "mountPath": f"/node{_SECURITYFS}"},
    ]
    security = {
        "capabilities": {"drop": ["ALL"], "add": ["MAC_ADMIN", "SYS_CHROOT"]},
        # A confined process may not load profiles, whatever its capabilities.
        "appArmorProfile": {"type": "Unconfined"},
    }
    return {
        "containers": [_container("load", _LOAD_APPARMOR, mounts, security)],
        "volumes": [
            {"name": "node", "hostPath": {"path": "/", "type": "Directory"}},
            {"name": "securityfs", "hostPath": {"path": _SECURITYFS, "type": "Directory"}},
        ],
    }


def _container(
    name: str, script: str, mounts: list[dict[str, Any]], security: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "name": name,
        "image": SHELL_IMAGE,
        "command": ["sh", "-ec", script],
        "securityContext": {
            "runAsUser": 0,
            "privileged": False,
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
            **(security or {}),
        },
        "resources": {
            "requests": {"cpu": "5m", "memory": "16Mi"},
            "limits": {"cpu": "200m", "memory": "64Mi"},
        },
        "volumeMounts": [{"name": "profiles", "mountPath": "/profiles", "readOnly": True}, *mounts],
    }
