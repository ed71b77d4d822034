"""Cases of the rule about roles in Azure."""

from typing import Any

from tests.security.build import BREAK_GLASS, DELETE, assignment

HAPPY = assignment
TYPE = "azure-native:authorization:RoleAssignment"
_ROLES = "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions"
_OWNER = f"{_ROLES}/8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
_CONTRIBUTOR = f"{_ROLES}/b24988ac-6180-42a0-ab88-20f7382dd24c"
_VAULT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv"


def _of(role: str, scope: str) -> tuple[dict[str, Any], str]:
    words = f"the role {role} at {scope} is a way to everything there"
    return {"roleDefinitionId": role, "scope": scope}, words


_AKS = {
    "cluster admin": "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
    "local admin": "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8",
    "admin": "3498e952-d568-435e-9b2c-8d77e338d7f7",
    "writer": "a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb",
    "cluster admin of a hub": "18ab4d3d-a1bf-4477-8ad9-8359bc988f69",
    "cluster admin of members": "79a36d98-eb96-4a76-ae1d-481dc98d2c23",
    "admin of a hub": "434fb43a-c01c-447e-9f67-c3ad923cfaba",
    "admin of members": "d1f699ed-700a-4c77-a22f-29890ac7b115",
    "writer of a hub": "5af6afb3-c06c-4fa4-8848-71a8aee05683",
    "contributor of AKS": "ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8",
    "contributor": "b24988ac-6180-42a0-ab88-20f7382dd24c",
    "writer of members": "50346970-0998-40f2-b47d-f3b8809840f8",
}
_CLUSTER = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks"

_FLEET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/fleets/all"


def _in_cluster(name: str, scope: str) -> dict[str, Any]:
    return {"roleDefinitionId": f"{_ROLES}/{_AKS[name]}", "scope": scope}


def _everywhere(name: str, scope: str = _CLUSTER) -> tuple[dict[str, Any], str]:
    words = f"the role {_ROLES}/{_AKS[name]} at {scope} has every namespace of a cluster"
    return _in_cluster(name, scope), words


CASES: dict[str, dict[str, Any]] = {
    "azure-cluster-role": {
        "passes": {
            "break glass": {**_in_cluster("cluster admin", _CLUSTER), "principalId": BREAK_GLASS},
            "admin of a namespace": _in_cluster("admin", f"{_CLUSTER}/namespaces/shop"),
            "writer of a namespace": _in_cluster("writer", f"{_CLUSTER.lower()}/namespaces/shop/"),
            "writer of a managed namespace": _in_cluster("writer", f"{_CLUSTER}/managedNamespaces/shop"),
            "writer of a fleet's namespace": _in_cluster(
                "writer of members", f"{_FLEET}/managedNamespaces/shop"
            ),
            "reader": {
                "roleDefinitionId": f"{_ROLES}/7f6c6a51-bcf8-42ba-9220-52d62157d7db",
                "scope": _CLUSTER,
            },
            "no role": {"roleDefinitionId": DELETE},
            "contributor of a vault": _in_cluster("contributor", _VAULT),
            "contributor of what is in a cluster": _in_cluster("contributor", f"{_CLUSTER}/agentPools/own"),
        },
        "fails": {
            **{name: _everywhere(name) for name in _AKS},
            "writer of a fleet": _everywhere("writer of members", _FLEET),
            "writer of a subscription": _everywhere("writer", "/subscriptions/s"),
            "contributor of AKS in a group": _everywhere(
                "contributor of AKS", "/subscriptions/s/resourceGroups/g"
            ),
            "contributor, spelled otherwise": _everywhere("contributor", f"{_CLUSTER.upper()}/"),
            "cluster admin of a namespace": _everywhere("cluster admin", f"{_CLUSTER}/namespaces/shop"),
            "no scope": (
                {**_in_cluster("admin", _CLUSTER), "scope": DELETE},
                f"the role {_ROLES}/{_AKS['admin']} at a scope that nobody names has every namespace of a cluster",
            ),
        },
    },
    "azure-wide-role": {
        "passes": {
            "contributor of one resource": {"roleDefinitionId": _CONTRIBUTOR},
            "contributor of the snapshots alone": {
                "roleDefinitionId": _CONTRIBUTOR,
                "scope": "/subscriptions/s/resourceGroups/Snapshots.of(aks)",
            },
            "a narrow role at a group": {"scope": "/subscriptions/s/resourceGroups/g"},
        },
        "fails": {
            "owner of a vault": _of(_OWNER, _VAULT),
            "owner in capitals": _of(_OWNER.upper(), _VAULT),
            "user access": _of(f"{_ROLES}/18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", _VAULT),
            "giver of roles": _of(f"{_ROLES}/f58310d9-a9f6-439a-9e8d-f62e7b41a168", _VAULT),
            "contributor of a subscription": _of(_CONTRIBUTOR, "/subscriptions/s"),
            "contributor of a group": _of(_CONTRIBUTOR, "/subscriptions/s/resourceGroups/g"),
            "contributor of a group, spelled otherwise": _of(
                _CONTRIBUTOR, "/Subscriptions/s/resourcegroups/g/"
            ),
            "contributor of a management group": _of(
                _CONTRIBUTOR, "/providers/Microsoft.Management/managementGroups/all"
            ),
            "contributor of a group called nearly as the snapshots'": _of(
                _CONTRIBUTOR, "/subscriptions/s/resourceGroups/snapshots-of(aks)"
            ),
            "contributor of a group that is called on like the snapshots'": _of(
                _CONTRIBUTOR, "/subscriptions/s/resourceGroups/snapshots.of(aks)-and-more"
            ),
            "contributor of a group of snapshots that is no other's": (
                {
                    "roleDefinitionId": _CONTRIBUTOR,
                    "scope": "/subscriptions/s/resourceGroups/g",
                    "facts": {"snapshotGroups": []},
                },
                f"the role {_CONTRIBUTOR} at /subscriptions/s/resourceGroups/g is a way to everything there",
            ),
            "owner of the snapshots": _of(_OWNER, "/subscriptions/s/resourceGroups/snapshots.of(aks)"),
            "no scope": (
                {"roleDefinitionId": _CONTRIBUTOR, "scope": DELETE},
                f"the role {_CONTRIBUTOR} at a scope that nobody names is a way to everything there",
            ),
            "no role": (
                {"roleDefinitionId": DELETE},
                f"the role that nobody names at {_VAULT} is a way to everything there",
            ),
        },
    },
}
