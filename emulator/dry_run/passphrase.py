"""Secrets of a stack file under Pulumi's passphrase provider.

The format, from pulumi/pulumi `sdk/go/common/resource/config/crypt.go`: AES-256-GCM, the key by PBKDF2-HMAC-SHA256 with
1,000,000 rounds; values "v1:<nonce>:<ciphertext>", the salt "v1:<salt>:<an encrypted "pulumi">", all base64.
"""

from __future__ import annotations

import base64
import hashlib
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emulator.errors import ConfigError
from emulator.properties.values import is_list, is_object

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_ROUNDS = 1_000_000
_CHECK = "pulumi"


class Decrypter:
    """Decrypts and encrypts values of one stack file; asks for the passphrase only when there is a secret."""

    def __init__(self, salt: Any, path: Path) -> None:
        """Take the file's `encryptionsalt` (None when it has none) and its path, for messages."""
        self._salt = salt
        self._path = path

    def decrypt(self, value: Any) -> tuple[Any, bool]:
        """Return `value` with each `{secure: ...}` in it replaced by its text, and whether there was one.

        Raises ConfigError when the passphrase is missing or wrong.
        """
        if is_object(value):
            if set(value) == {"secure"} and isinstance(value["secure"], str):
                return self._open(value["secure"]), True
            done = {k: self.decrypt(v) for k, v in value.items()}
            return {k: v for k, (v, _) in done.items()}, any(s for _, s in done.values())
        if is_list(value):
            items = [self.decrypt(v) for v in value]
            return [v for v, _ in items], any(s for _, s in items)
        return value, False

    def encrypt(self, text: str) -> dict[str, str]:
        """Return `text` as a stack file holds it: `{"secure": ...}`."""
        return {"secure": _seal(self._cipher(), text)}

    def _open(self, sealed: str) -> str:
        try:
            return _unseal(self._cipher(), sealed)
        except ValueError:
            raise ConfigError(
                f"{self._path}: a secret in it cannot be decrypted: it was not written with this salt"
            ) from None

    def _cipher(self) -> AESGCM:
        if not isinstance(self._salt, str):
            raise ConfigError(
                f"{self._path}: it holds secrets but no `encryptionsalt`, so another secrets provider wrote them. "
                "The emulator reads Pulumi's passphrase provider only: `pulumi stack change-secrets-provider passphrase`."
            )
        phrase = read_passphrase()
        if phrase is None:
            raise ConfigError(
                f"{self._path}: it holds secrets. Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE."
            )
        version, salt, check = self._salt.split(":", 2)
        cipher = _derive(phrase, base64.b64decode(salt))
        try:
            right = version == "v1" and _unseal(cipher, check) == _CHECK
        except ValueError:
            right = False
        if not right:
            raise ConfigError(
                f"{self._path}: the passphrase in PULUMI_CONFIG_PASSPHRASE is not the one it was made with"
            )
        return cipher


def new_salt(phrase: str) -> str:
    """Return an `encryptionsalt` for a stack file that has none yet."""
    salt = os.urandom(8)
    return f"v1:{base64.b64encode(salt).decode()}:{_seal(_derive(phrase, salt), _CHECK)}"


def read_passphrase() -> str | None:
    """Return the passphrase from Pulumi's own environment variables."""
    phrase = os.environ.get("PULUMI_CONFIG_PASSPHRASE")
    file = os.environ.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    if phrase is None and file:
        return Path(file).read_text(encoding="utf-8").strip()
    return phrase


@cache
def _derive(phrase: str, salt: bytes) -> AESGCM:
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - only stacks with secrets need it
    except ImportError:
        raise ConfigError(
            "secrets in a stack file need the package `cryptography`: run `make setup`"
        ) from None
    return AESGCM(hashlib.pbkdf2_hmac("sha256", phrase.encode(), salt, _ROUNDS, 32))


def _seal(cipher: AESGCM, text: str) -> str:
    nonce = os.urandom(12)
    sealed = cipher.encrypt(nonce, text.encode(), None)
    return f"v1:{base64.b64encode(nonce).decode()}:{base64.b64encode(sealed).decode()}"


def _unseal(cipher: AESGCM, sealed: str) -> str:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - only stacks with secrets need it

    parts = sealed.split(":")
    if len(parts) != 3 or parts[0] != "v1":  # noqa: PLR2004 - version, nonce, text
        raise ValueError("not a sealed value")
    try:
        return cipher.decrypt(base64.b64decode(parts[1]), base64.b64decode(parts[2]), None).decode()
    except InvalidTag:
        raise ValueError("wrong key") from None
