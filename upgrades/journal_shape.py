"""What a line of a journal has to look like: whoever edits one by hand is told the line and what is wrong with it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from .baseline import from_data
from .progress import step_from

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def problem(entry: object, number: int) -> str | None:
    """Say what is wrong with the entry of a line (counted from 1); None when it can be used."""
    if not isinstance(entry, dict):
        return f"is {_kind(entry)} and not an entry"
    line = cast("Mapping[str, Any]", entry)
    if not isinstance(line.get("event"), str):
        return "names no event"
    if line.get("seq") != number or isinstance(line.get("seq"), bool):
        return f"has seq {line.get('seq')!r} where {number} belongs: a line is missing or stands twice"
    try:
        _moment(line.get("at"), "at")
        for name, check in _FIELDS.items():
            if name in line:
                check(line[name], name)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return f"cannot be used: {_said(error)}"
    return "has no steps" if line["event"] == "started" and "steps" not in line else None


def _said(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


def _kind(value: object) -> str:
    names = ((list, "a list"), (str, "a text"), (bool, "a truth value"), ((int, float), "a number"))
    return next((name for kind, name in names if isinstance(value, kind)), "null")


def _moment(value: object, name: str) -> None:
    if not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is None:
        raise ValueError(f"{name} is no time with a zone: {value!r}")


def _steps(value: object, name: str) -> None:
    for place, step in enumerate(_list(value, name)):
        try:
            step_from(_mapping(step, f"{name}[{place}]"))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"{name}[{place}]: {_said(error)}") from None


def _baseline(value: object, name: str) -> None:
    try:
        from_data(dict(_mapping(value, name)))
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"{name}: {_said(error)}") from None


def _gates(value: object, name: str) -> None:
    for place, gate in enumerate(_list(value, name)):
        row = _mapping(gate, f"{name}[{place}]")
        for part in ("code", "title", "level", "verdict"):
            if not isinstance(row.get(part), str):
                raise ValueError(f"{name}[{place}].{part} is no text")  # noqa: TRY004  # one kind of error for bad data
        for part in ("findings", "ignored"):
            for finding in _list(row.get(part), f"{name}[{place}].{part}"):
                found = _mapping(finding, f"{name}[{place}].{part}")
                if not all(isinstance(found.get(key), str) for key in ("resource", "why", "remedy")):
                    raise ValueError(f"{name}[{place}].{part} holds something that is no finding")


def _list(value: object, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{name} is {_kind(value)} and not a list")  # noqa: TRY004  # one kind of error for bad data
    return cast("list[Any]", value)


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{name} is {_kind(value)} and not a mapping")  # noqa: TRY004  # one kind of error for bad data
    return cast("Mapping[str, Any]", value)


def _number(value: object, name: str) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        raise ValueError(f"{name} is no number from 0 up: {value!r}")


def _text(value: object, name: str) -> None:
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{name} is no text: {value!r}")


def _texts(value: object, name: str) -> None:
    if not all(isinstance(item, str) for item in _list(value, name)):
        raise ValueError(f"{name} holds something that is no text")


_FIELDS: dict[str, Callable[[object, str], None]] = {
    "steps": _steps,
    "index": _number,
    "soak": _number,
    "seconds": _number,
    "until": _moment,
    "baseline": _baseline,
    "gates": _gates,
    "preview": _texts,
    "why": _text,
    "remedy": _text,
    "stack": _text,
    "cluster": _text,
    "target": _text,
    "by": _text,
    "what": _text,
    "error": _text,
}
