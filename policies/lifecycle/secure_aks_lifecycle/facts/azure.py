"""Asking Azure which versions it offers. Needs the extra `azure` of this package."""

from __future__ import annotations

import logging
import os
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from secure_aks_lifecycle.facts import reach
from secure_aks_lifecycle.facts.refresh import Offered, read_offered

ENDPOINT = "https://management.azure.com"
SUBSCRIPTION = "AZURE_SUBSCRIPTION_ID"
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_NOBODY = "nobody is logged in to Azure"


class AzureError(Exception):
    """Azure could not be asked, or its answer is of no use; the message is one line for a person."""


def offered_versions(
    location: str, subscription: str | None = None, endpoint: str = ENDPOINT
) -> list[Offered]:
    """Return what Azure offers in a region. Raises AzureError.

    The login is that of `azure-identity` (Azure CLI, managed identity, environment, ...). An endpoint on this machine
    needs none.
    """
    _check(endpoint)
    try:
        from azure.core.exceptions import AzureError as SdkError  # noqa: PLC0415  # optional, and slow to import
        from azure.core.exceptions import (  # noqa: PLC0415
            ClientAuthenticationError,
            DecodeError,
            HttpResponseError,
        )
    except ImportError:
        raise AzureError("needs more packages: pip install 'secure-aks-lifecycle[azure]'") from None
    try:
        answer = _client(subscription, endpoint).managed_clusters.list_kubernetes_versions(location)
        return read_offered(_json(answer))
    except DecodeError as error:
        status = error.status_code or HTTPStatus.OK
        failed = status >= HTTPStatus.BAD_REQUEST
        raise AzureError(
            f"Azure refused: {status} without a word; {_remedy(status)}" if failed else _no_azure(endpoint)
        ) from None
    except ClientAuthenticationError as error:
        why = f"Azure refused: {error.status_code} {_first_line(error)}" if error.status_code else _NOBODY
        raise AzureError(f"{why}; log in: az login") from None
    except HttpResponseError as error:
        raise AzureError(
            f"Azure refused: {error.status_code} {_first_line(error)}; {_remedy(error.status_code)}"
        ) from None
    except SdkError as error:
        raise AzureError(
            f"{endpoint} cannot be reached: {reach.why(error)}; is the network (or its proxy) up, and --endpoint right?"
        ) from None
    except ValueError as error:
        raise AzureError(_first_line(error)) from None


def _check(endpoint: str) -> None:
    """Refuse what a login cannot be sent to. Raises AzureError."""
    try:
        url = urlsplit(endpoint)
        fits = bool(url.hostname) and url.scheme in (
            {"http", "https"} if url.hostname in _LOOPBACK else {"https"}
        )
    except ValueError:  # such as half an address of IPv6
        fits = False
    if not fits:
        raise AzureError(
            f"--endpoint: {endpoint!r} is no address that a login may be sent to; write one with https, such as {ENDPOINT}"
        )


def _client(subscription: str | None, endpoint: str) -> Any:
    named = subscription or os.environ.get(SUBSCRIPTION)
    return _client_of(named or _only_subscription(_client_of("none", endpoint), endpoint), endpoint)


def _client_of(subscription: str, endpoint: str) -> Any:
    from azure.mgmt.containerservice import ContainerServiceClient  # noqa: PLC0415  # optional, and slow to import

    client: Any = ContainerServiceClient
    if urlsplit(endpoint).hostname in _LOOPBACK:
        from azure.core.pipeline.policies import RetryPolicy, SansIOHTTPPolicy  # noqa: PLC0415  # only here

        return client(
            _NoLogin(),
            subscription,
            base_url=endpoint,
            authentication_policy=SansIOHTTPPolicy(),
            retry_policy=RetryPolicy.no_retries(),
        )
    from azure.identity import DefaultAzureCredential  # noqa: PLC0415  # optional, and slow to import

    # It tells of each login that it tried in a dozen lines, beside what it raises.
    logging.getLogger("azure.identity").setLevel(logging.CRITICAL)
    return client(
        DefaultAzureCredential(), subscription, base_url=endpoint, credential_scopes=[f"{endpoint}/.default"]
    )


def _only_subscription(client: Any, endpoint: str) -> str:
    """Return the one subscription that the login sees. Raises AzureError where there are none or several."""
    from azure.core.rest import HttpRequest  # noqa: PLC0415  # optional, and slow to import

    answer = client.send_request(HttpRequest("GET", "/subscriptions", params={"api-version": "2022-12-01"}))
    answer.raise_for_status()
    try:
        seen = {str(one["subscriptionId"]): str(one.get("displayName", "")) for one in answer.json()["value"]}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise AzureError(_no_azure(endpoint)) from None
    if len(seen) == 1:
        return next(iter(seen))
    said = ", ".join(f"{id_} ({name})" for id_, name in sorted(seen.items())) or "none"
    raise AzureError(f"no subscription: pass --subscription, or set {SUBSCRIPTION}; this login sees {said}")


class _NoLogin:
    """Stands where the client wants a credential; nothing asks it for a token."""

    def get_token(self, *_scopes: str, **_options: Any) -> Any:
        """Refuse: an endpoint on this machine needs no token."""
        raise AzureError("an endpoint on this machine needs no login")


def _json(answer: Any) -> Any:
    return answer.as_dict() if hasattr(answer, "as_dict") else answer


def _no_azure(endpoint: str) -> str:
    return f"{endpoint} does not answer as Azure Resource Manager does; name that with --endpoint, or mend the proxy on the way"


def _remedy(status: int | None) -> str:
    if status and status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "run again in a while"
    return "see that --location and --subscription are right, and that the login may read there"


def _first_line(error: Exception) -> str:
    text = str(getattr(error, "message", None) or error)
    return text.strip().splitlines()[0] if text.strip() else type(error).__name__
