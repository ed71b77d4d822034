"""PUT and DELETE of resources, and the operations that a caller polls until they are through."""

from __future__ import annotations

import contextlib
import threading
import uuid
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from emulator.arm.call import found, require_group
from emulator.arm.messages import Response
from emulator.arm.nesting import flat, nested
from emulator.arm.reads import GROUPS
from emulator.azure import ids
from emulator.azure.aks import pool_rollback
from emulator.azure.aks.agent_pools import AGENT_POOL, node_image
from emulator.azure.aks.clusters import MANAGED_CLUSTER
from emulator.azure.errors import ArmError, bad_request, timed_out
from emulator.azure.resources.deployments import DEPLOYMENT, deploy
from emulator.azure.shapes import rows
from emulator.azure.types import by_arm_type
from emulator.cloud.clock import now
from emulator.plugins.base import ProviderError

if TYPE_CHECKING:
    from emulator.arm.call import Call
    from emulator.azure.resource_type import Props, Put, ResourceType
    from emulator.azure.service import Accepted, Arm

_OPERATIONS = (
    "/subscriptions/{subscriptionId}/providers/{namespace}/locations/{location}/operations/{operation}"
)
POLL = {"Retry-After": "1"}
"""Seconds until a caller is to ask again how an operation goes."""


@dataclass(frozen=True)
class _Operation:
    """A request that was taken, and when."""

    accepted: Accepted
    started: str


class Writes:
    """The requests that this server took; what has become of one is told by the cloud."""

    def __init__(self) -> None:
        self._taken: dict[str, _Operation] = {}

    def put(self, call: Call) -> Response:
        """Create or replace a resource: 200 or 201, with an operation to poll where it takes its time."""
        kind, id_ = _target(call)
        body = _body(kind, id_, call)
        if kind.needs_parent and kind is not by_arm_type()[GROUPS]:
            require_group(call.state, id_)
        there = call.state.get(id_) is not None
        if kind is DEPLOYMENT:
            deploy(call.arm, id_, body)
        accepted = call.arm.begin_put(kind, id_, body)
        headers = self._take(call, accepted)
        state = call.state
        resource = state.get(id_)
        stored = resource.properties if resource else accepted.properties or {}
        shown = stored | (kind.present(state, resource) if kind.present and resource else {})
        return Response(200 if there else 201, nested(kind, id_, shown), headers)

    def delete(self, call: Call) -> Response:
        """Delete a resource: 202 with an operation to poll, 200, or 204 when it is gone already."""
        kind, id_ = _target(call)
        accepted = call.arm.begin_delete(kind, id_)
        if accepted is None:
            return Response(HTTPStatus.NO_CONTENT)
        headers = self._take(call, accepted)
        return Response(202 if headers else 200, None, headers)

    def new_node_image(self, call: Call) -> Response | None:
        """Give a pool the newest node image, all else kept: 202; None when the path asks for something else."""
        asked = ids.match(AGENT_POOL.path + "/upgradeNodeImageVersion", call.request.path)
        if asked is None:
            return None
        id_ = call.request.path.rpartition("/")[0]
        pool = found(call.state, AGENT_POOL, id_)
        accepted = call.arm.begin_put(replace(AGENT_POOL, put=_with_newest_image), pool.id, {})
        headers = self._take(call, accepted)
        shown = call.state.get(pool.id) or pool
        return Response(202, nested(AGENT_POOL, pool.id, shown.properties), headers)

    def status(self, call: Call) -> Response | None:
        """Return how an operation goes; None when the path is not one of an operation."""
        asked = ids.match(_OPERATIONS, call.request.path)
        if asked is None:
            return None
        taken = self._taken.get(asked["operation"])
        if taken is None:
            raise ArmError(404, "OperationNotFound", f"The operation '{asked['operation']}' was not found.")
        id_ = taken.accepted.id
        resource = call.state.get(id_)
        body: Props = {"id": call.request.path, "name": asked["operation"], "startTime": taken.started}
        if call.state.operations.get(id_.lower()) is not None:
            return Response(200, body | {"status": "InProgress"}, dict(POLL))
        body["endTime"] = now().isoformat()
        if resource is not None and resource.properties.get("provisioningState") == "Failed":
            message = f"The operation on {id_} ended in the state Failed."
            return Response(
                200,
                body | {"status": "Failed", "error": {"code": "InternalOperationError", "message": message}},
            )
        return Response(200, body | {"status": "Succeeded"})

    def _take(self, call: Call, accepted: Accepted) -> dict[str, str]:
        """Let a request go its way; return the headers that say where to ask for it (none for what is through)."""
        if accepted.fault is not None and accepted.fault.kind == "lostAnswer":
            raise timed_out(accepted.id)
        if not accepted.kind.long_running:
            call.arm.finish(accepted)
            return {}
        if call.arm.nodes is not None:
            threading.Thread(target=_finish, args=(call.arm, accepted), daemon=True).start()
        name = str(uuid.uuid4())
        self._taken[name] = _Operation(accepted, now().isoformat())
        place = {
            "namespace": accepted.kind.arm_type.partition("/")[0],
            "location": _location(call, accepted),
            "operation": name,
        }
        path = ids.fill(_OPERATIONS, call.arm.subscription, place)
        url = f"https://{call.request.host}{path}?api-version={call.request.query['api-version']}"
        return {"Azure-AsyncOperation": url, **POLL}


def _with_newest_image(put: Put) -> Props:
    image = node_image(str(put.old["osSKU"]), str(put.old["currentOrchestratorVersion"]), put.now)
    return put.old | {"nodeImageVersion": image}


def _finish(arm: Arm, accepted: Accepted) -> None:
    """Bring the nodes there; that an operation fails is read from the cloud."""
    with contextlib.suppress(ProviderError):
        arm.finish(accepted)


def _location(call: Call, accepted: Accepted) -> str:
    """Return the region of a resource, or of the one that it lies in."""
    parent = call.state.get(accepted.id.rsplit("/", 2)[0])
    said = (accepted.properties or {}).get("location") or (
        parent.properties.get("location") if parent else None
    )
    return str(said or "westeurope").replace(" ", "").lower()


def _target(call: Call) -> tuple[ResourceType, str]:
    """Return the type and the id that a path names. Raises ArmError for another path."""
    path = call.request.path
    namespace, *rest = path.rpartition("/providers/")[2].split("/")
    type_ = "/".join([namespace, *rest[::2]]) if "/providers/" in path else GROUPS
    kind = by_arm_type().get(type_.lower())
    if kind is None:
        raise ArmError(404, "InvalidResourceType", f"The resource type '{type_}' could not be found.")
    if ids.match(kind.path, path) is None:
        raise bad_request("InvalidRequestUri", f"The request path '{path}' is not that of a {kind.arm_type}.")
    return kind, path


def _body(kind: ResourceType, id_: str, call: Call) -> Props:
    """Return the body as the emulated Azure takes it: without what only Azure says, with the scope that the path says."""
    body = flat(kind, call.request.json())
    scope = (ids.match(kind.path, id_) or {}).get("scope")
    if kind.located and not body.get("location"):
        raise bad_request("LocationRequired", "The location property is required for this definition.")
    goes_back = kind is AGENT_POOL and call.request.query["api-version"] >= pool_rollback.SINCE
    asks = {*kind.reshaped, *(["nodeImageVersion"] if goes_back else [])}
    body = {k: v for k, v in body.items() if k not in kind.computed or k in asks}
    if kind is MANAGED_CLUSTER and "agentPoolProfiles" in body:
        body["agentPoolProfiles"] = [
            {k: v for k, v in pool.items() if k == "name" or k not in AGENT_POOL.computed}
            for pool in rows(body, "agentPoolProfiles")
        ]
    return body | ({"scope": "/" + scope.lstrip("/")} if scope else {})
