"""Ways out through a company's proxy, and the authorities that it is signed by."""

import base64
import binascii
import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from settings.fields.azure import Azure
from settings.fields.base import Words, refused
from settings.sections.base import Section

_HOST = re.compile(
    r"\.?[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*|[0-9.]+(/[0-9]{1,2})?",
    re.IGNORECASE,
)
_PORT = "such as http://proxy.example.com:3128/"


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        host, user, _ = parts.hostname, parts.username, parts.port
    except ValueError:
        raise refused("this is no URL", f"write one {_PORT}") from None
    if user is not None:
        raise refused(
            "it has a name and a password, which stand in the environment of every pod, and AKS takes none",
            f"let the proxy know the nodes by their addresses, and write a URL {_PORT}",
        )
    if parts.scheme not in {"http", "https"} or not host:
        raise refused(f"{value!r} is no URL of a proxy", f"write one {_PORT}")
    return value


def _no_proxy(value: str) -> str:
    if value.startswith("*"):
        raise refused("AKS takes no * before a domain", f"write {value.lstrip('*')}")
    if not _HOST.fullmatch(value):
        raise refused(
            f"{value!r} is neither a host, a domain nor a range",
            "write one such as .example.com or 10.0.0.0/8",
        )
    return value


def _certificate(value: str) -> str:
    try:
        text = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        text = b""
    if b"-----BEGIN CERTIFICATE-----" not in text:
        raise refused(
            "it is not a certificate in PEM form, encoded once more in base64",
            "write what `base64 -w0 ca.pem` prints",
        )
    if b"PRIVATE KEY" in text:
        raise refused("it has a private key beside the certificate", "encode the certificate alone")
    return value


ProxyUrl = Annotated[str, AfterValidator(_url), Words(f"a URL without a password, {_PORT}")]
NoProxy = Annotated[
    str, AfterValidator(_no_proxy), Words("a host, a domain such as .example.com, or a range")
]
Certificate = Annotated[
    str, AfterValidator(_certificate), Words("a certificate in PEM form, encoded in base64")
]
TrustedCertificates = Annotated[
    tuple[Certificate, ...],
    Field(max_length=10),
    Azure("securityProfile.customCATrustCertificates"),
]


class HttpProxy(Section):
    """A proxy for what nodes and pods fetch; AKS hands it to every pod by its environment."""

    http: Annotated[ProxyUrl, Azure("httpProxyConfig.httpProxy")]
    """Proxy of http."""
    https: Annotated[ProxyUrl, Azure("httpProxyConfig.httpsProxy")]
    """Proxy of https."""
    no_proxy: Annotated[tuple[NoProxy, ...], Field(max_length=200), Azure("httpProxyConfig.noProxy")] = ()
    """Hosts, domains and ranges that are reached directly; AKS adds the cluster's own."""
    trusted_ca: Annotated[Certificate | None, Azure("httpProxyConfig.trustedCa")] = None
    """Authority that signs the proxy's certificates."""
