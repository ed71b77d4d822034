"""What a line of a journal has to look like: whoever edits one by hand is told the line and what is wrong with it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from upgrades.model.baseline import from_data
from upgrades.model.step_data import step_from

from .file import JournalDamagedError, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


FORMAT = 1
"""Format of the journals that this version writes; the first line says it."""
_YEARS = range(2000, 9000)
_MOST = 10**9
EVENTS = frozenset(
    [
        "started",
        "resumed",
        "stopped",
        "aborted",
        "finished",
        "retry",
        "reverted",
        "gates-passed",
        "edited",
        "up-started",
        "up-finished",
        "settled",
        "soaking",
        "step-finished",
        "rolling-back",
        "rolled-back",
        "permitted",
        "upgrading",
        "upgraded",
    ]
)


def check(entries: Sequence[Mapping[str, Any]]) -> None:
    """Look at every line of a journal. Raises JournalDamagedError, in one line, for the first that cannot be used."""
    name = getattr(entries, "name", "the journal")
    for number, entry in enumerate(entries, start=1):
        if strange := _of_another_version(entry):
            raise JournalDamagedError(
                name, number, strange, "leave the file as it is, and go on with that one"
            )
        if wrong := problem(entry, number):
            raise JournalDamagedError(name, number, wrong)


def _of_another_version(line: Mapping[str, Any]) -> str:
    """Say by what an entry is another version's: it is whole, and its rollout may stand half-way. Empty for one of this version."""
    form, event = line.get("format", FORMAT), line.get("event")
    if form != FORMAT:
        return f"is of the format {form!r}, which another version of this tool wrote (this one: {FORMAT})"
    if isinstance(event, str) and event not in EVENTS:
        return f"tells of {event!r}, which another version of this tool wrote (this one does not know it)"
    return ""


def problem(line: Mapping[str, Any], number: int) -> str | None:
    """Say what is wrong with the entry of a line (counted from 1); None when it can be used."""
    if not isinstance(line.get("event"), str):
        return "names no event"
    seq = line.get("seq", number)
    if seq != number or isinstance(seq, bool):
        return f"has seq {seq!r} where {number} belongs: a line is missing or stands twice"
    try:
        for name, check in _FIELDS.items():
            if name in line:
                check(line[name], name)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return f"cannot be used: {_said(error)}"
    return "has no steps" if line["event"] == "started" and "steps" not in line else None


def _said(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


def _moment(value: object, name: str) -> None:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    if moment is None or moment.tzinfo is None or moment.year not in _YEARS:
        raise ValueError(f"{name} is no time with a zone, of these years: {value!r}")


def _process(value: object, name: str) -> None:
    process = _mapping(value, name)
    if not isinstance(process.get("host"), str) or type(process.get("pid")) is not int:
        raise ValueError(f"{name} names no host and process id")


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
        raise ValueError(f"{name} is {kind_of(value)} and not a list")  # noqa: TRY004  # one kind of error for bad data
    return cast("list[Any]", value)


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{name} is {kind_of(value)} and not a mapping")  # noqa: TRY004  # one kind of error for bad data
    return cast("Mapping[str, Any]", value)


def _number(value: object, name: str) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= _MOST:
        raise ValueError(f"{name} is no number from 0 up: {value!r}")


def _index(value: object, name: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{name} is no whole number from 0 up: {value!r}")


def _text(value: object, name: str) -> None:
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{name} is no text: {value!r}")


def _texts(value: object, name: str) -> None:
    if not all(isinstance(item, str) for item in _list(value, name)):
        raise ValueError(f"{name} holds something that is no text")


def _lines(value: object, name: str) -> None:
    if not all(isinstance(line, str) for line in _mapping(value, name).values()):
        raise ValueError(f"{name} holds something that is no text")


_FIELDS: dict[str, Callable[[object, str], object]] = {
    "at": _moment,
    "steps": _steps,
    "index": _index,
    "soak": _number,
    "seconds": _number,
    "until": _moment,
    "baseline": _baseline,
    "gates": _gates,
    "preview": _texts,
    "lines": _lines,
    "why": _text,
    "remedy": _text,
    "stack": _text,
    "cluster": _text,
    "target": _text,
    "by": _text,
    "what": _text,
    "error": _text,
    "kind": _text,
    "permit": _mapping,
    "subscription": _text,
    "engine": _text,
    "torn": _text,
    "process": _process,
}
