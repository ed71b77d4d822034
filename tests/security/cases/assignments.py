"""Cases of the rule about roles in Azure."""

from typing import Any

from tests.security.build import DELETE, assignment

HAPPY = assignment
TYPE = "azure-native:authorization:RoleAssignment"
_ROLES = "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions"
_OWNER = f"{_ROLES}/8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
_CONTRIBUTOR = f"{_ROLES}/b24988ac-6180-42a0-ab88-20f7382dd24c"
_VAULT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv"


def _of(role: str, scope: str) -> tuple[dict[str, Any], str]:
    words = f"the role {role} at {scope} is a way to everything there"
    return {"roleDefinitionId": role, "scope": scope}, words


CASES: dict[str, dict[str, Any]] = {
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
    }
}
