"""Lists of ARM: a page of items, and where the next one is."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from emulator.azure.errors import refusal
from emulator.https.messages import Reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emulator.arm.context import Context

_TOKEN = "$skiptoken"  # noqa: S105  (a parameter's name)


def reply(context: Context, items: Sequence[Any]) -> Reply:
    """Answer with the page of `items` that the request asks for. Raises ArmError for a token that is none."""
    query = dict(context.request.query)
    first = _offset(query.pop(_TOKEN, None))
    size = context.state.settings.page_size
    body: dict[str, Any] = {"value": list(items[first : first + size])}
    if first + size < len(items):
        token = base64.urlsafe_b64encode(str(first + size).encode()).decode()
        parameters = urlencode(query | {_TOKEN: token}, safe="$'")
        body["nextLink"] = f"{context.request.origin}{quote(context.request.path)}?{parameters}"
    return Reply(200, body)


def _offset(token: str | None) -> int:
    if token is None:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token.encode()))
    except ValueError:
        raise refusal("InvalidSkipToken", token=token) from None
