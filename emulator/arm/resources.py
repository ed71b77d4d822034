"""Resources by their ids: GET, PUT, DELETE and lists, of every type that the emulated Azure has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.arm.answer import Answer, Json, Request, flattened, nested, refusal
from emulator.azure import ids
from emulator.azure.errors import not_found
from emulator.azure.types import by_arm_type

if TYPE_CHECKING:
    from emulator.azure.resource_type import ResourceType
    from emulator.azure.service import Arm
    from emulator.cloud.state import Resource

_GROUPS = "microsoft.resources/resourcegroups"


def kind_of(path: str) -> tuple[ResourceType | None, bool]:
    """Return the type that an ARM path speaks of, and whether it names one resource of it or a list."""
    head, found, tail = path.rpartition("/providers/")
    parts = (tail if found else "").split("/")
    if not found:
        words = [word for word in path.lower().split("/") if word]
        return by_arm_type()[_GROUPS], "resourcegroups" in words and len(words) > words.index(
            "resourcegroups"
        ) + 1
    del head
    arm_type = "/".join([parts[0], *parts[1::2]]).lower()
    return by_arm_type().get(arm_type), len(parts) % 2 == 1


def one(arm: Arm, kind: ResourceType, request: Request) -> Answer:
    """Answer a call about one resource. Raises ArmError."""
    match request.method:
        case "GET":
            return Answer(200, shown(arm, kind, request.path))
        case "PUT":
            there = arm.cloud.get(request.path) is not None
            arm.put(kind, request.path, flattened(request.json()))
            return Answer(200 if there else 201, shown(arm, kind, request.path))
        case "DELETE":
            if arm.cloud.get(request.path) is None:
                return Answer(204)
            arm.delete(kind, request.path)
            return Answer(200)
        case _:
            return refusal(405, "MethodNotAllowed", f"The method {request.method} is not allowed here.")


def many(arm: Arm, kind: ResourceType, path: str) -> Answer:
    """Return the resources of a type below a subscription, a resource group or another resource. Raises ArmError."""
    scope = (
        path.lower().rpartition("/providers/")[0]
        if "/providers/" in path
        else path.lower().rpartition("/")[0]
    )
    if "/" in kind.arm_type.partition("/")[2]:
        scope = path.lower().rpartition("/")[0]
    found = [r for r in arm.cloud.of_type(kind.arm_type) if r.id.lower().startswith(scope + "/")]
    return Answer(200, {"value": [shown(arm, kind, resource.id) for resource in found]})


def shown(arm: Arm, kind: ResourceType, id_: str) -> Json:
    """Return a resource as ARM shows it. Raises ArmError (404) when there is none."""
    flat, there = arm.get(kind, id_), arm.cloud.get(id_)
    if flat is None or there is None:
        raise not_found(kind.arm_type, ids.name_of(id_), ids.group_of(id_) or "")
    return nested(there.id, kind.arm_type, there.name, flat)


def of_cluster(arm: Arm, cluster: Resource) -> list[Resource]:
    """Return the pools of a cluster."""
    pools = "Microsoft.ContainerService/managedClusters/agentPools"
    return arm.cloud.view().children(cluster.id, pools)
