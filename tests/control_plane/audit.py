"""Reading the API server's audit log."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from emulator.control_plane.server import ControlPlane


class AuditEvent(NamedTuple):
    """One answered request: who (user and groups), what (verb, resource, name, namespace) and the outcome."""

    user: str
    groups: tuple[str, ...]
    verb: str
    group: str
    resource: str
    namespace: str
    name: str
    status: int
    raw: dict[str, Any]


def events_of(control_plane: ControlPlane) -> list[AuditEvent]:
    """Return the events in the audit log of a control plane, oldest first; a line still being written is left out.

    Someone who acts for another user appears as that user: the audit trail is about whose rights were used.
    `raw["user"]` keeps the one who did it.
    """
    events: list[AuditEvent] = []
    for line in (control_plane.folder / "audit.log").read_text(encoding="utf-8").splitlines():
        try:
            events.append(_event(json.loads(line)))
        except ValueError:
            continue
    return events


def _event(raw: dict[str, Any]) -> AuditEvent:
    who = raw.get("impersonatedUser") or raw.get("user", {})
    what = raw.get("objectRef", {})
    resource, sub = what.get("resource", ""), what.get("subresource", "")
    return AuditEvent(
        user=who.get("username", ""),
        groups=tuple(who.get("groups", ())),
        verb=raw.get("verb", ""),
        group=what.get("apiGroup", ""),
        resource=f"{resource}/{sub}" if sub else resource,
        namespace=what.get("namespace", ""),
        name=what.get("name", ""),
        status=raw.get("responseStatus", {}).get("code", 0),
        raw=raw,
    )
