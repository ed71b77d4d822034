"""Access tokens in the form of Entra's version 1.0, which Azure Resource Manager and AKS take (Microsoft Learn, "Access token claims reference")."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jwt

from emulator.azure.errors import refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emulator.entra.directory import Principal
    from emulator.entra.keys import SigningKey

LIFETIME = 3600
"""Seconds for which a token holds."""
ARM_AUDIENCES = (
    "https://management.azure.com",
    "https://management.azure.com/",
    "https://management.core.windows.net",
    "https://management.core.windows.net/",
)
GRAPH_AUDIENCES = (
    "https://graph.microsoft.com",
    "https://graph.microsoft.com/",
    "00000003-0000-0000-c000-000000000000",
)


def issuer(tenant: str) -> str:
    """Return the issuer of a tenant's tokens of version 1.0."""
    return f"https://sts.windows.net/{tenant}/"


@dataclass(frozen=True)
class Caller:
    """Whom a token speaks for."""

    client: str
    object_id: str
    groups: frozenset[str] = field(default_factory=frozenset[str])


def issue(  # noqa: PLR0913  (one for each thing that a token says)
    key: SigningKey,
    tenant: str,
    principal: Principal,
    audience: str,
    groups: Iterable[str],
    *,
    seconds: int = LIFETIME,
) -> str:
    """Return a signed token of a principal for an audience."""
    now = int(time.time())
    claims: dict[str, Any] = {
        "aud": audience,
        "iss": issuer(tenant),
        "iat": now,
        "nbf": now,
        "exp": now + seconds,
        "appid": principal.client,
        "azp": principal.client,
        "appidacr": "1",
        "idp": issuer(tenant),
        "oid": principal.object_id,
        "sub": principal.object_id,
        "tid": tenant,
        "uti": uuid.uuid4().hex[:22],
        "ver": "1.0",
        "groups": sorted(groups),
        "idtyp": "app",
    }
    return jwt.encode(claims, key.private, algorithm="RS256", headers={"kid": key.kid})


def read(key: SigningKey, tenant: str, token: str, audiences: tuple[str, ...]) -> Caller:
    """Return whom a token speaks for. Raises ArmError for one that is over, of somebody else, or for something else."""
    try:
        if jwt.get_unverified_header(token).get("kid") != key.kid:
            raise refusal("InvalidAuthenticationToken.key")
        claims: dict[str, Any] = jwt.decode(
            token,
            key.public,
            algorithms=["RS256"],
            options={"verify_aud": False, "require": ["exp", "iat", "iss", "aud", "oid", "tid"]},
        )
    except jwt.ExpiredSignatureError:
        ended = jwt.decode(token, options={"verify_signature": False}).get("exp")
        raise refusal("ExpiredAuthenticationToken", ended=_utc(ended), now=_utc(time.time())) from None
    except jwt.InvalidTokenError as error:
        raise refusal("InvalidAuthenticationToken.form", error=error) from None
    if claims["tid"] != tenant or claims["iss"] != issuer(tenant):
        raise refusal("InvalidAuthenticationTokenTenant", claims=claims, issuer=issuer(tenant))
    if claims["aud"] not in audiences:
        allowed = ",".join(f"'{a}'" for a in audiences)
        raise refusal("InvalidAuthenticationTokenAudience", claims=claims, allowed=allowed)
    return Caller(str(claims.get("appid")), str(claims["oid"]), frozenset(claims.get("groups") or ()))


def _utc(seconds: Any) -> str:
    return time.strftime("%m/%d/%Y %H:%M:%S", time.gmtime(float(seconds or 0)))
