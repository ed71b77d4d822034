"""azuread: the directory beside the emulated Azure, as far as access to clusters needs it.

Objects live in the same cloud as ARM's resources, under `/directory/<object id>`. Object ids are GUIDs that belong to the
object's name, so that the same program makes the same ids in every fresh cloud.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from emulator.azure import ids
from emulator.azure.shapes import rows
from emulator.cloud.events import record
from emulator.entra import lookups as entra_lookups
from emulator.entra.directory import application
from emulator.entra.types import DIRECTORY, GROUP, TYPES, EntraType, join
from emulator.errors import ProviderError
from emulator.plugins.base import CheckFailure, Diff, Provider, diff_values
from emulator.properties.urns import type_of
from emulator.properties.values import UNKNOWN, is_list

if TYPE_CHECKING:
    from emulator.cloud.cloud import Cloud
    from emulator.cloud.state import Resource, State
    from emulator.properties.values import Props

_MAKE_GROUPS = {"Group.Create", "Group.ReadWrite.All", "Directory.ReadWrite.All", "Groups Administrator"}


class EntraProvider(Provider):
    """The package `azuread` on a cloud. Safe for several threads: all it changes is the cloud."""

    package = "azuread"

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._tenant, self._client = ids.TENANT, ids.CLIENT

    @override
    def configure(self, config: Props) -> None:
        """Take `tenantId` and `clientId`; whatever else signs in is not needed here."""
        self._tenant = str(config.get("tenantId") or ids.TENANT)
        self._client = str(config.get("clientId") or ids.CLIENT)

    @override
    def check(self, urn: str, olds: Props | None, news: Props) -> tuple[Props, list[CheckFailure]]:
        """Find what is required and missing, and a group that is neither for mail nor for security."""
        kind = TYPES.get(type_of(urn))
        if kind is None:
            return news, [CheckFailure("", f"the emulator does not stand in for {type_of(urn)}")]
        failures = [
            CheckFailure(key, f'The argument "{key}" is required')
            for key in kind.required
            if news.get(key) is None
        ]
        if kind.needs_one_of and all(news.get(k) in (None, False) for k in kind.needs_one_of):
            failures.append(CheckFailure("", f"one of {', '.join(kind.needs_one_of)} must be true"))
        return news, failures

    @override
    def diff(self, urn: str, old_inputs: Props, news: Props) -> Diff:
        """Compare inputs; members and owners are sets."""
        kind = _known(urn)
        old, new = ({k: _as_set(kind, k, v) for k, v in p.items()} for p in (old_inputs, news))
        diffs = diff_values(old, new)
        replaces = [path for path in diffs if path.split("[")[0].split(".")[0] in kind.force_new]
        return Diff(bool(diffs), diffs, replaces, delete_before_replace=bool(replaces))

    @override
    def create(self, urn: str, inputs: Props, *, preview: bool) -> tuple[str, Props]:
        """Create an object of the directory."""
        kind = _known(urn)
        if preview:
            return "", dict.fromkeys(kind.computed, UNKNOWN) | inputs
        self._may(kind)
        with self._cloud.change() as state:
            object_id = kind.object_id(state, inputs)
            return kind.public_id(object_id, inputs), self._store(state, kind, object_id, inputs)

    @override
    def update(self, urn: str, id_: str, old_outputs: Props, news: Props, *, preview: bool) -> Props:
        """Change an object in place."""
        kind = _known(urn)
        if preview:
            return {k: old_outputs.get(k, UNKNOWN) for k in kind.computed} | news
        with self._cloud.change() as state:
            object_id = id_.rsplit("/", 1)[-1]
            if state.get(DIRECTORY + object_id) is None:
                raise ProviderError(
                    f"{kind.name} with object ID {object_id!r} was not found in the directory (404)"
                )
            return self._store(state, kind, object_id, news)

    def _may(self, kind: EntraType) -> None:
        """Raise ProviderError when Entra does not let the caller make groups (Microsoft Graph, "Create group": permissions)."""
        if kind.token != GROUP or self._client.lower() == ids.CLIENT.lower():
            return
        known = application(self._cloud.view(), self._client)
        if not _MAKE_GROUPS & set(rows(known[1].properties, "permissions") if known else ()):
            raise ProviderError(
                "Creating group: unexpected status 403 (403 Forbidden) with error: Authorization_RequestDenied: Insufficient "
                "privileges to complete the operation."
            )

    def _store(self, state: State, kind: EntraType, object_id: str, inputs: Props) -> Props:
        before = state.get(DIRECTORY + object_id)
        kind.refuse(state, object_id, inputs)
        properties = kind.outputs(object_id, inputs, self._tenant)
        state.put(
            DIRECTORY + object_id, kind.token, str(properties.get("displayName", object_id)), properties
        )
        old = dict(before.properties) if before else None
        record(state, "updated" if before else "created", DIRECTORY + object_id, old)
        join(state, inputs, added=True)
        return properties

    @override
    def read(self, urn: str, id_: str, inputs: Props | None) -> tuple[str, Props, Props] | None:
        """Return an object as it is."""
        kind = _known(urn)
        found = self._cloud.get(kind.key_of(id_))
        if found is None:
            return None
        live = found.properties
        if inputs is None:
            return id_, {k: v for k, v in live.items() if k not in kind.computed}, live
        return id_, {k: _live(kind, k, v, live.get(k)) for k, v in inputs.items()}, live

    @override
    def delete(self, urn: str, id_: str, outputs: Props) -> None:
        """Delete an object, and its memberships with it."""
        kind = _known(urn)
        with self._cloud.change() as state:
            found = state.get(kind.key_of(id_))
            if found is None:
                return
            join(state, found.properties, added=False)
            record(state, "deleted", found.id, dict(found.properties))
            state.remove(found.id)
            _forget(state, found)

    @override
    def invoke(self, tok: str, args: Props) -> Props:
        """Look objects up, or say who is signed in."""
        answer = entra_lookups.invoke(self._cloud.view(), self._tenant, self._client, tok, args)
        return copy.deepcopy(answer)


def _forget(state: State, gone: Resource) -> None:
    """Take a deleted object out of the groups that it was in."""
    object_id = gone.properties.get("objectId")
    for group in state.of_type(GROUP):
        if object_id in rows(group.properties, "members"):
            group.properties["members"] = [m for m in group.properties["members"] if m != object_id]


def _as_set(kind: EntraType, key: str, value: Any) -> Any:
    return sorted(value, key=str) if key in kind.sets and is_list(value) else value


def _live(kind: EntraType, key: str, said: Any, live: Any) -> Any:
    return said if _as_set(kind, key, said) == _as_set(kind, key, live) or key in kind.hidden else live


def _known(urn: str) -> EntraType:
    kind = TYPES.get(type_of(urn))
    if kind is None:
        raise ProviderError(f"the emulator does not stand in for {type_of(urn)}")
    return kind
