"""The login to Azure: that of `azure-identity`, shared by all that ask, and asked for once when there is none."""

from __future__ import annotations

import os
import re
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from azure.core.exceptions import ClientAuthenticationError

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken

AGAIN = 30.0
"""Seconds for which a login that failed is not tried anew: each try asks half a dozen places, some of them over the network."""


ENTRA = re.compile(r"AADSTS\d+: [^.\r\n]*")
"""What Entra says of a login that it refuses."""


class NoLoginError(ClientAuthenticationError):
    """There is no login, or Entra refuses it; the message is one line."""


class Login:
    """A credential for the Azure SDK. Raises NoLoginError."""

    def __init__(self, credential: Any) -> None:
        """Take the credential that is asked."""
        self._credential = credential
        self._failed: tuple[float, str] | None = None

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """Return a token."""
        if self._failed and time.monotonic() - self._failed[0] < AGAIN:
            raise NoLoginError(self._failed[1])
        try:
            token: AccessToken = self._credential.get_token(*scopes, **options)
        except ClientAuthenticationError as error:
            refused = ENTRA.search(str(error))
            why = f"Entra refuses the login ({refused[0]})" if refused else "nobody is logged in to Azure"
            self._failed = (time.monotonic(), f"{why}; log in: az login")
            raise NoLoginError(self._failed[1]) from None
        return token


def login(authority: str | None = None) -> Login:
    """Return the login of this process: environment, workload identity, managed identity, Azure CLI.

    `authority` is the host of a cloud's Entra; that of AZURE_AUTHORITY_HOST, or the public one, unless set.
    """
    return _login(
        tuple(sorted(item for item in os.environ.items() if item[0].startswith(("AZURE_", "IDENTITY_")))),
        authority,
    )


@lru_cache(maxsize=4)
def _login(_environment: tuple[tuple[str, str], ...], authority: str | None) -> Login:
    """Return the login for what the environment says: where it changes, another is asked."""
    from azure.identity import DefaultAzureCredential  # noqa: PLC0415  # slow to load

    elsewhere = {"authority": authority} if authority else {}
    return Login(DefaultAzureCredential(process_timeout=10, **elsewhere))
