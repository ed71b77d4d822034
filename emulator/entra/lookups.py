"""The functions of azuread: one object, by name or by id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.azure import ids
from emulator.entra.types import APPLICATION, GROUP, SERVICE_PRINCIPAL, TYPES, USER
from emulator.errors import ProviderError

if TYPE_CHECKING:
    from emulator.cloud.state import State
    from emulator.properties.values import Props

_ONE = {
    "getGroup": (GROUP, ("objectId", "displayName", "mailNickname")),
    "getUser": (USER, ("objectId", "userPrincipalName", "mailNickname", "mail", "employeeId")),
    "getApplication": (APPLICATION, ("objectId", "clientId", "displayName")),
    "getServicePrincipal": (SERVICE_PRINCIPAL, ("objectId", "clientId", "displayName")),
}
"""Function to the type it looks in and the arguments it may look for, one of which must be given."""


def invoke(state: State, tenant: str, client: str, tok: str, args: Props) -> Props:
    """Answer `azuread:index/<name>:<name>`. Raises ProviderError for what is not found, or not known."""
    name = tok.rsplit(":", 1)[-1]
    if name == "getClientConfig":
        said = {"clientId": client, "objectId": ids.PRINCIPAL, "tenantId": tenant}
        return said | {"id": f"{tenant}-{client}-{ids.PRINCIPAL}"}
    if name in _ONE:
        return _one(state, name, args)
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


def _same(left: Any, right: Any) -> bool:
    return str(left).lower() == str(right).lower()
