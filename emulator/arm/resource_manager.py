"""management.azure.com: who is let in, what answers, and how a refusal looks on the wire."""

from __future__ import annotations

import uuid
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from emulator.arm import entry, reads
from emulator.arm.call import Call
from emulator.arm.messages import Response
from emulator.arm.routes import route
from emulator.arm.writes import Writes
from emulator.azure.errors import ArmError
from emulator.plugins.base import ProviderError

if TYPE_CHECKING:
    from emulator.arm.messages import Request
    from emulator.azure.service import Arm
    from emulator.entra.tokens import Tokens

HOST = "management.azure.com"
RETRY_AFTER = "1"
"""Seconds that a throttled caller is told to wait."""


class ResourceManager:
    """One subscription of a cloud."""

    def __init__(self, arm: Arm, tokens: Tokens) -> None:
        self._arm, self._tokens, self._writes = arm, tokens, Writes()

    def answer(self, request: Request) -> Response | None:
        """Answer a request; None where Azure gives no answer (a fault that a test ordered)."""
        try:
            response = self._let_in(request)
        except ArmError as refused:
            response = _refusal(refused)
        except ProviderError:
            return None
        id_ = str(uuid.uuid4())
        return replace(
            response, headers={"x-ms-request-id": id_, "Cache-Control": "no-cache", **response.headers}
        )

    def _let_in(self, request: Request) -> Response:
        entry.check_token(request, self._tokens)
        entry.check_version(request)
        entry.check_subscription(request.path, self._arm.subscription)
        call = Call(self._arm, request)
        special = route(request.method, request.path)
        if special is not None:
            answers, values = special
            self._arm.answer("read", request.path)
            return Response(200, answers(replace(call, values=values)))
        if request.method == "GET":
            return self._writes.status(call) or Response(200, reads.read(call))
        if request.method == "PUT":
            return self._writes.put(call)
        if request.method == "DELETE":
            return self._writes.delete(call)
        if request.method == "POST" and (started := self._writes.new_node_image(call)) is not None:
            return started
        raise ArmError(
            405, "MethodNotAllowed", f"The emulated Azure does not take {request.method} {request.path}."
        )


def _refusal(refused: ArmError) -> Response:
    headers: dict[str, str] = {}
    if refused.status == HTTPStatus.TOO_MANY_REQUESTS:
        headers["Retry-After"] = RETRY_AFTER
    if refused.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = entry.challenge(refused.message)
    return Response(refused.status, {"error": {"code": refused.code, "message": refused.message}}, headers)
