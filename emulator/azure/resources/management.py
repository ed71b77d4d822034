"""Resource groups, managed identities, role assignments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emulator.azure.errors import ArmError, bad_request
from emulator.azure.ids import guid
from emulator.azure.resource_type import Put, ResourceType

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props

_ROLE = re.compile(
    r"(/subscriptions/[^/]+)?/providers/Microsoft\.Authorization/roleDefinitions/[0-9a-f-]{36}", re.IGNORECASE
)
_ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"
_CREDENTIALS = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials"
_MOST_CREDENTIALS = 20
_DIRECTORY = "/directory/"


def put_group(put: Put) -> Props:
    """Create or tag a resource group."""
    return put.body | {
        "name": put.name,
        "type": "Microsoft.Resources/resourceGroups",
        "properties": {"provisioningState": "Succeeded"},
    }


def put_identity(put: Put) -> Props:
    """Create a user-assigned identity, which is a service principal in the directory."""
    return put.body | {
        "name": put.name,
        "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
        "clientId": guid(put.id.lower(), "client"),
        "principalId": guid(put.id.lower(), "principal"),
        "tenantId": put.tenant,
    }


def put_credential(put: Put) -> Props:
    """Refuse a credential without what it is about, of an issuer that is none, or one that trusts the same once more."""
    issuer, subject = str(put.body.get("issuer")), str(put.body.get("subject"))
    if not issuer.startswith("https://") or not put.body.get("audiences"):
        raise bad_request(
            "BadRequest",
            f"The federated identity credential '{put.name}' needs an https issuer and an audience.",
        )
    others = [
        other
        for other in put.state.children(put.id.rsplit("/", 2)[0], _CREDENTIALS)
        if other.id.lower() != put.id.lower()
    ]
    if len(others) >= _MOST_CREDENTIALS:
        raise bad_request(
            "BadRequest",
            f"Too many federated identity credentials for the parent resource: {_MOST_CREDENTIALS} at most.",
        )
    if any((o.properties.get("issuer"), o.properties.get("subject")) == (issuer, subject) for o in others):
        raise ArmError(
            409, "Conflict", "Issuer and subject combination already exists for this Managed Identity."
        )
    return put.body | {"name": put.name, "type": _CREDENTIALS}


def put_assignment(put: Put) -> Props:
    """Refuse an assignment at a scope that does not exist, of what is no role, to nobody, or a second time."""
    scope, role, principal = (
        str(put.body.get(k) or put.old.get(k)) for k in ("scope", "roleDefinitionId", "principalId")
    )
    if scope.count("/") > 2 and put.state.get(scope) is None:  # noqa: PLR2004  (a subscription has two slashes)
        raise ArmError(404, "ResourceNotFound", f"The scope '{scope}' of the role assignment was not found.")
    if not _ROLE.fullmatch(role):
        raise bad_request("InvalidRoleDefinitionId", f"The role definition ID '{role}' is not valid.")
    if not put.body.get("principalType") and put.state.get(_DIRECTORY + principal) is None:
        raise bad_request(
            "PrincipalNotFound",
            f"Principal {principal} does not exist in the directory {put.tenant}. If it was just created, set principalType.",
        )
    for other in put.state.of_type(_ASSIGNMENTS):
        same = [other.properties.get(k, "").lower() for k in ("scope", "roleDefinitionId", "principalId")]
        if other.id.lower() != put.id.lower() and same == [scope.lower(), role.lower(), principal.lower()]:
            raise ArmError(
                409, "RoleAssignmentExists", f"The role assignment already exists. Its ID is {other.name}."
            )
    stamp = put.now.isoformat()
    return put.body | {
        "name": put.name,
        "type": _ASSIGNMENTS,
        "createdOn": put.old.get("createdOn", stamp),
        "updatedOn": stamp,
        "createdBy": "",
        "updatedBy": "",
    }


TYPES = (
    ResourceType(
        "resources:ResourceGroup",
        "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}",
        ("name", "properties", "type"),
        force_new=("location",),
        put=put_group,
        nested=True,
    ),
    ResourceType(
        "managedidentity:UserAssignedIdentity",
        "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}",
        ("clientId", "name", "principalId", "systemData", "tenantId", "type"),
        force_new=("location",),
        put=put_identity,
    ),
    ResourceType(
        "managedidentity:FederatedIdentityCredential",
        "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/"
        "{resourceName}/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}",
        ("name", "systemData", "type"),
        required=("audiences", "issuer", "subject"),
        located=False,
        put=put_credential,
    ),
    ResourceType(
        "authorization:RoleAssignment",
        "/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
        ("createdBy", "createdOn", "name", "systemData", "type", "updatedBy", "updatedOn"),
        required=("principalId", "roleDefinitionId", "scope"),
        force_new=("principalId", "scope"),
        located=False,
        auto_name="uuid",
        needs_parent=False,
        put=put_assignment,
    ),
)
