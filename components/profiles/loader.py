"""The pods of the loaders: one container that touches the node, one that talks to the API server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .groups import Group
from .names import (
    RECORDS_FOLDER,
    SECCOMP_FOLDER,
    SECURITYFS,
    SERVICE_ACCOUNT,
    Kind,
    label_domain,
)

SCRIPTS = Path(__file__).parent / "scripts"
"""The scripts that run inside."""
_NOBODY = 65534
_TOKEN_SECONDS = 3600


@dataclass(frozen=True)
class _Node:
    """What of the node a loader sees (path in the container, path on the node), and what it may beyond nothing."""

    mounts: Mapping[str, str]
    types: Mapping[str, str]
    security: Mapping[str, Any]


_NODES: Mapping[Kind, _Node] = {
    "seccomp": _Node({"/node": SECCOMP_FOLDER}, {SECCOMP_FOLDER: "DirectoryOrCreate"}, {}),
    "apparmor": _Node(
        {SECURITYFS: SECURITYFS, "/records": RECORDS_FOLDER},
        {SECURITYFS: "Directory", RECORDS_FOLDER: "DirectoryOrCreate"},
        {
            "capabilities": {"drop": ["ALL"], "add": ["MAC_ADMIN"]},
            # A confined process may not load profiles, whatever its capabilities.
            "appArmorProfile": {"type": "Unconfined"},
        },
    ),
}


def loader_pod(group: Group, image: str, profiles: str, scripts: str) -> dict[str, Any]:
    """Return the pod spec of a loader; `profiles` and `scripts` are the names of its ConfigMaps."""
    spec: dict[str, Any] = {
        "serviceAccountName": SERVICE_ACCOUNT,
        # Only the reporter gets a token, and it sees nothing of the node.
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "priorityClassName": "system-node-critical",
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "tolerations": [{"operator": "Exists"}],
        "terminationGracePeriodSeconds": 10,
        "securityContext": {"fsGroup": _NOBODY, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [_loader(group.kind, image), _reporter(group.kind, image)],
        "volumes": [*_shared_volumes(profiles, scripts), *_node_volumes(group.kind)],
    }
    if group.affinity:
        spec["affinity"] = group.affinity
    return spec


def _loader(kind: Kind, image: str) -> dict[str, Any]:
    node = _NODES[kind]
    mounts = [{"name": _volume(path), "mountPath": mount} for mount, path in node.mounts.items()]
    return _container(
        "loader",
        image,
        f"{kind}.sh",
        [
            {"name": "profiles", "mountPath": "/profiles", "readOnly": True},
            {"name": "status", "mountPath": "/status"},
            *mounts,
        ],
        # The folders belong to the node's root; without capabilities root is only their owner.
        {"runAsUser": 0, "runAsGroup": 0, **node.security},
    )


def _reporter(kind: Kind, image: str) -> dict[str, Any]:
    node = {"name": "NODE_NAME", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}
    return {
        **_container(
            "reporter",
            image,
            "report.sh",
            [
                {"name": "status", "mountPath": "/status", "readOnly": True},
                {"name": "account", "mountPath": "/account", "readOnly": True},
                {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 - a volume of the pod's own
            ],
            {"runAsUser": _NOBODY, "runAsGroup": _NOBODY, "runAsNonRoot": True},
        ),
        "env": [node, {"name": "DOMAIN", "value": label_domain(kind)}],
    }


def _container(
    name: str, image: str, script: str, mounts: Sequence[Mapping[str, Any]], security: Mapping[str, Any]
) -> dict[str, Any]:
    probe = {
        "exec": {"command": ["sh", f"/scripts/{script}", "check"]},
        "periodSeconds": 10,
        "timeoutSeconds": 5,
    }
    return {
        "name": name,
        "image": image,
        "command": ["sh", f"/scripts/{script}", "run"],
        "readinessProbe": probe,
        "securityContext": {
            "privileged": False,
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
            **security,
        },
        "resources": {
            "requests": {"cpu": "5m", "memory": "16Mi"},
            "limits": {"cpu": "200m", "memory": "64Mi"},
        },
        "volumeMounts": [{"name": "scripts", "mountPath": "/scripts", "readOnly": True}, *mounts],
    }


def _shared_volumes(profiles: str, scripts: str) -> list[dict[str, Any]]:
    token = {"serviceAccountToken": {"path": "api-token", "expirationSeconds": _TOKEN_SECONDS}}
    authority = {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}
    return [
        {"name": "profiles", "configMap": {"name": profiles}},
        {"name": "scripts", "configMap": {"name": scripts}},
        {"name": "status", "emptyDir": {"sizeLimit": "4Mi"}},
        {"name": "tmp", "emptyDir": {"sizeLimit": "4Mi"}},
        {"name": "account", "projected": {"sources": [token, {"configMap": authority}]}},
    ]


def _node_volumes(kind: Kind) -> list[dict[str, Any]]:
    return [
        {"name": _volume(path), "hostPath": {"path": path, "type": type_}}
        for path, type_ in _NODES[kind].types.items()
    ]


def _volume(path: str) -> str:
    return f"node-{path.rpartition('/')[2]}"
