"""A request and an answer, apart from how they travel."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from emulator.azure.errors import bad_request
from emulator.properties.values import is_object


@dataclass(frozen=True)
class Request:
    """One request; `path` is decoded and without the query, names of headers and parameters are in lower case."""

    method: str
    host: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    content: bytes = b""

    @staticmethod
    def read(method: str, host: str, target: str, headers: dict[str, str], content: bytes) -> Request:
        """Return the request with this request target (`/path?query`)."""
        parts = urlsplit(target)
        query = {k.lower(): v for k, v in parse_qsl(parts.query, keep_blank_values=True)}
        path = "/" + unquote(parts.path).strip("/")
        return Request(method, host, path, query, {k.lower(): v for k, v in headers.items()}, content)

    def form(self) -> dict[str, str]:
        """Return the fields of a form."""
        return dict(parse_qsl(self.content.decode("utf-8", "replace"), keep_blank_values=True))

    def json(self) -> dict[str, Any]:
        """Return the object that a body holds. Raises ArmError (400) for another body."""
        try:
            body: Any = json.loads(self.content)
        except ValueError:
            body = None
        if not is_object(body):
            raise bad_request(
                "InvalidRequestContent", "The request content was invalid: it is no JSON object."
            )
        return body


@dataclass(frozen=True)
class Response:
    """An answer; a body of None is an empty one."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict[str, str])

    def content(self) -> bytes:
        """Return the body as it is sent."""
        return b"" if self.body is None else json.dumps(self.body).encode()
