"""What the program declares against what Azure holds, property by property."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any, Literal, cast

from settings.facts.azure_api import members, properties

from .found import at
from .risks import data, risk_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from settings.facts.azure_api import Property, Shape

    from .risks import Risk

Kind = Literal["cluster", "pool"]
_LOOKED_UP = "identityProfile."
"""The program asks Azure for the ids of an identity that it has by its resource id, which a dry run does not."""


@dataclass(frozen=True)
class Difference:
    """One property of a resource: what Azure has, what the program declares (None: nothing), and what the change does."""

    kind: str
    name: str
    path: str
    there: Any
    wanted: Any

    @property
    def risk(self) -> Risk:
        """What it does to what runs."""
        return risk_of(self.kind, self.path)


def differences(
    kind: Kind, name: str, wanted: Mapping[str, Any], there: Mapping[str, Any]
) -> list[Difference]:
    """Return where a cluster or a pool would become another; what AKS chooses or tells beside is none."""
    left: set[str] = set(data("defaults")["of_aks"][kind]) - set(_flat(wanted))
    found = [
        Difference(kind, name, path, had, will)
        for path, had, will in _compared(_same_names(wanted, there), there, "")
        if not _any_of(path, left) and not _same(kind, path, had, will)
    ]
    known = properties(kind)
    return [one for one in found if one.wanted is not None or _is_said(kind, one, known)]


def undeclared(kind: Kind, wanted: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what Azure holds that the program says nothing of, by dotted path, in the largest parts that it says nothing of."""
    for one in differences(kind, "", wanted, there):
        if one.wanted is None:
            yield one.path, cleaned(one.there, _shape_at(one.path, properties(kind)))


def agreed(kind: Kind, wanted: Mapping[str, Any], there: Mapping[str, Any]) -> list[str]:
    """Return the paths at which the program says what Azure has."""
    differ = {one.path for one in differences(kind, "", wanted, there)}
    compared = _compared(_same_names(wanted, there), there, "")
    place = {"resourceGroupName", "resourceName", "agentPoolProfiles"}
    return [path for path, _, will in compared if will is not None and path not in differ | place]


def plain_differences(
    kind: str, name: str, wanted: Mapping[str, Any], there: Mapping[str, Any]
) -> list[Difference]:
    """Return where any other resource would become another: only what the program says is looked at."""
    return [
        Difference(kind, name, path, had, will)
        for path, had, will in _compared(wanted, there, "")
        if will is not None and not _same("", path, had, will)
    ]


def is_nothing(kind: str, path: str, value: Any) -> bool:
    """Tell whether a value says what Azure does anyway."""
    default = data("defaults").get(kind, {}).get(path)
    if value is None or value in ("", [], {}):
        return True
    if value is False:
        return default is None or default is False  # RBAC is on where nothing is said
    if isinstance(value, dict):
        inner = cast("dict[str, Any]", value)
        return all(is_nothing(kind, f"{path}.{key}", item) for key, item in inner.items())
    return default is not None and _plain(default) == _plain(value)


def cleaned(value: Any, shape: Shape | None) -> Any:
    """Return a value without what the API takes no input for."""
    if isinstance(value, dict) and shape and shape.kind == "object":
        known = members(shape.type)
        inner = cast("dict[str, Any]", value)
        return {k: cleaned(v, known[k].shape) for k, v in inner.items() if k in known and v is not None}
    if isinstance(value, list) and shape and shape.of:
        return [cleaned(item, shape.of) for item in cast("list[Any]", value)]
    return cast("Any", value)


def _compared(
    wanted: Mapping[str, Any], there: Mapping[str, Any], place: str
) -> Iterator[tuple[str, Any, Any]]:
    """Yield (path, there, wanted) of every leaf that either side has; a list is a leaf, and so is what one side has alone."""
    for key in dict.fromkeys((*wanted, *there)):
        had, will, path = there.get(key), wanted.get(key), f"{place}{key}"
        if isinstance(will, dict):
            inner = cast("dict[str, Any]", had) if isinstance(had, dict) else {}
            yield from _compared(cast("dict[str, Any]", will), inner, f"{path}.")
        else:
            yield path, had, will


def _same(kind: str, path: str, had: Any, will: Any) -> bool:
    if is_nothing(kind, path, had) and is_nothing(kind, path, will):
        return True
    if path.startswith(_LOOKED_UP) and will == "[unknown]":
        return True
    return _plain(had) == _plain(will)


def _plain(value: Any) -> Any:
    """Return a value in the one spelling that Azure does not tell from others."""
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return str(int(value)) if value == int(value) else str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        items = [_plain(item) for item in cast("list[Any]", value)]
        return sorted(items, key=repr)
    if isinstance(value, dict):
        inner = cast("dict[str, Any]", value)
        return {key: _plain(item) for key, item in inner.items() if item not in (None, [], {})}
    return value


def _text(value: str) -> str:
    if value.startswith("/subscriptions/"):
        return value.lower()
    try:
        return str(ip_network(value)) if "." in value else value
    except ValueError:
        return value


def _same_names(wanted: Mapping[str, Any], there: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is wanted with its add-ons under the names by which Azure has them; and identities as it lists them."""
    made = dict(wanted)
    has = {name.lower(): name for name in at(dict(there), "addonProfiles", {})}
    if addons := made.get("addonProfiles"):
        made["addonProfiles"] = {has.get(name.lower(), name): said for name, said in addons.items()}
    named = at(made, "identity.userAssignedIdentities")
    if isinstance(named, list):
        listed = {str(one).lower() for one in cast("list[Any]", named)}
        theirs: dict[str, Any] = at(dict(there), "identity.userAssignedIdentities", {})
        same = listed == {one.lower() for one in theirs}
        made["identity"] = {**made["identity"], "userAssignedIdentities": theirs if same else named}
    return made


def _is_said(kind: str, one: Difference, known: Mapping[str, Property]) -> bool:
    """Tell whether Azure has something there that it takes as input, and does not anyway."""
    shape = _shape_at(one.path, known)
    return shape is not None and not is_nothing(kind, one.path, cleaned(one.there, shape))


def _shape_at(path: str, known: Mapping[str, Property]) -> Shape | None:
    first, _, rest = path.partition(".")
    shape = known[first].shape if first in known else None
    while rest and shape:
        key, _, rest = rest.partition(".")
        if shape.kind == "map":
            shape = shape.of
        elif shape.kind == "object":
            shape = members(shape.type)[key].shape if key in members(shape.type) else None
        else:
            return None
    return shape


def _any_of(path: str, names: set[str]) -> bool:
    return any(path == name or path.startswith(f"{name}.") for name in names)


def _flat(values: Mapping[str, Any], place: str = "") -> Iterator[str]:
    for key, value in values.items():
        yield f"{place}{key}"
        if isinstance(value, dict):
            yield from _flat(cast("dict[str, Any]", value), f"{place}{key}.")
