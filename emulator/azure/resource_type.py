"""What the provider knows of one ARM resource type, and the request that it checks before Azure takes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from emulator.azure.errors import ArmError, not_found
from emulator.azure.ids import group_of, name_of, parameters

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from emulator.cloud.state import Resource, State
    from emulator.properties.checks import CheckFailure

Props = dict[str, Any]


@dataclass(frozen=True)
class Put:
    """One PUT: `body` is what the caller wants (inputs without the parameters of the path), all values known."""

    state: State
    id: str
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
    def old(self) -> Props:
        """The properties before; empty for a new resource."""
        return self.before.properties if self.before else {}


def accept(put: Put) -> Props:
    """Take a body as it is: for types whose refusals the emulator does not stand in for."""
    return put.body


def nothing(_: Props) -> list[CheckFailure]:
    """Find nothing wrong."""
    return []


@dataclass(frozen=True)
class ResourceType:
    """One type of azure-native.

    `path` is the template of its ARM id, as in the REST API: its parameters are inputs, force a replacement when they
    change, and the last one is made up when it is not given.
    """

    token: str
    """Module and name: `containerservice:ManagedCluster`."""
    path: str
    computed: tuple[str, ...] = ()
    """Outputs that are not inputs; unknown before creation. Dotted ones are inside an input."""
    reshaped: tuple[str, ...] = ()
    """Inputs whose output of the same name is something else (a deployment's `properties`)."""
    required: tuple[str, ...] = ()
    """Inputs that must be there, beside the path's."""
    force_new: tuple[str, ...] = ()
    """Paths of inputs whose change azure-native answers with a replacement (its provider/pkg/gen/replacement.go)."""
    located: bool = True
    """Whether `location` is filled in from the provider or the resource group."""
    auto_name: str = ""
    """`random`, `copy` or `uuid`; told from the path unless set."""
    put: Callable[[Put], Props] = accept
    """Raises ArmError to refuse a request, returns the properties to store: all outputs, defaults included."""
    remove: Callable[[State, Resource], None] | None = None
    """Raises ArmError to refuse a deletion."""
    check: Callable[[Props], list[CheckFailure]] = nothing
    """What is wrong with the inputs alone; they may hold UNKNOWN."""
    long_running: bool = False
    """Whether a change is an operation that keeps the cluster busy."""
    moves: Callable[[Props, Props], bool] | None = None
    """Whether a change (old, new properties) is an upgrade rather than an update."""
    present: Callable[[State, Resource], Props] | None = None
    """What a GET adds to the stored properties (the pools of a cluster, the subnets of a network)."""
    nested: bool = False
    """Whether the cloud keeps it with `properties` nested, as azure-native has it."""
    needs_parent: bool = True
    """Whether the resource that the path lies in must exist."""

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

    def parent_of(self, id_: str) -> str | None:
        """Return the id of the resource that this one lies in: one type up, or the resource group."""
        tail = self.path.split("/providers/")[-1].split("/") if "/providers/" in self.path else []
        if len(tail) > 3:  # noqa: PLR2004  (namespace/type/name is three)
            return id_.rsplit("/", 2)[0]
        if self.path.startswith("/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/"):
            return "/".join(id_.split("/")[:5])
        return None


def existing(state: State, id_: str, arm_type: str) -> Resource:
    """Return the resource with this id. Raises ArmError (404) when there is none."""
    found = state.get(id_)
    if found is None:
        raise not_found(arm_type, name_of(id_), group_of(id_) or "")
    return found


def require_parent(type_: ResourceType, state: State, id_: str) -> None:
    """Raise ArmError (404) when what the resource lies in does not exist."""
    parent = type_.parent_of(id_) if type_.needs_parent else None
    if parent is None or state.get(parent):
        return
    raise no_parent("write", type_.arm_type, parent)


def no_parent(verb: str, arm_type: str, parent: str) -> ArmError:
    """Return the refusal of a call to what would lie in something that does not exist: a resource group or a resource."""
    if parent.count("/") == 4:  # noqa: PLR2004  (/subscriptions/<id>/resourceGroups/<name>)
        return no_group(parent)
    return ArmError(
        404,
        "ParentResourceNotFound",
        f"Failed to perform '{verb}' on resource(s) of type '{arm_type}', because the parent resource "
        f"'{parent.rpartition('/providers/')[2]}' could not be found.",
    )


def no_group(id_: str) -> ArmError:
    """Return the refusal of a call to something in a resource group that does not exist."""
    return ArmError(
        404, "ResourceGroupNotFound", f"Resource group '{group_of(id_) or ''}' could not be found."
    )
