"""Operations in flight: Azure accepts a change, works on it for minutes, and takes no second one meanwhile."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

from emulator.cloud.events import record
from emulator.cloud.state import Operation, Resource

if TYPE_CHECKING:
    from emulator.cloud.state import OperationKind, Props, State

_REMEMBERED = 100
"""How many ended operations can be asked about."""
_CLUSTER = re.compile(r"^(?P<cluster>.*/providers/microsoft\.containerservice/managedclusters/[^/]+)")


def cluster_of(id_: str) -> str | None:
    """Return the id (in lower case) of the managed cluster that an id lies in, itself included."""
    found = _CLUSTER.match(id_.lower())
    return found["cluster"] if found else None


def in_the_way(state: State, id_: str) -> Operation | None:
    """Return the operation that keeps the resource from being changed now: one on its cluster, or on a pool of it."""
    cluster = cluster_of(id_)
    if cluster is None:
        return state.operations.get(id_.lower())
    for key, operation in state.operations.items():
        other_pools = "/agentpools/" in key and "/agentpools/" in id_.lower() and key != id_.lower()
        if cluster_of(key) == cluster and not (other_pools and state.settings.parallel_pools):
            return operation
    return None


def start(  # noqa: PLR0913  (one parameter for each thing an operation is)
    state: State,
    wanted: Resource,
    kind: OperationKind,
    *,
    now: float,
    seconds: float | None,
    fails: bool = False,
) -> str:
    """Accept a change of `wanted.id`: it is under way for `seconds` (None: for ever), then `settle` completes it.

    Until then the resource shows what it was before (a new one: what it will be) with `provisioningState` = kind.
    Returns the operation's name.
    """
    before = state.get(wanted.id)
    interim: Props = dict(before.properties if before else wanted.properties)
    state.put(wanted.id, wanted.type, wanted.name, interim | {"provisioningState": kind})
    record(state, "accepted", wanted.id, operation=kind)
    state.operations[wanted.id.lower()] = Operation(
        id=wanted.id,
        kind=kind,
        started=now,
        ends=None if seconds is None else now + seconds,
        properties=None if kind == "Deleting" else wanted.properties,
        fails=fails,
        name=(name := str(uuid.uuid4())),
    )
    return name


def over_at_once(state: State, id_: str, kind: OperationKind, *, now: float) -> str:
    """Note an operation that was over when it began, for those who ask how it went; return its name."""
    operation = Operation(id_, kind, now, now, None, name=str(uuid.uuid4()))
    _remember(state, operation, now)
    return operation.name


def settle(state: State, now: float) -> bool:
    """Complete every operation whose time is over; say whether there was one."""
    over = [o for o in state.operations.values() if o.ends is not None and o.ends <= now]
    for operation in sorted(over, key=lambda o: o.ends or 0.0):
        del state.operations[operation.id.lower()]
        _complete(state, operation)
        _remember(state, operation, operation.ends or now)
    return bool(over)


def _remember(state: State, operation: Operation, ended: float) -> None:
    """Keep how an operation ended; the oldest are forgotten."""
    error = operation.error or {
        "code": "InternalOperationError",
        "message": f"The operation on {operation.id} ended in the state Failed. A new PUT of the resource tries again.",
    }
    state.finished[operation.name] = {
        "id": operation.id,
        "kind": operation.kind,
        "started": operation.started,
        "ended": ended,
        "error": error if operation.fails else None,
    }
    for name in list(state.finished)[:-_REMEMBERED]:
        del state.finished[name]


def _complete(state: State, operation: Operation) -> None:
    resource = state.get(operation.id)
    if resource is None:
        return
    before = dict(resource.properties)
    if operation.fails:
        resource.properties["provisioningState"] = "Failed"
        for key in (
            "orchestratorVersion",
            "kubernetesVersion",
        ):  # what was wanted stays wanted; what runs did not move
            if operation.properties and key in operation.properties:
                resource.properties[key] = operation.properties[key]
        record(state, "failed", operation.id, before, operation=operation.kind)
    elif operation.properties is None:
        record(state, "deleted", operation.id, before, operation=operation.kind)
        state.remove(operation.id)
    else:
        resource.properties = operation.properties | {"provisioningState": "Succeeded"}
        new = operation.kind == "Creating"
        record(
            state,
            "created" if new else "updated",
            operation.id,
            None if new else before,
            operation=operation.kind,
        )
