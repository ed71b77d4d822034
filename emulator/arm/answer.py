"""Requests and answers of Azure Resource Manager, in its own shapes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emulator.azure.errors import ArmError

Json = dict[str, Any]

OUTSIDE = frozenset(
    [
        "id",
        "name",
        "type",
        "location",
        "tags",
        "sku",
        "identity",
        "zones",
        "kind",
        "etag",
        "systemData",
        "extendedLocation",
        "managedBy",
        "plan",
    ]
)
"""What stands beside `properties` in a resource of ARM (the common types of the REST API's specification)."""


@dataclass(frozen=True)
class Request:
    """One call: `path` without the query, `query` and `headers` with names in lower case."""

    method: str
    host: str
    path: str
    query: Json
    headers: dict[str, str]
    body: bytes = b""

    def json(self) -> Json:
        """Return the body. Raises ValueError for one that is no JSON object."""
        found: Any = json.loads(self.body or b"{}")
        if not isinstance(found, dict):
            raise ValueError("the body is no JSON object")
        return found  # pyright: ignore[reportUnknownVariableType] - JSON


@dataclass(frozen=True)
class Answer:
    """A status, a JSON body (None: none) and headers."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict[str, str])


def refusal(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Answer:
    """Return an error as ARM writes it."""
    return Answer(status, {"error": {"code": code, "message": message}}, headers or {})


def refused(error: ArmError) -> Answer:
    """Return a refusal of the emulated Azure; one for too many requests says when to come back."""
    headers = {"Retry-After": "1"} if error.status == 429 else {}  # noqa: PLR2004 - Too Many Requests
    return refusal(error.status, error.code, error.message, headers)


def nested(id_: str, arm_type: str, name: str, flat: Json) -> Json:
    """Return a resource as ARM shows it, from its properties as azure-native flattens them."""
    inside = {k: v for k, v in flat.items() if k not in OUTSIDE}
    own = inside.pop("properties", None)
    outside = {k: v for k, v in flat.items() if k in OUTSIDE}
    properties = inside | (own if isinstance(own, dict) else {})
    return {**outside, "id": id_, "type": arm_type, "name": name, "properties": properties}


def flattened(body: Json) -> Json:
    """Return what a caller PUTs, with its `properties` beside the rest."""
    properties: Any = body.get("properties") or {}
    return {k: v for k, v in body.items() if k not in {"properties", "id", "type", "name"}} | dict(properties)
