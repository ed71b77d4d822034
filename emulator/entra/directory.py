"""Who can sign in without a person: the lab's own service principal, and the applications of the emulated directory."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from emulator.azure import ids
from emulator.azure.shapes import rows
from emulator.cloud.file import replace
from emulator.entra.types import APPLICATION, DIRECTORY, GROUP, SERVICE_PRINCIPAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from emulator.cloud.cloud import Cloud
    from emulator.cloud.state import Resource, State

_PASSWORD = "azuread:index/applicationPassword:ApplicationPassword"  # noqa: S105  (a type token)
_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Principal:
    """An application that signs in: its client id and the object id of its service principal."""

    client: str
    object_id: str


OWNER = Principal(ids.CLIENT, ids.PRINCIPAL)
"""The lab's own service principal, which owns the subscription."""


def owner_secret(folder: Path) -> str:
    """Return the secret of the lab's own service principal, kept in a folder, made at first use. Raises ValueError for a damaged one."""
    path = folder / "client-secret"
    if not path.exists():
        replace(path, secrets.token_urlsafe(30))
    found = path.read_text(encoding="utf-8")
    if not re.fullmatch(r"[\w-]+", found, re.ASCII):
        raise ValueError("no secret of the lab's")
    return found


def application(state: State, client: str) -> tuple[Resource, Resource] | None:
    """Return the application with a client id and its service principal, None when there is none."""
    app = _with(state, APPLICATION, client)
    principal = _with(state, SERVICE_PRINCIPAL, client)
    return (app, principal) if app and principal else None


def _with(state: State, type_: str, client: str) -> Resource | None:
    found = (r for r in state.of_type(type_) if str(r.properties.get("clientId")).lower() == client.lower())
    return next(found, None)


def passwords(state: State, client: str) -> list[Resource]:
    """Return the secrets of an application."""
    return [p for p in state.of_type(_PASSWORD) if p.properties["clientId"].lower() == client.lower()]


def matches(password: Resource, secret: str) -> bool:
    """Say whether this is the secret; only its hash is stored."""
    return hmac.compare_digest(
        str(password.properties["hash"]), _hash(secret, str(password.properties["salt"]))
    )


def is_over(password: Resource, now: datetime) -> bool:
    """Say whether a secret has expired."""
    return datetime.fromisoformat(str(password.properties["endDateTime"])) <= now


def groups_of(state: State, object_id: str) -> frozenset[str]:
    """Return the object ids (in lower case, as Entra writes them) of a principal's groups, by way of other groups too."""
    found: set[str] = set()
    waiting = [object_id.lower()]
    groups = {
        str(g.properties["objectId"]).lower(): {str(m).lower() for m in rows(g.properties, "members")}
        for g in state.of_type(GROUP)
    }
    while waiting:
        member = waiting.pop()
        for id_, members in groups.items():
            if id_ not in found and member in members:
                found.add(id_)
                waiting.append(id_)
    return frozenset(found)


def add_application(
    cloud: Cloud, name: str, groups: Iterable[str] = (), permissions: Iterable[str] = ()
) -> tuple[Principal, str]:
    """Register an application that is a member of groups (object ids); return it and a new secret for it.

    `permissions` are what Entra lets it do: application permissions of Microsoft Graph, or roles of the directory.
    A group that the directory does not have is made, under its object id. The same name is the same application.
    """
    client, object_id = ids.guid("application", name, "client"), ids.guid("application", name, "principal")
    base = {"clientId": client, "displayName": name, "accountEnabled": True}
    with cloud.change() as state:
        _put(state, APPLICATION, ids.guid("application", name), name, base)
        _put(
            state,
            SERVICE_PRINCIPAL,
            object_id,
            name,
            base | {"type": "Application", "permissions": [*permissions]},
        )
        for group in groups:
            there = state.get(DIRECTORY + group) or _put(
                state, GROUP, group, group, {"displayName": group, "securityEnabled": True, "members": []}
            )
            members = [m for m in rows(there.properties, "members") if m != object_id]
            there.properties["members"] = [*members, object_id]
        secret = add_password(state, client)
    return Principal(client, object_id), secret


def add_password(state: State, client: str, ends: datetime | None = None) -> str:
    """Add a secret to an application and return it; it ends in a year unless said."""
    secret, salt, key = secrets.token_urlsafe(30), secrets.token_hex(8), secrets.token_hex(16)
    properties = {
        "clientId": client,
        "keyId": key,
        "salt": salt,
        "hash": _hash(secret, salt),
        "endDateTime": (ends or datetime.now(UTC) + _YEAR).isoformat(),
    }
    state.put(DIRECTORY + key, _PASSWORD, key, properties)
    return secret


def _put(state: State, type_: str, object_id: str, name: str, properties: Mapping[str, object]) -> Resource:
    return state.put(DIRECTORY + object_id, type_, name, {**properties, "objectId": object_id})


def _hash(secret: str, salt: str) -> str:
    return hashlib.sha256((salt + secret).encode()).hexdigest()
