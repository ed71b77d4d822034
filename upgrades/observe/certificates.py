"""The certificates that an API server shows to those who may read it, and the last day of each.

These are the cluster's certificate authorities, which the kubeconfig carries, and those by which the API server trusts its
admission webhooks. Client certificates and secrets are not read: nobody who upgrades a cluster needs to see them.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.x509 import load_pem_x509_certificates

from upgrades.view import Expiry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.observe.api_reader import ApiReader


def expiries(reader: ApiReader) -> Iterator[Expiry]:
    """Yield each certificate authority with its last day. Raises ValueError for one that is no certificate."""
    client: Any = reader.client  # carries no types
    authority: str | None = client.configuration.ssl_ca_cert
    if authority:
        yield from _ends("the cluster's certificate authority", Path(authority).read_bytes())
    for kind in ("validating", "mutating"):
        for item in reader.items(f"/apis/admissionregistration.k8s.io/v1/{kind}webhookconfigurations"):
            for hook in item.get("webhooks") or ():
                if bundle := hook["clientConfig"].get("caBundle"):
                    what = f"the certificate authority of webhook {hook['name']}"
                    yield from _ends(what, base64.b64decode(bundle))


def _ends(what: str, pem: bytes) -> Iterator[Expiry]:
    """Yield the last of a bundle to end: while one of them holds, the bundle does."""
    found = [certificate.not_valid_after_utc.date() for certificate in load_pem_x509_certificates(pem)]
    yield Expiry(what, max(found))
