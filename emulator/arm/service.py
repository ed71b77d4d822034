"""management.azure.com: one request, from its token to its answer."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from emulator.arm import api_versions, authorization, calls, lists, paths, resources
from emulator.arm.context import Context
from emulator.arm.providers import subscriptions
from emulator.azure.errors import ArmError, refusal
from emulator.azure.rights import action_of
from emulator.azure.types import by_arm_type
from emulator.entra import tokens
from emulator.errors import ProviderError
from emulator.https.messages import Reply, Request

if TYPE_CHECKING:
    from emulator.azure.service import Arm
    from emulator.entra.keys import SigningKey

HOSTS = ("management.azure.com", "management.core.windows.net")
"""The names of Azure Resource Manager in the public cloud."""


@dataclass(frozen=True)
class ArmService:
    """Azure Resource Manager of one tenant, on a cloud."""

    arm: Arm
    key: SigningKey

    def answer(self, request: Request) -> Reply:
        """Answer a request."""
        try:
            reply = self._answer(request)
        except ArmError as error:
            reply = self._refusal(error)
        except ProviderError as error:  # nobody behind ARM answered in time
            told = {"code": "GatewayTimeout", "message": f"The gateway did not receive a response: {error}."}
            reply = Reply(504, {"error": told})
        return Reply(reply.status, reply.body, _common(request) | dict(reply.headers))

    def _answer(self, request: Request) -> Reply:
        caller = self._caller(request)

        def allow(action: str, scope: str) -> None:
            authorization.require(self.arm.cloud.view(), caller, action, scope)

        context = Context(replace(self.arm, allow=allow), request, caller)
        target = paths.parse(request.path)
        self._known_subscription(request.path)
        whole = subscriptions.answer(context) or lists.everything(context)
        if whole is not None:
            return whole
        if target is None:
            raise refusal("InvalidResourceType.path", path=request.path)
        kind = by_arm_type().get(target.arm_type.lower())
        if kind is None and not api_versions.of(target.arm_type):
            raise refusal(
                "InvalidResourceType.type",
                types="/".join(target.types),
                target=target,
                version=request.query.get("api-version"),
            )
        api_versions.check(target.arm_type, request.query.get("api-version"))
        action = action_of(request.method, target.arm_type)
        scope = target.parent if request.method == "POST" or not target.is_resource else target.path
        authorization.require(self.arm.cloud.view(), caller, action, scope)
        subscriptions.require_registration(context, target.namespace)
        found = calls.answer(context, target)
        if found is not None:
            return found
        if kind is None:
            raise refusal("NotFound.inLab", method=request.method, target=target)
        if request.method == "GET" and not target.is_resource:
            return lists.answer(context, target, kind)
        if not target.is_resource:
            raise refusal("MethodNotAllowed", method=request.method)
        return resources.answer(context, target, kind)

    def _caller(self, request: Request) -> tokens.Caller:
        """Return whom the bearer token speaks for. Raises ArmError (401)."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if not token or scheme.lower() != "bearer":
            raise refusal("AuthenticationFailed")
        return tokens.read(self.key, self.arm.tenant, token.strip(), tokens.ARM_AUDIENCES)

    def _known_subscription(self, path: str) -> None:
        said = paths.subscription_of(path)
        if said is None or said.lower() in subscriptions.known(self.arm):
            return
        try:
            uuid.UUID(said)
        except ValueError:
            raise refusal("InvalidSubscriptionId", said=said) from None
        raise refusal("SubscriptionNotFound", said=said)

    def _refusal(self, error: ArmError) -> Reply:
        headers: dict[str, str] = {}
        if error.status == 401:  # noqa: PLR2004  (Unauthorized)
            headers["WWW-Authenticate"] = (
                f'Bearer authorization_uri="https://login.microsoftonline.com/{self.arm.tenant}", error="invalid_token", '
                f'error_description="{error.message}"'
            )
        if error.status in (429, 503):
            headers["Retry-After"] = str(self.arm.cloud.view().settings.retry_after_seconds)
        return Reply(error.status, {"error": {"code": error.code, "message": error.message}}, headers)


def _common(request: Request) -> dict[str, str]:
    """Return the headers that every answer of ARM has."""
    own = str(uuid.uuid4())
    headers = {
        "Cache-Control": "no-cache",
        "x-ms-request-id": own,
        "x-ms-correlation-request-id": request.headers.get("x-ms-correlation-request-id", own),
        "x-ms-routing-request-id": f"LAB:{datetime.now(UTC):%Y%m%dT%H%M%SZ}:{own}",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        "X-Content-Type-Options": "nosniff",
    }
    if "x-ms-client-request-id" in request.headers:
        headers["x-ms-client-request-id"] = request.headers["x-ms-client-request-id"]
    return headers
