"""The lab's own certificate authority for Azure's host names, and the bundle of authorities that its clients trust.

Everything is PEM, readable by its owner only, and made anew when it ends within a day or covers other names.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import certifi
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from emulator.cloud.file import write_private

if TYPE_CHECKING:
    from collections.abc import Iterable

LIFETIME = dt.timedelta(days=365)
"""How long a certificate holds; a lab that is used after that makes new ones."""
_MARGIN = dt.timedelta(days=1)
_NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Secure AKS lab: a stand-in for Azure")])


class KeyPair(NamedTuple):
    """Files of a certificate and its private key, both PEM."""

    certificate: Path
    key: Path


class Certificates(NamedTuple):
    """What a server and its clients need."""

    authority: Path
    """The certificate authority's certificate."""
    server: KeyPair
    bundle: Path
    """The authority and those that this machine trusts already."""


def certificates(folder: Path, hosts: Iterable[str], now: dt.datetime | None = None) -> Certificates:
    """Return the certificates kept in `folder` for these host names and addresses, made or renewed where needed."""
    now = now or dt.datetime.now(dt.UTC)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority = KeyPair(folder / "ca.crt", folder / "ca.key")
    server = KeyPair(folder / "server.crt", folder / "server.key")
    names = [_name(host) for host in hosts]
    renewed = _is_over(authority, now)
    if renewed:
        _issue(authority, _NAME, now, names=None, by=None)
    if renewed or _is_over(server, now) or _names(server.certificate) != names:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "management.azure.com")])
        _issue(server, subject, now, names=names, by=authority)
    return Certificates(authority.certificate, server, _bundle(folder / "bundle.pem", authority.certificate))


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _is_over(files: KeyPair, now: dt.datetime) -> bool:
    """Say whether a certificate is missing, unreadable, over within the margin, or not valid yet."""
    try:
        found = x509.load_pem_x509_certificate(files.certificate.read_bytes())
        serialization.load_pem_private_key(files.key.read_bytes(), None)
    except (OSError, ValueError, TypeError):
        return True
    return not found.not_valid_before_utc <= now < found.not_valid_after_utc - _MARGIN


def _names(certificate: Path) -> list[x509.GeneralName]:
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    return list(found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)


def _issue(
    files: KeyPair,
    subject: x509.Name,
    now: dt.datetime,
    *,
    names: list[x509.GeneralName] | None,
    by: KeyPair | None,
) -> None:
    """Write a new key and certificate: an authority of its own, or a server's, signed by one."""
    key = ec.generate_private_key(ec.SECP256R1())
    signer, issuer = (key, subject) if by is None else _signer(by)
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=by is None,
        crl_sign=by is None,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + LIFETIME)
        .add_extension(
            x509.BasicConstraints(ca=by is None, path_length=0 if by is None else None), critical=True
        )
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    if names is not None:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False
        )
    form = (
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    write_private(files.key, key.private_bytes(*form))
    signed = builder.sign(signer, hashes.SHA256())
    write_private(files.certificate, signed.public_bytes(serialization.Encoding.PEM))


def _signer(files: KeyPair) -> tuple[ec.EllipticCurvePrivateKey, x509.Name]:
    key = serialization.load_pem_private_key(files.key.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{files.key} is not a P-256 key; delete its folder to make a new one")
    return key, x509.load_pem_x509_certificate(files.certificate.read_bytes()).subject


def _bundle(path: Path, authority: Path) -> Path:
    """Write the authorities to trust: the lab's own first, then those that this process was told of, else certifi's."""
    told = [os.environ.get(name, "") for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")]
    known = {
        Path(t).resolve(): None
        for t in told
        if t and Path(t).is_file() and Path(t).resolve() != path.resolve()
    }
    parts = [authority.read_bytes(), *(p.read_bytes() for p in known or [Path(certifi.where())])]
    text = b"".join(parts)
    if not path.exists() or path.read_bytes() != text:
        write_private(path, text)
    return path
