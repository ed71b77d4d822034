"""Entra groups, created or existing, and groups of another identity provider."""

from collections.abc import Sequence
from typing import Protocol
from weakref import WeakKeyDictionary

import pulumi

from .earlier import earlier, is_called
from .token_resource import TokenResource

_KIND, _OURS = "azuread:index/group:Group", "secure-aks:index:"
_MADE = WeakKeyDictionary[pulumi.Resource, dict[str, pulumi.Output[str]]]()
"""Object ids of the groups that a run has made, by name; by the stack of the run, since a process may hold several."""


class EntraGroup(Protocol):
    """A group by its name: one that exists, with its object id, or one to create with these members."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def object_id(self) -> pulumi.Input[str] | None: ...  # noqa: D102
    @property
    def members(self) -> Sequence[str]: ...  # noqa: D102


def group_object_id(group: EntraGroup, description: str, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """Return the group's object id; a group without an id is created, once for all clusters of a program."""
    if group.object_id is not None:
        return pulumi.Output.from_input(group.object_id)
    root = pulumi.runtime.get_root_resource()
    made = {} if root is None else _MADE.setdefault(root, {})
    if group.name not in made:
        made[group.name] = _created(group, description, opts)
    return made[group.name]


class _Group(TokenResource):
    objectId: pulumi.Output[str]  # noqa: N815 - by the provider's name


def _created(group: EntraGroup, description: str, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(aliases=_stood_at(group.name)))
    properties = {
        "displayName": group.name,
        "description": description,
        "securityEnabled": True,
        # A second group of the same name would be a trap for whoever looks a person's rights up by name.
        "preventDuplicateNames": True,
        "members": sorted(group.members) or None,
        "objectId": None,  # a property of the answer alone has to be named too
    }
    return _Group(_KIND, group.name, properties, opts).objectId


def _stood_at(name: str) -> list[str | pulumi.Alias]:
    """Return where the state has the group: it is the same one whichever cluster or component of the program names it first now."""
    return [urn for urn in earlier() if is_called(urn, _KIND, name) and _OURS in urn.split("::")[2]]


def named(group: EntraGroup) -> pulumi.Output[str]:
    """Return what a cluster that asks no Entra calls a group in its logins: the object id where one is said, else the name."""
    return pulumi.Output.from_input(group.object_id or group.name)
