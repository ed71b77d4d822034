"""The functions of azuread: one object, or several, by name or by id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.azure import ids
from emulator.entra.types import APPLICATION, GROUP, SERVICE_PRINCIPAL, TYPES, USER
from emulator.errors import ProviderError

if TYPE_CHECKING:
    from emulator.cloud.state import Resource, State
    from emulator.properties.values import Props

_ONE = {
    "getGroup": (GROUP, ("objectId", "displayName", "mailNickname")),
    "getUser": (USER, ("objectId", "userPrincipalName", "mailNickname", "mail", "employeeId")),
    "getApplication": (APPLICATION, ("objectId", "clientId", "displayName")),
    "getServicePrincipal": (SERVICE_PRINCIPAL, ("objectId", "clientId", "displayName")),
}
"""Function to the type it looks in and the arguments it may look for, one of which must be given."""
_OF_GROUPS = {"objectIds": "objectId", "displayNames": "displayName"}
_OF_USERS = {
    "objectIds": "objectId",
    "userPrincipalNames": "userPrincipalName",
    "mailNicknames": "mailNickname",
    "mails": "mail",
}
"""Arguments that name several, and the property of each."""
_SHOWN = (
    "displayName",
    "mail",
    "mailNickname",
    "objectId",
    "userPrincipalName",
    "accountEnabled",
    "userType",
)
"""What is shown of each of several users."""


def invoke(state: State, tenant: str, client: str, tok: str, args: Props) -> Props:
    """Answer `azuread:index/<name>:<name>`. Raises ProviderError for what is not found, or not known."""
    name = tok.rsplit(":", 1)[-1]
    if name == "getClientConfig":
        said = {"clientId": client, "objectId": ids.PRINCIPAL, "tenantId": tenant}
        return said | {"id": f"{tenant}-{client}-{ids.PRINCIPAL}"}
    if name in _ONE:
        return _one(state, name, args)
    if name == "getGroups":
        return _groups(state, args)
    if name == "getUsers":
        return _users(state, args)
    raise ProviderError(f"the emulator does not know the function {tok}")


def _one(state: State, name: str, args: Props) -> Props:
    token, keys = _ONE[name]
    key = next((k for k in keys if args.get(k) is not None), None)
    if key is None:
        raise ProviderError(f"{name}: one of {', '.join(keys)} must be specified")
    found = [r.properties for r in state.of_type(token) if _same(r.properties.get(key), args[key])]
    what = f"{name}: {key} {args[key]!r}"
    if not found:
        raise ProviderError(f"{what} was not found in the directory (404)")
    if len(found) > 1:
        raise ProviderError(f"{what}: there are {len(found)} of them; look for the objectId instead")
    return found[0] | {"id": TYPES[token].public_id(str(found[0]["objectId"]), found[0])}


def _groups(state: State, args: Props) -> Props:
    groups = state.of_type(GROUP)
    prefix: Any = args.get("displayNamePrefix")
    if prefix or args.get("returnAll"):
        found = [g for g in groups if g.name.lower().startswith(str(prefix or "").lower())]
    else:
        found = _several(groups, "group", args, _OF_GROUPS)
    rows = [{"displayName": g.name, "objectId": g.properties["objectId"]} for g in found]
    lists = {many: [row[one] for row in rows] for many, one in _OF_GROUPS.items()}
    return lists | {"id": ids.guid(*(g.id for g in found)), "groups": rows}


def _users(state: State, args: Props) -> Props:
    users = state.of_type(USER)
    found = users if args.get("returnAll") else _several(users, "user", args, _OF_USERS)
    shown = _OF_USERS | {"employeeIds": "employeeId"}
    lists = {many: [u.properties.get(one, "") for u in found] for many, one in shown.items()}
    rows = [{k: u.properties[k] for k in _SHOWN if k in u.properties} for u in found]
    return lists | {"id": ids.guid(*(u.id for u in found)), "users": rows}


def _several(objects: list[Resource], what: str, args: Props, keys: dict[str, str]) -> list[Resource]:
    """Return the objects in the order of the values asked for. Raises ProviderError when one is missing."""
    argument = next((k for k in keys if args.get(k) is not None), None)
    if argument is None:
        raise ProviderError(f"one of {', '.join(keys)} must be specified")
    found: list[Resource] = []
    missing: list[str] = []
    for value in args[argument]:
        hits = [r for r in objects if _same(r.properties.get(keys[argument]), value)]
        found += hits[:1]
        missing += [] if hits else [str(value)]
    if missing and not args.get("ignoreMissing"):
        raise ProviderError(
            f"no {what} with {keys[argument]} {', '.join(missing)} was found in the directory (404)"
        )
    return found


def _same(left: Any, right: Any) -> bool:
    return str(left).lower() == str(right).lower()
