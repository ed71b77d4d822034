"""The API server of a rehearsal, as it is asked."""

from __future__ import annotations

from typing import Any, Protocol

Json = dict[str, Any]


class Api(Protocol):
    """Requests to an API server as its administrator."""

    def request(self, method: str, path: str, body: Json | None = None) -> tuple[int, bytes]:
        """Return the status and the answer, whatever it is."""
        ...

    def call(self, method: str, path: str, body: Json | None = None, **options: str) -> Json:
        """Return the answer; raises for a refusal."""
        ...


class RehearsalError(ValueError):
    """The rehearsal could not be held; the message says what stands in the way."""


def collection_of(item: Json, root: str, plural: str) -> str:
    """Return the path of the objects of an object's kind in its namespace."""
    return f"{root}/namespaces/{item['metadata']['namespace']}/{plural}"
