"""Access tokens of the emulated Entra: signed as RS256 with a key that stays in a folder."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from emulator.azure import ids
from emulator.cloud.file import replace

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

ISSUER = f"https://sts.windows.net/{ids.TENANT}/"
"""Who signs tokens of version 1, which both ARM and the AKS server application ask for."""
LIFETIME = 3600
"""Seconds for which a token holds."""


class Tokens:
    """The signing key in a folder, made there at first use: tokens outlive the server that gave them."""

    def __init__(self, folder: Path) -> None:
        path = folder / "tokens.key"
        if not path.exists():
            _write(path, rsa.generate_private_key(65537, 2048))
        key = serialization.load_pem_private_key(path.read_bytes(), None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError(f"{path} is not an RSA key; delete it to make a new one")
        self._key = key
        public = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.key_id = hashlib.sha256(public).hexdigest()[:32]

    def issue(self, audience: str, claims: Mapping[str, Any], seconds: int = LIFETIME) -> str:
        """Return a token for an audience that holds for `seconds` from now (negative: it is over)."""
        now = int(time.time())
        begin = min(now, now + seconds)
        times = {"iat": begin, "nbf": begin, "exp": now + seconds}
        payload = {"aud": audience, "iss": ISSUER, **times, **claims, "tid": ids.TENANT, "ver": "1.0"}
        return jwt.encode(payload, self._key, "RS256", {"kid": self.key_id})

    def verify(self, token: str, audiences: Collection[str]) -> dict[str, Any]:
        """Return the claims of a token. Raises jwt.PyJWTError for one that is not ours, not for these, or over."""
        public = self._key.public_key()
        return jwt.decode(token, public, ["RS256"], audience=list(audiences), issuer=ISSUER)

    def keys(self) -> dict[str, Any]:
        """Return the public key as a JSON Web Key Set."""
        key: dict[str, Any] = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**key, "use": "sig", "kid": self.key_id, "alg": "RS256", "issuer": ISSUER}]}


def _write(path: Path, key: rsa.RSAPrivateKey) -> None:
    """Write a key that only its owner may read."""
    content = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    replace(path, content.decode())
