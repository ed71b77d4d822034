"""What Azure refuses by the values of a request: tables (refusals.yaml, of AKS and of the rest), with their sources, and their reader."""

from __future__ import annotations

import re
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emulator.azure.errors import ArmError, invalid, not_found
from emulator.azure.ids import group_of, name_of
from emulator.azure.shapes import at, each
from emulator.properties.values import is_list, is_object
from emulator.yaml_files import load_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from emulator.azure.resource_type import Props, Put
    from emulator.cloud.state import Resource, State

    Row = Mapping[str, Any]

ROOTS = {"agentPoolProfile": "agentPoolProfile."}
"""What Azure puts before the name of a parameter, for each part of the tables where there is something."""
_SUBSCRIPTION = re.compile(r"/subscriptions/[^/]+")
_CONDITIONS: dict[str, Callable[[Any, Any], bool]] = {
    "one_of": lambda value, wanted: value in wanted,
    "between": lambda value, ends: isinstance(value, int) and ends[0] <= value <= ends[1],
    "multiple_of": lambda value, number: value % number == 0,
    "matches": lambda value, pattern: re.fullmatch(pattern, str(value)) is not None,
    "length": lambda value, ends: ends[0] <= len(str(value)) <= ends[1],
    "one_key": lambda value, keys: sum(value.get(key) is not None for key in keys) == 1,
    "network": lambda value, how: _is_network(value, strict=how == "strict"),
    "not": lambda value, wanted: not is_so(value, wanted),
}
_WORDS = {"one_of": "one of ", "multiple_of": "a multiple of ", "between": "between "}


@cache
def rows() -> Mapping[str, list[Row]]:
    """Return the rows of all tables, by what they are about."""
    return _part("refused")


@cache
def _part(name: str) -> Mapping[str, Any]:
    tables = [Path(__file__).parent / room / "refusals.yaml" for room in ("aks", "resources")]
    return {kind: found for table in tables for kind, found in load_yaml(table).get(name, {}).items()}


def kept(kind: str) -> list[str]:
    """Return the paths of what a resource of this kind keeps for life."""
    return _part("kept")[kind]


def refuse_if_used(kind: str, state: State, one: Resource) -> None:
    """Refuse to delete a resource of this kind that another one names. Raises ArmError."""
    for row in _part("in_use").get(kind, ()):
        for user in users(state, row["by"], row["path"], one.id):
            raise ArmError(row.get("status", 400), row["code"], row["why"].format(one=one, user=user))


def users(state: State, by: str, path: str, id_: str) -> list[Resource]:
    """Return the resources of a type that name this id at a path."""
    found = state.of_type(by)
    return [one for one in found if id_.lower() in (str(v).lower() for v in each(one.properties, path))]


def check(kind: str, properties: Props, put: Put | None = None) -> None:
    """Refuse the first value that a row of this kind says no to; without `put` nothing is asked of the cloud. Raises ArmError."""
    for row in rows().get(kind, ()):
        beside: Row = row.get("when", {})
        if all(any(is_so(value, beside[path]) for value in each(properties, path)) for path in beside):
            found = each(properties, row["path"])
            for value in _wrong(row, found):
                raise _refusal(kind, row, value, put, count=len(value if is_object(value) else found))
            for value, other in _in_the_way(row, found, properties, put) if put else ():
                raise _refusal(kind, row, value, put, other=other)


def is_so(value: Any, wanted: Any) -> bool:
    """Say whether a value is what a row asks for: one, one of a list, one that meets conditions, or with "*" any at all."""
    if is_object(wanted):
        there = value is not None or "not" in wanted
        return there and all(_CONDITIONS[name](value, said) for name, said in wanted.items())
    return bool(value) if wanted == "*" else value in (wanted if is_list(wanted) else [wanted])


def _is_network(value: Any, *, strict: bool) -> bool:
    try:
        ip_network(value, strict=strict)
    except ValueError:
        return False
    return True


def _wrong(row: Row, found: list[Any]) -> Iterator[Any]:
    """Yield what a row refuses of the values at its path."""
    values = [value for value in found if value is not None]
    if "needs" in row:
        yield from (value for value in found or [None] if not is_so(value, row["needs"]))
    for name in _CONDITIONS.keys() & row.keys():
        yield from (value for value in values if not _CONDITIONS[name](value, row[name]))
    if "contains" in row and not any(is_so(value, row["contains"]) for value in values):
        yield values
    if "distinct" in row and len({repr(value) for value in values}) < len(values):
        yield values
    least, most = row.get("count", (0, len(values)))
    if not least <= len(values) <= most:
        yield values


def _in_the_way(row: Row, found: list[Any], properties: Props, put: Put) -> Iterator[tuple[Any, Any]]:
    """Yield what a row refuses by what else there is: no resource with an id, or another one (yielded too) with the same values."""
    if "exists" in row:
        for id_ in (str(value) for value in found if value and re.fullmatch(row.get("of", ".*"), str(value))):
            if not _SUBSCRIPTION.fullmatch(id_) and put.state.get(row.get("under", "") + id_) is None:
                yield id_, None
    before = each(put.old, row["path"])
    if "unchanged" in row and any(before) and before != found:
        yield found[0], None
    if "unique" in row or "most_beside" in row:
        others = [one for one in put.state.of_type(put.arm_type) if one.id.lower() != put.id.lower()]
        if row.get("in") == "parent":
            others = [one for one in others if one.id.rsplit("/", 2)[0].lower() == put.parent.lower()]
        same = [one for one in others if _values(row, one.properties) == _values(row, properties)]
        if len(same) > row.get("most_beside", 0):
            yield found[0], same[0]


def _values(row: Row, properties: Props) -> list[str]:
    return [str(at(properties, path)).lower() for path in row.get("unique", ())]


def _refusal(kind: str, row: Row, value: Any, put: Put | None, **more: Any) -> ArmError:
    if "exists" in row and "why" not in row:
        return not_found(row["exists"], name_of(value), group_of(value) or "")
    text = row.get("why", "{value} is not {wanted}")
    why = text.format(value=value, last=name_of(str(value)), wanted=_wanted(row), put=put, **more)
    if "code" in row:
        return ArmError(row.get("status", 400), row["code"], why)
    return invalid(row.get("parameter", ROOTS.get(kind, "") + row["path"].replace("[]", "")), why)


def _wanted(row: Row) -> str:
    name = next((name for name in _WORDS if name in row), "needs")
    said = row.get(name, row.get("count"))
    joint = " and " if name == "between" else ", "
    return _WORDS.get(name, "") + (joint.join(map(str, said)) if is_list(said) else str(said))
