"""Names in the spelling the rules have them in: ARM templates and AKS's add-ons know no case."""

import re
from functools import cache
from typing import Any, cast

from secure_aks_security.rules import load_rules

_AREAS = {
    "clusters",
    "pools",
    "maintenance",
    "trustedaccess",
    "authenticators",
    "assignments",
    "backups",
    "roledefinitions",
}
_NAME = re.compile(r"[A-Za-z]\w*")


def respelled(properties: dict[str, Any]) -> dict[str, Any]:
    """Return properties with every key that a rule reads spelled as the rule has it."""
    return cast("dict[str, Any]", _value(properties, _spellings()))


def _value(value: Any, spellings: dict[str, str]) -> Any:
    if isinstance(value, dict):
        given = cast("dict[str, Any]", value)
        found: dict[str, Any] = {}
        for key, item in given.items():
            name, own = spellings.get(key.lower(), key), _value(item, spellings)
            # Said twice, as azurePolicy and azurepolicy, nobody knows which counts: a rule can read neither.
            found[name] = [found[name], own] if name in found and found[name] != own else own
        return found
    if isinstance(value, list):
        return [_value(item, spellings) for item in cast("list[Any]", value)]
    return value


@cache
def _spellings() -> dict[str, str]:
    fields = [field for rule in load_rules() if rule.area.name in _AREAS for field in rule.fields]
    names = [name for field in fields for name in _NAME.findall(field)]
    known = (
        "agentPoolProfiles",
        "properties",
        "identity",
        "sku",
        "name",
        "config",
        "enabled",
        "osType",
        "clientId",
        "mode",
        "type",
        "sourceResourceId",
        "labels",
    )
    return {name.lower(): name for name in (*names, *known, "scaleSetPriority", "enableAutoScaling")}
