"""GET of resources and of lists, of every type that the emulated Azure knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.arm.call import found, require_group, shown
from emulator.arm.nesting import nested
from emulator.azure.errors import ArmError, bad_request
from emulator.azure.types import by_arm_type

if TYPE_CHECKING:
    from emulator.arm.call import Call
    from emulator.azure.resource_type import Props, ResourceType

GROUPS = "microsoft.resources/resourcegroups"
"""The type of resource groups, which stand outside of the providers."""
_ALWAYS_EMPTY = frozenset({"microsoft.authorization/locks"})
"""Types that nobody makes in this cloud, and that are asked for all the same."""


def read(call: Call) -> Props:
    """Return a resource or a list. Raises ArmError: 404 for what is not there or not known."""
    path = call.request.path
    scope, _, tail = path.rpartition("/providers/")
    if not scope:
        return _outside_providers(call, path)
    parts = tail.split("/")
    type_ = "/".join([parts[0], *parts[1::2]])
    is_list = len(parts) % 2 == 0
    if type_.lower() in _ALWAYS_EMPTY and is_list:
        require_group(call.state, path)
        return {"value": []}
    kind = by_arm_type().get(type_.lower())
    if kind is None:
        raise ArmError(
            404,
            "InvalidResourceType",
            f"The resource type '{'/'.join(parts[1::2])}' could not be found in the namespace '{parts[0]}'.",
        )
    if not is_list:
        return _one(call, kind, path)
    nested_in = path.rpartition("/")[0] if len(parts) > 2 else scope  # noqa: PLR2004
    if len(parts) > 2:  # noqa: PLR2004  (below a resource, which must be there)
        parent = by_arm_type().get("/".join([parts[0], *parts[1:-1:2]]).lower())
        if parent is not None:
            found(call.state, parent, nested_in)
    require_group(call.state, path)
    return _many(call, kind, nested_in)


def _one(call: Call, kind: ResourceType, id_: str) -> Props:
    properties = call.arm.get(kind, id_)
    resource = found(call.state, kind, id_)
    return nested(kind, resource.id, properties or resource.properties)


def _many(call: Call, kind: ResourceType, scope: str) -> Props:
    call.arm.answer("read", call.request.path)
    state, prefix = call.state, scope.lower() + "/"
    rows = [r for r in state.of_type(kind.arm_type) if r.id.lower().startswith(prefix)]
    return {"value": [shown(state, kind, r) for r in rows]}


def _outside_providers(call: Call, path: str) -> Props:
    """Answer for subscriptions, resource groups, and all resources of one."""
    parts = path.lower().strip("/").split("/")
    match parts:
        case ["subscriptions"]:
            return {"value": [_subscription(call)]}
        case ["subscriptions", _]:
            return _subscription(call)
        case ["subscriptions", _, "resourcegroups"]:
            return _many(call, by_arm_type()[GROUPS], path.rpartition("/")[0])
        case ["subscriptions", _, "resourcegroups", _]:
            return _one(call, by_arm_type()[GROUPS], path)
        case ["subscriptions", _, "resources"] | ["subscriptions", _, "resourcegroups", _, "resources"]:
            require_group(call.state, path)
            return _all(call, path.rpartition("/")[0])
        case _:
            raise bad_request("InvalidRequestUri", f"The request path '{path}' is not valid.")


def _all(call: Call, scope: str) -> Props:
    """Return the top-level resources of a scope, without their properties as ARM does."""
    call.arm.answer("read", call.request.path)
    rows = [
        shown(call.state, kind, r)
        for r in call.state.resources.values()
        if r.id.lower().startswith(scope.lower() + "/") and r.id.lower().count("/providers/") == 1
        for kind in (by_arm_type().get(r.type.lower()),)
        if kind is not None and kind.arm_type.count("/") == 1
    ]
    return {"value": [{k: v for k, v in row.items() if k != "properties"} for row in rows]}


def _subscription(call: Call) -> Props:
    id_ = call.arm.subscription
    return {
        "id": f"/subscriptions/{id_}",
        "subscriptionId": id_,
        "tenantId": call.arm.tenant,
        "displayName": "Emulated subscription",
        "state": "Enabled",
    }
