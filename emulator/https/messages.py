"""One HTTP request, one reply."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON = "application/json; charset=utf-8"


class DroppedError(Exception):
    """The connection is to be closed with no answer."""


@dataclass(frozen=True)
class Request:
    """What a client sent. Names of headers are in lower case, names of the query too."""

    method: str
    host: str
    """The host that was asked for, in lower case and without a port: `management.azure.com`, `127.0.0.1`."""
    origin: str
    """Scheme, host and port as the client wrote them: `https://management.azure.com`."""
    path: str
    """Decoded."""
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""

    def json(self) -> Any:
        """Return the body as JSON. Raises ValueError for what is none."""
        return json.loads(self.body or b"null")


@dataclass(frozen=True)
class Reply:
    """An answer; `body` is JSON, None for an empty one."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    def content(self) -> bytes:
        """Return the body's bytes."""
        return b"" if self.body is None else json.dumps(self.body).encode()
