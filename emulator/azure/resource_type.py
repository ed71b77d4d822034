"""What the provider knows of one ARM resource type, and the request that it checks before Azure takes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from emulator.azure.errors import ArmError, not_found, refusal
from emulator.azure.ids import group_of, guid, name_of, parameters, short_hash
from emulator.azure.shapes import table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from emulator.cloud.state import Resource, State

Props = dict[str, Any]
IN_GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/"
"""How the path begins of what lies in a resource group."""


@dataclass(frozen=True)
class Put:
    """One PUT: `body` is what the caller wants (inputs without the parameters of the path), all values known."""

    state: State
    id: str
    arm_type: str
    body: Props
    before: Resource | None
    """The resource as it is; None when it is to be created."""
    now: datetime
    tenant: str

    @property
    def name(self) -> str:
        """The resource's name."""
        return name_of(self.id)

    @property
    def group(self) -> str:
        """The name of its resource group ("" outside of one)."""
        return group_of(self.id) or ""

    @property
    def parent(self) -> str:
        """The id of the resource that it lies in; of one that lies in none, what its id has in common with those beside it."""
        return self.id.rsplit("/", 2)[0]

    @property
    def scope(self) -> str:
        """The id of what an extension, such as a diagnostic setting, is on."""
        return self.id.rpartition("/providers/")[0]

    @property
    def old(self) -> Props:
        """The properties before; empty for a new resource."""
        return self.before.properties if self.before else {}


def accept(put: Put) -> Props:
    """Take a body as it is: for types whose refusals the emulator does not stand in for."""
    return put.body


@dataclass(frozen=True)
class ResourceType:
    """One type of azure-native: what types.yaml says of it (and explains), and what it does beside that.

    The parameters of its path are inputs, force a replacement when they change, and the last one is made up when it is not given.
    """

    token: str
    path: str
    api: str
    computed: list[str] = field(default_factory=list[str])
    reshaped: list[str] = field(default_factory=list[str])
    required: list[str] = field(default_factory=list[str])
    force_new: list[str] = field(default_factory=list[str])
    located: bool = True
    nested: bool = False
    beside: list[str] = field(default_factory=list[str])
    items: list[str] = field(default_factory=list[str])
    own_tags: bool = False
    auto_name: str = ""
    long_running: bool = False
    version: str = ""
    defaults: Props = field(default_factory=dict[str, Any])
    guids: Mapping[str, str] = field(default_factory=dict[str, str])
    dates: list[str] = field(default_factory=list[str])
    linked: Mapping[str, list[str]] = field(default_factory=dict[str, list[str]])
    put: Callable[[Put], Props] = accept
    """Raises ArmError to refuse a request, returns the properties to store, beside what Azure fills in of every type."""
    remove: Callable[[State, Resource], None] | None = None
    """Raises ArmError to refuse a deletion."""
    present: Callable[[State, Resource], Props] | None = None
    """What a GET adds to the stored properties (the pools of a cluster, the subnets of a network)."""

    def made(self, put: Put) -> Props:
        """Return the properties to store for a request: outputs, and what the request says. Raises ArmError to refuse it."""
        said = sorted((key, repr(value)) for key, value in put.body.items())
        stamp, identity = put.now.isoformat(), table(put.body, "identity")
        known = {
            "provisioningState": "Succeeded",
            "etag": f'W/"{guid(put.id.lower(), repr(said))}"',
            "eTag": short_hash(repr(said), 32),
            "tenantId": put.tenant,
        }
        filled: Props = {"name": put.name, "type": self.arm_type} | {
            k: known[k] for k in known.keys() & set(self.computed)
        }
        filled |= {key: guid(put.id.lower(), word) for key, word in self.guids.items()}
        filled |= {key: put.old.get(key, stamp) if key == self.dates[0] else stamp for key in self.dates}
        made = filled | self.put(put)
        if identity.get("type") == "SystemAssigned" and "identity.principalId" in self.computed:
            own = {"principalId": guid(put.id.lower(), "principal"), "tenantId": put.tenant}
            made["identity"] = made["identity"] | own
        return made

    @property
    def arm_type(self) -> str:
        """`Microsoft.ContainerService/managedClusters`."""
        parts = self.path.rsplit("/providers/", 1)[-1].split("/")
        return (
            "/".join(p for p in parts if not p.startswith("{"))
            if "/providers/" in self.path
            else "Microsoft.Resources/resourceGroups"
        )

    @property
    def name_parameter(self) -> str:
        """The path's last parameter."""
        return parameters(self.path)[-1]

    @property
    def naming(self) -> str:
        """How azure-native makes up a name: top-level types get a random suffix, nested ones the logical name."""
        if self.auto_name:
            return self.auto_name
        tail = self.path.split("/providers/")[-1] if "/providers/" in self.path else ""
        return "copy" if tail.count("{") > 1 else "random"

    def parent_of(self, id_: str) -> str:
        """Return the id of what this one lies in, or is on: a resource, the group, a subscription."""
        is_inside = self.path.rpartition("/providers/")[2].count("/") > 2  # noqa: PLR2004  (namespace/type/name has two)
        return id_.rsplit("/", 2)[0] if is_inside else id_.rpartition("/providers/")[0]


def existing(state: State, id_: str, arm_type: str) -> Resource:
    """Return the resource with this id. Raises ArmError (404) when there is none."""
    found = state.get(id_)
    if found is None:
        raise not_found(arm_type, name_of(id_), group_of(id_) or "")
    return found


def require_parent(type_: ResourceType, state: State, id_: str) -> None:
    """Raise ArmError (404) when what the resource lies in, or is on, does not exist."""
    parent = type_.parent_of(id_)
    if parent.count("/") <= 2 or state.get(parent):  # noqa: PLR2004  (a subscription has two slashes)
        return
    if not type_.path.startswith(f"{IN_GROUP}Microsoft."):
        raise refusal("ResourceNotFound.scope", parent=parent, name=name_of(id_))
    raise no_parent("write", type_.arm_type, parent)


def no_parent(verb: str, arm_type: str, parent: str) -> ArmError:
    """Return the refusal of a call to what would lie in something that does not exist: a resource group or a resource."""
    if parent.count("/") == 4:  # noqa: PLR2004  (/subscriptions/<id>/resourceGroups/<name>)
        return no_group(parent)
    return refusal(
        "ParentResourceNotFound", verb=verb, arm_type=arm_type, parent=parent.rpartition("/providers/")[2]
    )


def no_group(id_: str) -> ArmError:
    """Return the refusal of a call to something in a resource group that does not exist."""
    return refusal("ResourceGroupNotFound", group=group_of(id_) or "")
