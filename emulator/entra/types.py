"""The kinds of objects in the emulated directory: groups, memberships, users, applications, service principals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from emulator.azure import ids
from emulator.azure.shapes import rows
from emulator.errors import ProviderError

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.cloud.state import State
    from emulator.properties.values import Props

DIRECTORY = "/directory/"
_GROUP = "azuread:index/group:Group"
_MEMBER = "azuread:index/groupMember:GroupMember"


def _nothing(state: State, inputs: Props, *, added: bool) -> None:
    del state, inputs, added


def _no_refusal(state: State, object_id: str, inputs: Props) -> None:
    del state, object_id, inputs


@dataclass(frozen=True)
class EntraType:
    """One type of azuread."""

    token: str
    name: str
    """How messages call it."""
    collection: str
    """First part of its id in azuread 6 ("/groups/<object id>")."""
    key: tuple[str, ...]
    """The inputs that its object id is made from."""
    outputs: Callable[[str, Props, str], Props]
    """(object id, inputs, tenant) to all outputs."""
    computed: tuple[str, ...] = ("objectId",)
    required: tuple[str, ...] = ()
    needs_one_of: tuple[str, ...] = ()
    force_new: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    """Inputs whose order does not count."""
    write_only: tuple[str, ...] = ()
    refuse: Callable[[State, str, Props], None] = _no_refusal
    effect: Callable[..., None] = _nothing

    def object_id(self, state: State, inputs: Props) -> str:
        """Return a free object id for these inputs: always the same one in a fresh directory."""
        named, attempt = [str(inputs.get(k)) for k in self.key], 0
        while state.get(DIRECTORY + (found := ids.guid(self.token, *named, str(attempt)))):
            attempt += 1
        return found

    def public_id(self, object_id: str, inputs: Props) -> str:
        """Return the id that azuread gives the resource."""
        if self.token == _MEMBER:
            return f"{inputs['groupObjectId']}/member/{inputs['memberObjectId']}"
        return f"/{self.collection}/{object_id}"

    def key_of(self, id_: str) -> str:
        """Return the key in the cloud of the object with azuread's id."""
        if self.token == _MEMBER:
            group, _, member = id_.split("/")
            return DIRECTORY + ids.guid(_MEMBER, group, member, "0")
        return DIRECTORY + id_.rsplit("/", 1)[-1]


def _group(object_id: str, inputs: Props, tenant: str) -> Props:
    del tenant
    nickname = re.sub(r"[^A-Za-z0-9]", "", str(inputs["displayName"]))[:64]
    return (
        {
            "assignableToRole": False,
            "mailEnabled": False,
            "securityEnabled": False,
            "mailNickname": nickname,
            "members": [],
            "owners": [ids.PRINCIPAL],
            "preventDuplicateNames": False,
            "onpremisesSyncEnabled": False,
            "proxyAddresses": [],
            "visibility": "",
        }
        | {k: v for k, v in inputs.items() if v is not None}
        | {"objectId": object_id}
    )


def _refuse_group(state: State, object_id: str, inputs: Props) -> None:
    for other in state.of_type(_GROUP):
        if (
            inputs.get("preventDuplicateNames")
            and other.properties["objectId"] != object_id
            and other.name == inputs["displayName"]
        ):
            raise ProviderError(
                f"Tried to import an existing group by name: a group with displayName {other.name!r} exists already "
                f"(object ID {other.properties['objectId']}), and preventDuplicateNames is true"
            )
    members = rows(inputs, "members")
    if twice := sorted({str(m) for m in members if members.count(m) > 1}):
        raise ProviderError(f"members: {', '.join(twice)} stands there twice")


def _membership(object_id: str, inputs: Props, tenant: str) -> Props:
    del object_id, tenant
    return dict(inputs)


def _refuse_membership(state: State, object_id: str, inputs: Props) -> None:
    del object_id
    group = state.get(DIRECTORY + str(inputs["groupObjectId"]))
    if group is None:
        raise ProviderError(f"Group with object ID {inputs['groupObjectId']!r} was not found (404)")
    if inputs["memberObjectId"] in rows(group.properties, "members"):
        raise ProviderError(
            f"{inputs['memberObjectId']} is a member of {group.name} already: to manage it, import the membership"
        )


def _join(state: State, inputs: Props, *, added: bool) -> None:
    """Add the member to its group, or take it out."""
    group = state.get(DIRECTORY + str(inputs["groupObjectId"]))
    if group is not None:
        others: list[Any] = [m for m in rows(group.properties, "members") if m != inputs["memberObjectId"]]
        group.properties["members"] = [*others, inputs["memberObjectId"]] if added else others


def _user(object_id: str, inputs: Props, tenant: str) -> Props:
    del tenant
    shown = {k: v for k, v in inputs.items() if v is not None and k != "password"}
    name = str(inputs["userPrincipalName"])
    return (
        {"accountEnabled": True, "mailNickname": name.partition("@")[0], "userType": "Member"}
        | shown
        | {"objectId": object_id}
    )


def _refuse_user(state: State, object_id: str, inputs: Props) -> None:
    for other in state.of_type("azuread:index/user:User"):
        same = str(other.properties["userPrincipalName"]).lower() == str(inputs["userPrincipalName"]).lower()
        if same and other.properties["objectId"] != object_id:
            raise ProviderError(
                f"a user with userPrincipalName {inputs['userPrincipalName']!r} exists already (409)"
            )


def _application(object_id: str, inputs: Props, tenant: str) -> Props:
    more = {
        "objectId": object_id,
        "clientId": ids.guid(object_id, "client"),
        "publisherDomain": f"{tenant}.onmicrosoft.com",
    }
    defaults: Props = {"signInAudience": "AzureADMyOrg", "owners": []}
    return defaults | {k: v for k, v in inputs.items() if v is not None} | more


def _principal(object_id: str, inputs: Props, tenant: str) -> Props:
    more = {"objectId": object_id, "applicationTenantId": tenant, "type": "Application"}
    defaults: Props = {"accountEnabled": True, "owners": []}
    return defaults | {k: v for k, v in inputs.items() if v is not None} | more


def _refuse_principal(state: State, object_id: str, inputs: Props) -> None:
    del object_id
    clients = [a.properties["clientId"] for a in state.of_type("azuread:index/application:Application")]
    if inputs["clientId"] not in clients:
        raise ProviderError(f"No application with client ID {inputs['clientId']!r} was found (404)")


_GROUP_OUTPUTS = (
    "mail",
    "objectId",
    "onpremisesDomainName",
    "onpremisesSyncEnabled",
    "preferredLanguage",
    "proxyAddresses",
)
TYPES = {
    t.token: t
    for t in (
        EntraType(_GROUP, "Group", "groups", ("displayName",), _group, computed=_GROUP_OUTPUTS, required=("displayName",), needs_one_of=("mailEnabled", "securityEnabled"), force_new=("assignableToRole", "types"), sets=("members", "owners", "types", "behaviors"), refuse=_refuse_group),
        EntraType(_MEMBER, "Group member", "", ("groupObjectId", "memberObjectId"), _membership, computed=(), required=("groupObjectId", "memberObjectId"), force_new=("groupObjectId", "memberObjectId"), refuse=_refuse_membership, effect=_join),
        EntraType("azuread:index/user:User", "User", "users", ("userPrincipalName",), _user, computed=("aboutMe", "creationType", "objectId", "userType"), required=("displayName", "userPrincipalName"), write_only=("password", "forcePasswordChange"), refuse=_refuse_user),
        EntraType("azuread:index/application:Application", "Application", "applications", ("displayName",), _application, computed=("clientId", "objectId", "publisherDomain"), required=("displayName",), sets=("owners",)),
        EntraType("azuread:index/servicePrincipal:ServicePrincipal", "Service principal", "servicePrincipals", ("clientId",), _principal, computed=("applicationTenantId", "displayName", "objectId", "type"), required=("clientId",), force_new=("clientId",), sets=("owners",), refuse=_refuse_principal),
    )
}  # fmt: skip
