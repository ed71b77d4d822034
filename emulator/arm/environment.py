"""The environment in which the unchanged Azure SDKs find the lab.

Sources: azure-identity ("Environment variables"), azure-core and requests (proxies, certificate authorities), OpenSSL and Go
(`SSL_CERT_FILE`). gRPC's core reads `https_proxy` in lower case only, which stays unset: the engine's own connections are none
of this proxy's.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from emulator.entra.directory import OWNER

if TYPE_CHECKING:
    from pathlib import Path

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def environment(port: int, bundle: Path, tenant: str, subscription: str, secret: str) -> dict[str, str]:
    """Return the variables: a proxy, whom to trust, and the login of the subscription's owner."""
    proxy = f"http://127.0.0.1:{port}"
    found = {
        "HTTPS_PROXY": proxy,
        "NO_PROXY": ",".join(_LOOPBACK),
        "no_proxy": ",".join(_LOOPBACK),
        "REQUESTS_CA_BUNDLE": str(bundle),
        "SSL_CERT_FILE": str(bundle),
        "AZURE_AUTHORITY_HOST": "https://login.microsoftonline.com",
        "AZURE_TENANT_ID": tenant,
        "AZURE_CLIENT_ID": OWNER.client,
        "AZURE_CLIENT_SECRET": secret,
        # Nobody is looked for elsewhere: not at the address of managed identities, not in the Azure CLI.
        "AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential",
        "AZURE_SUBSCRIPTION_ID": subscription,
        "ARM_SUBSCRIPTION_ID": subscription,
    }
    if "https_proxy" in os.environ:  # it would win over the upper case
        found["https_proxy"] = proxy
    return found
