"""The certificates of one server of the lab: its own authority, its server and its clients."""

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

from emulator.cloud.file import replace, replace_changed

if TYPE_CHECKING:
    from collections.abc import Iterable

LIFETIME = dt.timedelta(days=3650)
"""How long they hold: an emulated cluster may be kept for years, and its key never leaves the folder."""

_SIGNS_ONLY = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


class KeyPair(NamedTuple):
    """Files of a certificate and its private key, both PEM."""

    certificate: Path
    key: Path


def new_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Make a P-256 key and write it to `path`, in the form that Kubernetes reads too (`EC PRIVATE KEY`)."""
    key = ec.generate_private_key(ec.SECP256R1())
    form = (
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    replace(path, key.private_bytes(*form))
    return key


class Authority:
    """A certificate authority in a folder; it is made there at first use."""

    def __init__(self, folder: Path, name: str = "secure-aks-control-plane") -> None:
        """Take the folder, and the name that a new authority gets."""
        self.folder = folder
        self.files = KeyPair(folder / "ca.crt", folder / "ca.key")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self.files.certificate.exists():
            subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
            key = new_key(self.files.key)
            builder = _builder(subject, subject, key.public_key(), key.public_key())
            builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            builder = builder.add_extension(_SIGNS_ONLY, critical=True)
            replace(
                self.files.certificate,
                builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM),
            )

    def server(self, name: str, hosts: Iterable[str], addresses: Iterable[str]) -> KeyPair:
        """Return a server certificate for these DNS names and IP addresses; it may also call as a client."""
        names = [x509.DNSName(host) for host in hosts]
        ips = [x509.IPAddress(ipaddress.ip_address(address)) for address in addresses]
        usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        return self._issue(name, name, (), usages, x509.SubjectAlternativeName([*names, *ips]))

    def client(self, name: str, user: str, groups: Iterable[str] = ()) -> KeyPair:
        """Return a client certificate: Kubernetes reads the user from CN and the groups from O."""
        return self._issue(name, user, groups, [ExtendedKeyUsageOID.CLIENT_AUTH], None)

    def _issue(
        self,
        name: str,
        user: str,
        groups: Iterable[str],
        usages: list[x509.ObjectIdentifier],
        alternatives: x509.SubjectAlternativeName | None,
    ) -> KeyPair:
        files = KeyPair(self.folder / f"{name}.crt", self.folder / f"{name}.key")
        if files.certificate.exists():
            return files
        issuer = x509.load_pem_x509_certificate(self.files.certificate.read_bytes())
        issuer_key = serialization.load_pem_private_key(self.files.key.read_bytes(), None)
        if not isinstance(issuer_key, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{self.files.key} is not a P-256 key; delete the folder to make a new one")
        attributes = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, group) for group in groups]
        attributes.append(x509.NameAttribute(NameOID.COMMON_NAME, user))
        # One attribute a relative name: Go reads several O values only so.
        subject = x509.Name([x509.RelativeDistinguishedName([one]) for one in attributes])
        builder = _builder(subject, issuer.subject, new_key(files.key).public_key(), issuer_key.public_key())
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        if alternatives is not None:
            builder = builder.add_extension(alternatives, critical=False)
        signed = builder.sign(issuer_key, hashes.SHA256())
        replace(files.certificate, signed.public_bytes(serialization.Encoding.PEM))
        return files


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    issuer_key: ec.EllipticCurvePublicKey,
) -> x509.CertificateBuilder:
    """Begin a certificate, with the key identifiers without which Python 3.13 trusts none."""
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )


def write_bundle(path: Path, authority: Path) -> None:
    """Write the authorities to trust: one of the lab's, then those that this process was told of, else certifi's."""
    told = {Path(os.environ.get(name) or path).resolve() for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")}
    known = sorted(file for file in told - {path.resolve()} if file.is_file()) or [Path(certifi.where())]
    replace_changed(path, "".join(file.read_text(encoding="utf-8") for file in (authority, *known)))
