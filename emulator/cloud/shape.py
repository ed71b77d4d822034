"""What the file of a cloud has to look like: whoever edited it, or has one of another version, is told the place."""

from __future__ import annotations

from dataclasses import MISSING, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, get_args

from emulator.cloud.fault import Fault
from emulator.properties.values import Props, is_list, is_object

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OperationKind = Literal[
    "Creating", "Updating", "Upgrading", "UpgradingNodeImageVersion", "Starting", "Stopping", "Deleting"
]

SCHEMA = 1
_MOST = 1e15
_TEXTS = ("id", "type", "name")
_KINDS = frozenset(get_args(OperationKind))
_OPERATION = {"id", "kind", "started", "ends", "properties", "fails"}
_OPERATION_TOO = {"name", "error"}
"""What operations have had since there is more to ask about them."""
_FINISHED = {"id", "kind", "started", "ended", "error"}
_RAN = {"orchestratorVersion", "nodeImageVersion", "timestamp"}
_LATER: Props = {"finished": {}, "poolHistory": {}}
"""What files have had since operations and pools are remembered."""
_USAGE = {"cluster", "api", "removedIn", "at"}


def check(data: Any, settings: type) -> None:
    """Look at a whole file's values; `settings` is the class of its settings. Raises ValueError naming the place."""
    if not is_object(data):
        raise ValueError("it is no JSON object")
    data = _LATER | data
    schema = data.get("schema")
    if isinstance(schema, int) and schema > SCHEMA:
        raise ValueError(f"its schema is {schema}, which a newer version wrote, and this one reads {SCHEMA}")
    if type(schema) is not int or schema != SCHEMA:
        raise ValueError(f"its schema is not {SCHEMA}")
    for key in ("serial", "logBytes"):
        _is(isinstance(data.get(key), int) and not isinstance(data[key], bool) and data[key] >= 0, key)
    for key, resource in _objects(data, "resources"):
        _resource(resource, f"resources.{key}")
    for key, operation in _objects(data, "operations"):
        _operation(operation, f"operations.{key}")
    for index, row in enumerate(_rows(data, "faults")):
        _fault(row, f"faults[{index}]")
    for index, row in enumerate(_rows(data, "apiUsage")):
        _is(row.keys() == _USAGE and all(isinstance(v, str) for v in row.values()), f"apiUsage[{index}]")
    _remembered(data)
    _settings(data.get("settings"), settings)


def _remembered(data: Props) -> None:
    for key, ended in _objects(data, "finished"):
        _finished(ended, f"finished.{key}")
    _is(is_object(data["poolHistory"]), "poolHistory")
    for pool in data["poolHistory"]:
        for index, row in enumerate(_rows(data["poolHistory"], pool)):
            _ran(row, f"poolHistory.{pool}[{index}]")


def _resource(value: Props, place: str) -> None:
    _is(value.keys() == {*_TEXTS, "properties"}, place)
    for key in _TEXTS:
        _is(isinstance(value[key], str), f"{place}.{key}")
    _is(is_object(value["properties"]), f"{place}.properties")
    _is(place == f"resources.{value['id'].lower()}", f"{place}.id")


def _operation(value: Props, place: str) -> None:
    _is(value.keys() >= _OPERATION and value.keys() <= _OPERATION | _OPERATION_TOO, place)
    _is(isinstance(value["id"], str), f"{place}.id")
    _is(isinstance(value["kind"], str) and value["kind"] in _KINDS, f"{place}.kind")
    _is(_number(value["started"]), f"{place}.started")
    _is(value["ends"] is None or _number(value["ends"]), f"{place}.ends")
    _is(value["properties"] is None or is_object(value["properties"]), f"{place}.properties")
    _is(isinstance(value["fails"], bool), f"{place}.fails")
    _is(isinstance(value.get("name", ""), str), f"{place}.name")
    _is(value.get("error") is None or is_object(value["error"]), f"{place}.error")


def _finished(value: Props, place: str) -> None:
    _is(value.keys() == _FINISHED, place)
    _is(isinstance(value["id"], str) and isinstance(value["kind"], str), place)
    _is(_number(value["started"]) and _number(value["ended"]), place)
    _is(value["error"] is None or is_object(value["error"]), f"{place}.error")


def _ran(value: Props, place: str) -> None:
    _is(value.keys() == _RAN, place)
    try:
        is_day = datetime.fromisoformat(value["timestamp"]).tzinfo is not None
    except (ValueError, TypeError):
        is_day = False
    _is(is_day, f"{place}.timestamp")


def _fault(value: Props, place: str) -> None:
    given: Mapping[str, Any] = {f.name: f for f in fields(Fault)}
    _is(value.keys() <= given.keys() and "kind" in value, place)
    for name, default in ((name, f.default) for name, f in given.items() if f.default is not MISSING):
        if isinstance(default, (int, str)) and name in value:
            _is(type(value[name]) is type(default), f"{place}.{name}")
    _is(value.get("patch") is None or is_object(value["patch"]), f"{place}.patch")
    try:
        Fault(**value)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{place}: {error}") from None


def _settings(value: Any, kind: type) -> None:
    _is(is_object(value), "settings")
    usual = kind()
    for name in (f.name for f in fields(kind)):
        default = getattr(usual, name)
        given = value.get(name, default)
        right = _number(given) if isinstance(default, float) else type(given) is type(default)
        if isinstance(default, dict):
            right = is_object(given) and all(map(_ITEMS.get(name, _number), given.values()))
        _is(right, f"settings.{name}")


def _text(value: Any) -> bool:
    return isinstance(value, str)


_ITEMS: dict[str, Callable[[Any], bool]] = {
    "policy_tags": _text,
    "sku_restrictions": lambda value: is_list(value) and all(map(_text, value)),
}
"""What a mapping among the settings holds, by its name; numbers where it is not here."""


def _objects(data: Props, key: str) -> list[tuple[str, Props]]:
    value = data.get(key)
    if not is_object(value):
        raise ValueError(f"{key} has another shape")
    for name, item in value.items():
        _is(is_object(item), f"{key}.{name}")
    return list(value.items())


def _rows(data: Props, key: str) -> list[Props]:
    value = data.get(key)
    if not is_list(value):
        raise ValueError(f"{key} has another shape")
    for index, item in enumerate(value):
        _is(is_object(item), f"{key}[{index}]")
    return list(value)


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < _MOST


def _is(right: bool, place: str) -> None:  # noqa: FBT001 - what was asked of the value there
    if not right:
        raise ValueError(f"{place} has another shape")
