"""Operations that take their time: what a client is told where to look, and what it finds there.

Source: Azure's "Resource Manager async operations": `Azure-AsyncOperation` for a state, `Location` for a result.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from emulator.arm import lists
from emulator.azure import ids
from emulator.azure.errors import refusal
from emulator.azure.types import by_arm_type
from emulator.errors import ProviderError
from emulator.https.messages import DroppedError, Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.arm.context import Context
    from emulator.arm.paths import Target
    from emulator.azure.service import Accepted

_API_VERSION = "2017-08-31"
_LOST = "lostAnswer"


def headers(context: Context, accepted: Accepted, *, location: bool) -> Mapping[str, str]:
    """Return where to ask how an operation goes, and when; with `location` where its result will be, too."""
    subscription = accepted.resource.id.split("/")[2]
    region = _region(context, accepted)
    base = f"{context.request.origin}/subscriptions/{subscription}/providers/Microsoft.ContainerService/locations/{region}"
    found = {
        "Azure-AsyncOperation": f"{base}/operations/{accepted.name}?api-version={_API_VERSION}",
        **context.again,
    }
    if location:
        found["Location"] = f"{base}/operationresults/{accepted.name}?api-version={_API_VERSION}"
    return found


def _region(context: Context, accepted: Accepted) -> str:
    parent = context.state.get(accepted.resource.id.rsplit("/", 2)[0])
    within = parent.properties if parent else {}
    return ids.region_of({"location": "westeurope"} | within | accepted.resource.properties)


def carry_out(context: Context, accepted: Accepted) -> None:
    """Do what an accepted change has to do, in a thread of its own. Raises DroppedError where the answer is to be lost."""

    def work() -> None:
        try:
            context.arm.carry_out(accepted)
        except ProviderError:
            return  # the operation is marked as failed: whoever asks is told so

    threading.Thread(target=work, name=f"arm-{accepted.name}", daemon=True).start()
    if accepted.fault is not None and accepted.fault.kind == _LOST:
        raise DroppedError


def answer(context: Context, target: Target) -> Reply:
    """Answer how an operation goes, or with its result. Raises ArmError (404) for one that nobody remembers."""
    name = target.names[-1]
    state = context.state
    running = next((o for o in state.operations.values() if o.name == name), None)
    ended = state.finished.get(name)
    is_result = target.types[-1].lower() == "operationresults"
    body: dict[str, Any] = {"id": target.path, "name": name}
    if running is not None:
        body |= {"status": "InProgress", "startTime": _time(running.started)}
        return _later(context) if is_result else Reply(200, body, context.again)
    if ended is None:
        raise refusal("NotFound.operation", name=name)
    if is_result:
        return _result(context, ended)
    status = "Failed" if ended["error"] else "Succeeded"
    body |= {"status": status, "startTime": _time(ended["started"]), "endTime": _time(ended["ended"])}
    return Reply(200, body | ({"error": ended["error"]} if ended["error"] else {}))


def _later(context: Context) -> Reply:
    """Answer that there is no result yet."""
    here = f"{context.request.origin}{context.request.path}?api-version={_API_VERSION}"
    return Reply(202, None, {"Location": here} | context.again)


def _result(context: Context, ended: Mapping[str, Any]) -> Reply:
    if ended["error"]:
        return Reply(500, {"error": ended["error"]})
    found = context.state.get(str(ended["id"]))
    kind = by_arm_type().get(found.type.lower()) if found else None
    if found is None or kind is None:
        return Reply(204)
    return Reply(200, lists.show(context, kind, found))


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
