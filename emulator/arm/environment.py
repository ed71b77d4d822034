"""The environment in which the unchanged Azure SDKs find the lab.

Sources: azure-identity ("Environment variables"), azure-core and requests (proxies, certificate authorities), OpenSSL and Go
(`SSL_CERT_FILE`). gRPC's core reads `https_proxy` in lower case only, which stays unset: the engine's own connections are none
of this proxy's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azure import ids
from emulator.entra.directory import OWNER

if TYPE_CHECKING:
    from pathlib import Path

_LOOPBACK = "127.0.0.1,localhost,::1"
CONFIGURATION = ("PULUMI_CONFIG", "PULUMI_CONFIG_SECRET_KEYS")
"""Variables in which the SDK looks for the configuration of a program; a stray one would be taken for it, or end it."""
UNSET = (
    "https_proxy",
    "http_proxy",
    "HTTP_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "AZURE_AUTHORITY_HOST",
    *CONFIGURATION,
)
"""Variables that would lead a program past the lab: they are taken out of its environment."""


def environment(port: int, bundle: Path, secret: str) -> dict[str, str]:
    """Return the variables: a proxy, whom to trust, and the login of the subscription's owner."""
    return {
        "HTTPS_PROXY": f"http://127.0.0.1:{port}",
        "NO_PROXY": _LOOPBACK,
        "no_proxy": _LOOPBACK,
        "REQUESTS_CA_BUNDLE": str(bundle),
        "SSL_CERT_FILE": str(bundle),
        "AZURE_TENANT_ID": ids.TENANT,
        "AZURE_CLIENT_ID": OWNER.client,
        "AZURE_CLIENT_SECRET": secret,
        # Nobody is looked for elsewhere: not at the address of managed identities, not in the Azure CLI.
        "AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential",
        "AZURE_SUBSCRIPTION_ID": ids.SUBSCRIPTION,
        "ARM_SUBSCRIPTION_ID": ids.SUBSCRIPTION,
    }
