"""Refusals in Entra's words: OAuth's error, an AADSTS number, a sentence.

Source: Microsoft Learn, "Microsoft Entra authentication and authorization error codes", and the sentences of the service itself.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from emulator.https.messages import Reply

_HELP = "https://login.microsoftonline.com/error?code="


class RefusedError(Exception):
    """A login that is refused."""

    def __init__(self, status: int, error: str, number: int, sentence: str) -> None:
        super().__init__(f"AADSTS{number}: {sentence}")
        self.status = status
        self.error = error
        self.number = number

    def reply(self) -> Reply:
        """Return the answer that says so."""
        trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
        stamp = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%SZ}"
        body = {
            "error": self.error,
            "error_description": f"{self} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {stamp}",
            "error_codes": [self.number],
            "timestamp": stamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"{_HELP}{self.number}",
        }
        return Reply(self.status, body, {"Cache-Control": "no-store"})


def tenant_not_found(tenant: str) -> RefusedError:
    """Return the refusal of a tenant that there is not."""
    return RefusedError(
        400,
        "invalid_request",
        90002,
        f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct "
        "cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the "
        "tenant.",
    )


def only_post() -> RefusedError:
    """Return the refusal of a token request that is no POST."""
    return RefusedError(
        405, "invalid_request", 900561, "The endpoint only accepts POST requests. Received a GET request."
    )


def parameter_missing(name: str) -> RefusedError:
    """Return the refusal of a request that lacks a parameter."""
    return RefusedError(
        400,
        "invalid_request",
        900144,
        f"The request body must contain the following parameter: '{name}'.",
    )


def grant_not_supported(grant: str) -> RefusedError:
    """Return the refusal of a grant type that this stand-in, or Entra, does not know."""
    return RefusedError(
        400, "unsupported_grant_type", 70003, f"The app requested an unsupported grant type '{grant}'."
    )


def client_not_found(client: str, tenant: str) -> RefusedError:
    """Return the refusal of an application that the tenant does not have."""
    return RefusedError(
        400,
        "unauthorized_client",
        700016,
        f"Application with identifier '{client}' was not found in the directory '{tenant}'. This can happen if the "
        "application has not been installed by the administrator of the tenant or consented to by any user in the tenant. "
        "You may have sent your authentication request to the wrong tenant.",
    )


def client_disabled(client: str, name: str) -> RefusedError:
    """Return the refusal of a service principal that may not sign in."""
    return RefusedError(400, "unauthorized_client", 7000112, f"Application '{client}'({name}) is disabled.")


def secret_missing() -> RefusedError:
    """Return the refusal of a confidential client without a secret."""
    return RefusedError(
        401,
        "invalid_client",
        7000218,
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    )


def secret_wrong(client: str) -> RefusedError:
    """Return the refusal of a secret that is none of the application's."""
    return RefusedError(
        401,
        "invalid_client",
        7000215,
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the "
        f"client secret ID, for a secret added to app '{client}'.",
    )


def secret_over(client: str) -> RefusedError:
    """Return the refusal of a secret that has expired."""
    return RefusedError(
        401,
        "invalid_client",
        7000222,
        f"The provided client secret keys for app '{client}' are expired. Visit the Azure portal to create new keys for your "
        "app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: "
        "https://aka.ms/certCreds.",
    )


def scope_wrong(scope: str) -> RefusedError:
    """Return the refusal of a scope that does not end in /.default."""
    return RefusedError(
        400,
        "invalid_scope",
        1002012,
        f"The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default "
        "suffixed to the resource identifier (application ID URI).",
    )


def resource_not_found(resource: str, tenant: str) -> RefusedError:
    """Return the refusal of a token for something that the tenant does not have."""
    return RefusedError(
        400,
        "invalid_resource",
        500011,
        f"The resource principal named {resource} was not found in the tenant named {tenant}. This can happen if the "
        "application has not been installed by the administrator of the tenant or consented to by any user in the tenant. "
        "You might have sent your authentication request to the wrong tenant.",
    )


def refused_by_policy() -> RefusedError:
    """Return the refusal of a login that Conditional Access blocks: what a test orders where a token is to be refused."""
    return RefusedError(
        400,
        "invalid_grant",
        53003,
        "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
    )
