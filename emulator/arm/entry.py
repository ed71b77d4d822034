"""Who is let in to ARM: the token, the API version and the subscription of a request."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import jwt

from emulator.azure import ids
from emulator.azure.errors import ArmError, bad_request
from emulator.entra.endpoints import MANAGEMENT

if TYPE_CHECKING:
    from emulator.arm.messages import Request
    from emulator.entra.tokens import Tokens

_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(-[a-z]+(\.\d+)?)?")


def challenge(message: str) -> str:
    """Return the header WWW-Authenticate that goes with 401."""
    authority = f'authorization_uri="https://login.microsoftonline.com/{ids.TENANT}"'
    return f'Bearer {authority}, error="invalid_token", error_description="{message}"'


def check_token(request: Request, tokens: Tokens) -> None:
    """Raise ArmError (401) unless a valid token for ARM comes with the request."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise ArmError(
            401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing."
        )
    try:
        tokens.verify(token.strip(), MANAGEMENT)
    except jwt.ExpiredSignatureError:
        moment = f"{datetime.now(UTC):%m/%d/%Y %H:%M:%S}"
        raise ArmError(
            401,
            "ExpiredAuthenticationToken",
            f"The access token expiry UTC time is earlier than current UTC time '{moment}'.",
        ) from None
    except jwt.InvalidAudienceError:
        raise ArmError(
            401,
            "InvalidAuthenticationTokenAudience",
            "The access token has been obtained for wrong audience or resource. It should exactly match with one of the "
            f"allowed audiences {', '.join(MANAGEMENT)}.",
        ) from None
    except jwt.PyJWTError:
        raise ArmError(401, "InvalidAuthenticationToken", "The access token is invalid.") from None


def check_version(request: Request) -> None:
    """Raise ArmError unless the request names an API version."""
    version = request.query.get("api-version", "")
    if not version:
        raise bad_request(
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        )
    if not _VERSION.fullmatch(version):
        raise bad_request("InvalidApiVersionParameter", f"The api-version '{version}' is invalid.")


def check_subscription(path: str, subscription: str) -> None:
    """Raise ArmError (404) for the path of a subscription that this tenant does not have."""
    parts = path.split("/")
    if len(parts) > 2 and parts[1].lower() == "subscriptions" and parts[2].lower() != subscription.lower():  # noqa: PLR2004
        raise ArmError(404, "SubscriptionNotFound", f"The subscription '{parts[2]}' could not be found.")
