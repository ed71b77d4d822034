"""One call of ARM that was let in: what it asks, and of which cloud."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emulator.arm.nesting import nested
from emulator.azure.errors import ArmError, not_found
from emulator.azure.ids import group_of, name_of

if TYPE_CHECKING:
    from emulator.arm.messages import Request
    from emulator.azure.resource_type import Props, ResourceType
    from emulator.azure.service import Arm
    from emulator.cloud.state import Resource, State


@dataclass(frozen=True)
class Call:
    """A request with the parameters of its path."""

    arm: Arm
    request: Request
    values: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def state(self) -> State:
        """The cloud as it is now, to look at only."""
        return self.arm.cloud.view()

    def id_up_to(self, *segments: str) -> str:
        """Return the path up to the first that is there of these segments, itself left out."""
        lowered = self.request.path.lower()
        ends = [lowered.find("/" + segment.lower()) for segment in segments]
        return self.request.path[: min((e for e in ends if e >= 0), default=len(lowered))]


def found(state: State, kind: ResourceType, id_: str) -> Resource:
    """Return a resource. Raises ArmError (404) when it, or its resource group, is not there."""
    resource = state.get(id_)
    if resource is None or resource.type.lower() != kind.arm_type.lower():
        require_group(state, id_)
        raise not_found(kind.arm_type, name_of(id_), group_of(id_) or "")
    return resource


def require_group(state: State, id_: str) -> None:
    """Raise ArmError (404) when an id lies in a resource group that is not there."""
    group = group_of(id_)
    if group is not None and state.get("/".join(id_.split("/")[:5])) is None:
        raise ArmError(404, "ResourceGroupNotFound", f"Resource group '{group}' could not be found.")


def shown(state: State, kind: ResourceType, resource: Resource) -> Props:
    """Return a resource as ARM writes it."""
    stored = resource.properties | (kind.present(state, resource) if kind.present else {})
    return nested(kind, resource.id, copy.deepcopy(stored))
