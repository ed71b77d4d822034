"""Entra's tokens: signed with a key of the lab, with the claims that Azure and AKS read.

Claims and codes: "Access token claims reference" and "Microsoft Entra authentication and authorization error codes" of the
Entra documentation.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from emulator.azure import ids
from emulator.cloud.events import CLUSTER_TYPE
from emulator.control_plane.certificates import write_private

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from emulator.cloud.cloud import Cloud

ARM_AUDIENCES = frozenset({"https://management.azure.com", "https://management.core.windows.net"})
LIFETIME = 3600
"""Seconds that a token holds."""
_KEY = "1"


class TokenError(Exception):
    """A token or a login that is refused; `code` is ARM's or Entra's own."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Principal:
    """Who logs in by a client id and a secret; `groups` None: the groups that administer a cluster."""

    client: str
    secret: str
    object_id: str
    groups: tuple[str, ...] | None = None


class Tokens:
    """The tokens of one tenant, whose key and principals are kept in `folder`."""

    def __init__(self, folder: Path, cloud: Cloud, tenant: str = ids.TENANT) -> None:
        self.folder, self.cloud, self.tenant = folder, cloud, tenant
        self.authority = f"https://login.microsoftonline.com/{tenant}"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    @property
    def issuer(self) -> str:
        """Who signs: the `iss` claim."""
        return f"{self.authority}/v2.0"

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        path = self.folder / "signing.key"
        if not path.exists():
            fresh = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            form = (
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            write_private(path, fresh.private_bytes(*form))
        key = serialization.load_pem_private_key(path.read_bytes(), None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError(f"{path}: not an RSA key; delete it")
        return key

    def keys(self) -> dict[str, Any]:
        """Return the public keys, as a JSON Web Key Set."""
        public: dict[str, Any] = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [{**public, "kid": _KEY, "use": "sig", "alg": "RS256"}]}

    def principals(self) -> dict[str, Principal]:
        """Return who may log in, by client id: the lab's own principal, and those added to `principals.json`."""
        own = Principal(ids.CLIENT, "lab", ids.PRINCIPAL)
        path = self.folder / "principals.json"
        more: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
        found = [
            own,
            *(Principal(p["client"], p["secret"], p["object_id"], tuple(p["groups"])) for p in more),
        ]
        return {principal.client: principal for principal in found}

    def add(self, principal: Principal) -> None:
        """Let somebody else log in."""
        path = self.folder / "principals.json"
        rows: list[Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
        write_private(path, json.dumps([*rows, vars(principal)]).encode())

    def issue(self, client: str, secret: str, audience: str) -> dict[str, Any]:
        """Return what the token endpoint answers to a login. Raises TokenError."""
        principal = self.principals().get(client)
        if principal is None:
            raise TokenError(
                "unauthorized_client",
                f"AADSTS700016: Application with identifier '{client}' was not found in the directory '{self.tenant}'.",
            )
        if principal.secret != secret:
            raise TokenError(
                "invalid_client",
                "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client "
                f"secret value, not the client secret ID, for a secret added to app '{client}'.",
            )
        begin = int(time.time())
        groups = self._admins() if principal.groups is None else principal.groups
        claims = {
            "iss": self.issuer,
            "aud": audience.rstrip("/"),
            "iat": begin,
            "nbf": begin,
            "exp": begin + LIFETIME,
            "tid": self.tenant,
            "oid": principal.object_id,
            "sub": principal.object_id,
            "azp": client,
            "idtyp": "app",
            "groups": list(groups),
            "ver": "2.0",
        }
        token = jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": _KEY})
        return {
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "ext_expires_in": LIFETIME,
            "access_token": token,
        }

    def check(self, header: str, audiences: Iterable[str]) -> dict[str, Any]:
        """Return the claims of an `Authorization` header. Raises TokenError."""
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise TokenError(
                "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing."
            )
        try:
            return jwt.decode(
                token, self._key.public_key(), ["RS256"], audience=list(audiences), issuer=self.issuer
            )
        except jwt.ExpiredSignatureError:
            raise TokenError(
                "ExpiredAuthenticationToken", "The access token expiry is in the past."
            ) from None
        except jwt.InvalidAudienceError:
            raise TokenError(
                "InvalidAuthenticationTokenAudience", "The access token is for another audience."
            ) from None
        except jwt.InvalidTokenError as error:
            raise TokenError("InvalidAuthenticationToken", f"The access token is invalid: {error}.") from None

    def _admins(self) -> tuple[str, ...]:
        """Return the groups that administer clusters: the lab's own principal is a member of each."""
        found: set[str] = set()
        for cluster in self.cloud.of_type(CLUSTER_TYPE):
            profile: Any = cluster.properties.get("aadProfile") or {}
            found |= {str(group) for group in profile.get("adminGroupObjectIDs") or ()}
        return tuple(sorted(found))
