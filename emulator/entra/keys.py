"""The key that signs tokens: RSA, kept in a folder, so that tokens outlive the process that gave them."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from emulator.cloud.file import write_private

if TYPE_CHECKING:
    from pathlib import Path

_BITS = 2048


class SigningKey:
    """An RS256 key and the name (`kid`) under which its public half is published."""

    def __init__(self, key: rsa.RSAPrivateKey) -> None:
        """Take a private key."""
        self.private = key
        self.public = key.public_key()
        numbers = self.public.public_numbers()
        self._modulus, self._exponent = _base64url(numbers.n), _base64url(numbers.e)
        self.kid = (
            base64.urlsafe_b64encode(hashlib.sha256(self._modulus.encode()).digest()[:20])
            .rstrip(b"=")
            .decode()
        )

    @classmethod
    def kept_in(cls, folder: Path) -> SigningKey:
        """Return the key in `folder`, made there at first use."""
        path = folder / "signing.key"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            found = serialization.load_pem_private_key(path.read_bytes(), None)
        except (OSError, ValueError):
            found = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
            form = (
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            write_private(path, found.private_bytes(*form))
        if not isinstance(found, rsa.RSAPrivateKey):
            raise TypeError(f"{path} is not an RSA key; delete it to make a new one")
        return cls(found)

    def jwks(self) -> dict[str, Any]:
        """Return the public key as a JSON Web Key Set."""
        key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, "x5t": self.kid}
        return {"keys": [key | {"n": self._modulus, "e": self._exponent}]}


def _base64url(number: int) -> str:
    length = (number.bit_length() + 7) // 8
    return base64.urlsafe_b64encode(number.to_bytes(length, "big")).rstrip(b"=").decode()
