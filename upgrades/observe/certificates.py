"""The certificates that an API server shows to those who may read it, and the last day of each.

These are its own, the one by which this kubeconfig logs in (if it does so by certificate), and the certificate authorities:
the cluster's, and those by which the API server trusts its admission webhooks and aggregated APIs. Secrets are not read:
nobody who upgrades a cluster needs to see them.
"""

from __future__ import annotations

import base64
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cryptography.x509 import load_pem_x509_certificates
from secure_aks_lifecycle import regular_file

from upgrades.model.surroundings import Expiry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.observe.cluster.api_reader import ApiReader

SECONDS = 10
"""How long the API server may take to show its certificate."""


def expiries(reader: ApiReader) -> Iterator[Expiry]:
    """Yield each certificate with its last day. Raises ValueError for one that is no certificate."""
    client: Any = reader.client  # carries no types
    configuration = client.configuration
    server = urlsplit(str(configuration.host))
    if server.scheme == "https" and server.hostname:
        pem = ssl.get_server_certificate((server.hostname, server.port or 443), timeout=SECONDS)
        yield from _ends("the API server's certificate", pem.encode())
    for what, path in (
        ("the cluster's certificate authority", configuration.ssl_ca_cert),
        ("the client certificate of the kubeconfig", configuration.cert_file),
    ):
        if path:
            yield from _ends(what, regular_file.data(Path(path)))
    for kind in ("validating", "mutating"):
        for item in reader.items(f"/apis/admissionregistration.k8s.io/v1/{kind}webhookconfigurations"):
            for hook in item.get("webhooks") or ():
                if bundle := hook["clientConfig"].get("caBundle"):
                    what = f"the certificate authority of webhook {hook['name']}"
                    yield from _ends(what, base64.b64decode(bundle))
    for item in reader.items("/apis/apiregistration.k8s.io/v1/apiservices"):
        if bundle := item["spec"].get("caBundle"):
            what = f"the certificate authority of API {item['metadata']['name']}"
            yield from _ends(what, base64.b64decode(bundle))


def _ends(what: str, pem: bytes) -> Iterator[Expiry]:
    """Yield the last of a bundle to end: while one of them holds, the bundle does."""
    found = [certificate.not_valid_after_utc.date() for certificate in load_pem_x509_certificates(pem)]
    yield Expiry(what, max(found))
