"""The kinds of objects in the emulated directory: groups, memberships, users, applications, service principals (types.yaml)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emulator.azure import ids
from emulator.azure.shapes import rows
from emulator.errors import ProviderError
from emulator.yaml_files import load_yaml

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.cloud.state import State
    from emulator.properties.values import Props

DIRECTORY = "/directory/"
GROUP = "azuread:index/group:Group"
USER = "azuread:index/user:User"
APPLICATION = "azuread:index/application:Application"
SERVICE_PRINCIPAL = "azuread:index/servicePrincipal:ServicePrincipal"
_MEMBER = "azuread:index/groupMember:GroupMember"


@dataclass(frozen=True)
class EntraType:
    """One type of azuread: what types.yaml says of it (and explains)."""

    token: str
    name: str
    key: list[str]
    collection: str = ""
    computed: list[str] = field(default_factory=list[str])
    required: list[str] = field(default_factory=list[str])
    needs_one_of: list[str] = field(default_factory=list[str])
    force_new: list[str] = field(default_factory=list[str])
    sets: list[str] = field(default_factory=list[str])
    hidden: list[str] = field(default_factory=list[str])
    defaults: dict[str, Any] = field(default_factory=dict[str, Any])
    owned: bool = False

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

    def outputs(self, object_id: str, inputs: Props, tenant: str) -> Props:
        """Return all outputs: what is said, and what the directory fills in."""
        said = {k: v for k, v in inputs.items() if v is not None and k not in self.hidden}
        filled: Props = {"owners": [ids.PRINCIPAL]} if self.owned else {}
        if self.token == GROUP:
            filled["mailNickname"] = re.sub(r"[^A-Za-z0-9]", "", str(inputs["displayName"]))[:64]
        if self.token == USER:
            filled["mailNickname"] = str(inputs["userPrincipalName"]).partition("@")[0]
        made = {
            "objectId": object_id,
            "clientId": ids.guid(object_id, "client"),
            "publisherDomain": f"{tenant}.onmicrosoft.com",
            "applicationTenantId": tenant,
        }
        return self.defaults | filled | said | {k: v for k, v in made.items() if k in self.computed}

    def refuse(self, state: State, object_id: str, inputs: Props) -> None:
        """Raise ProviderError for what the directory does not take."""
        if self.token in _REFUSALS:
            _REFUSALS[self.token](state, object_id, inputs)


def join(state: State, inputs: Props, *, added: bool) -> None:
    """Add the member of a membership to its group, or take it out; the inputs of anything else change nothing."""
    group = state.get(f"{DIRECTORY}{inputs.get('groupObjectId')}")
    if group is not None:
        others: list[Any] = [m for m in rows(group.properties, "members") if m != inputs["memberObjectId"]]
        group.properties["members"] = [*others, inputs["memberObjectId"]] if added else others


def _refuse_group(state: State, object_id: str, inputs: Props) -> None:
    for other in state.of_type(GROUP):
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


def _refuse_membership(state: State, _: str, inputs: Props) -> None:
    group = state.get(DIRECTORY + str(inputs["groupObjectId"]))
    if group is None:
        raise ProviderError(f"Group with object ID {inputs['groupObjectId']!r} was not found (404)")
    if inputs["memberObjectId"] in rows(group.properties, "members"):
        raise ProviderError(
            f"{inputs['memberObjectId']} is a member of {group.name} already: to manage it, import the membership"
        )


def _refuse_user(state: State, object_id: str, inputs: Props) -> None:
    for other in state.of_type(USER):
        same = str(other.properties["userPrincipalName"]).lower() == str(inputs["userPrincipalName"]).lower()
        if same and other.properties["objectId"] != object_id:
            raise ProviderError(
                f"a user with userPrincipalName {inputs['userPrincipalName']!r} exists already (409)"
            )


def _refuse_principal(state: State, _: str, inputs: Props) -> None:
    clients = [a.properties["clientId"] for a in state.of_type(APPLICATION)]
    if inputs["clientId"] not in clients:
        raise ProviderError(f"No application with client ID {inputs['clientId']!r} was found (404)")


_REFUSALS: dict[str, Callable[[State, str, Props], None]] = {
    GROUP: _refuse_group,
    _MEMBER: _refuse_membership,
    USER: _refuse_user,
    SERVICE_PRINCIPAL: _refuse_principal,
}
TYPES = {
    token: EntraType(token, **row)
    for token, row in load_yaml(Path(__file__).with_suffix(".yaml"))["types"].items()
}
