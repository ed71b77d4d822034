"""The key that signs tokens: RSA, kept in a folder, so that tokens outlive the process that gave them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from emulator.cloud.file import replace

if TYPE_CHECKING:
    from pathlib import Path

_BITS = 2048


class SigningKey:
    """The RS256 key in a folder, made there at first use, and the name (`kid`) under which its public half is published."""

    def __init__(self, folder: Path) -> None:
        """Read the key, or make it. Raises TypeError for a file that holds another kind of key."""
        path = folder / "signing.key"
        if not path.exists():
            made = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
            form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            replace(path, made.private_bytes(serialization.Encoding.PEM, *form))
        key = serialization.load_pem_private_key(path.read_bytes(), None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError(f"{path} is not an RSA key; delete it to make a new one")
        self.private = key
        self.public = key.public_key()
        self._public: dict[str, Any] = RSAAlgorithm.to_jwk(self.public, as_dict=True)
        self.kid = hashlib.sha256(self._public["n"].encode()).hexdigest()[:32]

    def jwks(self) -> dict[str, Any]:
        """Return the public key as a JSON Web Key Set."""
        own = {"use": "sig", "alg": "RS256", "kid": self.kid}
        return {"keys": [{k: self._public[k] for k in ("kty", "n", "e")} | own]}
