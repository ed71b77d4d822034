"""Cases of the rule about roles of one's own in Azure."""

from typing import Any

from tests.security.build import DELETE

TYPE = "azure-native:authorization:RoleDefinition"
_READ = "Microsoft.ContainerService/managedClusters/read"


def happy() -> dict[str, Any]:
    """A role that no rule refuses."""
    data = "Microsoft.ContainerService/managedClusters/pods/read"
    permission = {"actions": [_READ, "*/read"], "dataActions": [data]}
    return {"roleName": "pod readers", "permissions": [permission], "assignableScopes": ["/subscriptions/s"]}


HAPPY = happy
_ACTIONS = "permissions[0].actions"
CASES: dict[str, dict[str, Any]] = {
    "azure-custom-role": {
        "passes": {
            "no permissions": {"permissions": DELETE},
            "a permission of nothing": {"permissions": [{}]},
            "of one sort": {_ACTIONS: ["Microsoft.Storage/storageAccounts/*"]},
            "all of pods": {
                "permissions[0].dataActions": ["Microsoft.ContainerService/managedClusters/pods/*"]
            },
            "reading roles": {
                _ACTIONS: ["Microsoft.Authorization/roleAssignments/read", "Microsoft.Authorization/*/read"]
            },
            "reading all of a cluster": {_ACTIONS: ["Microsoft.ContainerService/managedClusters/*/read"]},
            "a person's own login": {
                _ACTIONS: ["Microsoft.ContainerService/managedClusters/listClusterUserCredential/action"]
            },
            "locks": {_ACTIONS: ["Microsoft.Authorization/locks/write"]},
        },
        "fails": {
            action: ({_ACTIONS: [_READ, action]}, f"the role pod readers has {action}")
            for action in (
                "*",
                "*/write",
                "*/action",
                "*/*",
                "Microsoft.Authorization/*",
                "microsoft.authorization/*/Write",
                "Microsoft.Authorization/roleAssignments/*",
                "Microsoft.Authorization/roleAssignments/write",
                "Microsoft.Authorization/roleDefinitions/*",
                "Microsoft.Authorization/roleDefinitions/write",
                "Microsoft.Authorization/*/*",
                "Microsoft.Authorization/elevateAccess/action",
                "Microsoft.Authorization/roleAssignmentScheduleRequests/write",
                "Microsoft.Authorization/roleEligibilityScheduleRequests/*",
                "*/roleAssignments/write",
                "Microsoft.ContainerService/*",
                "Microsoft.ContainerService/*/write",
                "Microsoft.ContainerService/managedClusters/*/*",
                "Microsoft.ContainerService/managedClusters/*/action",
                "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action",
                "Microsoft.ContainerService/managedClusters/*",
            )
        }
        | {
            "of what is in a cluster": (
                {
                    "permissions[0].dataActions": ["Microsoft.ContainerService/managedClusters/*"],
                    _ACTIONS: DELETE,
                },
                "the role pod readers has Microsoft.ContainerService/managedClusters/*",
            ),
            "of no name": ({"roleName": DELETE, _ACTIONS: ["*"]}, "the role that nobody names has *"),
            "the second permission": (
                {"permissions[1]": {"actions": ["*"]}},
                "the role pod readers has *",
            ),
        },
    },
}
