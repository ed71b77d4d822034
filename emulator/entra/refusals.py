"""How Entra refuses a login: an OAuth error, with an AADSTS number and its words (its documentation of error codes)."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any


class LoginError(Exception):
    """A refused login: the HTTP status, OAuth's name of the error, Entra's number and text."""

    def __init__(self, status: int, error: str, number: int, text: str) -> None:
        super().__init__(f"AADSTS{number}: {text}")
        self.status, self.error, self.number = status, error, number

    def body(self) -> dict[str, Any]:
        """Return the answer's body."""
        trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
        moment = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%SZ}"
        return {
            "error": self.error,
            "error_description": f"{self} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {moment}",
            "error_codes": [self.number],
            "timestamp": moment,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://login.microsoftonline.com/error?code={self.number}",
        }


def wrong_secret(client: str) -> LoginError:
    """Return the refusal of a secret."""
    return LoginError(
        401,
        "invalid_client",
        7000215,
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not "
        f"the client secret ID, for a secret added to app '{client}'.",
    )


def unknown_client(client: str, tenant: str) -> LoginError:
    """Return the refusal of an application that the tenant does not have."""
    text = f"Application with identifier '{client}' was not found in the directory '{tenant}'."
    return LoginError(400, "unauthorized_client", 700016, text)


def unknown_tenant(tenant: str) -> LoginError:
    """Return the refusal of a tenant."""
    return LoginError(
        400,
        "invalid_tenant",
        90002,
        f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID.",
    )


def unknown_resource(resource: str, tenant: str) -> LoginError:
    """Return the refusal of a token for an application that the tenant does not have."""
    text = f"The resource principal named {resource} was not found in the tenant named {tenant}."
    return LoginError(400, "invalid_resource", 500011, text)


def missing(parameter: str) -> LoginError:
    """Return the refusal of a request without a parameter."""
    text = f"The request body must contain the following parameter: '{parameter}'."
    return LoginError(400, "invalid_request", 900144, text)


def wrong_scope(scope: str) -> LoginError:
    """Return the refusal of a scope that names no application."""
    text = (
        f"The provided value for scope {scope} is not valid. Client credential flows must have a scope value with "
        "/.default suffixed to the resource identifier (application ID URI)."
    )
    return LoginError(400, "invalid_scope", 1002012, text)


def wrong_grant(grant: str) -> LoginError:
    """Return the refusal of a way to log in that this Entra does not have."""
    text = f"The app requested an unsupported grant type '{grant}'."
    return LoginError(400, "unsupported_grant_type", 70003, text)
