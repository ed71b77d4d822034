"""The functions of azuread: one object, or several, by name or by id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.azure import ids
from emulator.entra.types import TYPES
from emulator.errors import ProviderError

if TYPE_CHECKING:
    from emulator.cloud.state import Resource, State
    from emulator.properties.values import Props

_ONE: dict[str, tuple[str, tuple[str, ...]]] = {
    "getGroup": ("azuread:index/group:Group", ("objectId", "displayName", "mailNickname")),
    "getUser": (
        "azuread:index/user:User",
        ("objectId", "userPrincipalName", "mailNickname", "mail", "employeeId"),
    ),
    "getApplication": ("azuread:index/application:Application", ("objectId", "clientId", "displayName")),
    "getServicePrincipal": (
        "azuread:index/servicePrincipal:ServicePrincipal",
        ("objectId", "clientId", "displayName"),
    ),
}
"""Function to the type it looks in and the arguments it may look for, one of which must be given."""


def invoke(state: State, tenant: str, client: str, tok: str, args: Props) -> Props:
    """Answer `azuread:index/<name>:<name>`. Raises ProviderError for what is not found, or not known."""
    name = tok.rsplit(":", 1)[-1]
    if name == "getClientConfig":
        return {
            "id": f"{tenant}-{client}-{ids.PRINCIPAL}",
            "clientId": client,
            "objectId": ids.PRINCIPAL,
            "tenantId": tenant,
        }
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
    found = [r for r in state.of_type(token) if _same(r.properties.get(key), args[key])]
    what = f"{name}: {key} {args[key]!r}"
    if not found:
        raise ProviderError(f"{what} was not found in the directory (404)")
    if len(found) > 1:
        raise ProviderError(f"{what}: there are {len(found)} of them; look for the objectId instead")
    return found[0].properties | {"id": _public_id(found[0])}


def _groups(state: State, args: Props) -> Props:
    groups = state.of_type("azuread:index/group:Group")
    prefix: Any = args.get("displayNamePrefix")
    if prefix or args.get("returnAll"):
        found = [g for g in groups if g.name.lower().startswith(str(prefix or "").lower())]
    else:
        found = _several(groups, "group", args, {"objectIds": "objectId", "displayNames": "displayName"})
    return {
        "id": ids.guid(*(g.id for g in found)),
        "displayNames": [g.name for g in found],
        "objectIds": [g.properties["objectId"] for g in found],
        "groups": [{"displayName": g.name, "objectId": g.properties["objectId"]} for g in found],
    }


def _users(state: State, args: Props) -> Props:
    users = state.of_type("azuread:index/user:User")
    keys = {
        "objectIds": "objectId",
        "userPrincipalNames": "userPrincipalName",
        "mailNicknames": "mailNickname",
        "mails": "mail",
    }
    found = users if args.get("returnAll") else _several(users, "user", args, keys)
    shown = (
        "displayName",
        "mail",
        "mailNickname",
        "objectId",
        "userPrincipalName",
        "accountEnabled",
        "userType",
    )
    return {
        "id": ids.guid(*(u.id for u in found)),
        "objectIds": [u.properties["objectId"] for u in found],
        "userPrincipalNames": [u.properties["userPrincipalName"] for u in found],
        "mailNicknames": [u.properties.get("mailNickname") for u in found],
        "mails": [u.properties.get("mail", "") for u in found],
        "employeeIds": [u.properties.get("employeeId", "") for u in found],
        "users": [{k: u.properties[k] for k in shown if k in u.properties} for u in found],
    }


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


def _public_id(found: Resource) -> str:
    return TYPES[found.type].public_id(str(found.properties["objectId"]), found.properties)
