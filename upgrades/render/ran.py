"""The timeline of a rollout that ran: what each target was on from its start to its end, with the stops in between."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from upgrades.journal.record import versions

from .axis import QUIET, axis, ticks
from .strips import colours_of, row
from .words import day_and_time, span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from upgrades.journal.record import Record, StepRecord

MINUTE = timedelta(minutes=1)


def timeline(record: Record) -> dict[str, Any] | None:
    """Return what the page draws; None where no step has begun."""
    steps = list(_begun(record))
    if not steps:
        return None
    ends = versions(record.steps)
    busy = [(step["startMinute"], step["startMinute"] + step["expectedMinutes"]) for step in steps]
    over = _minute(record, record.ended or record.last)
    scale = axis(busy, over, quiet=min(QUIET, max(sum(high - low for low, high in busy), 1)))
    colours = colours_of({version for pair in ends.values() for version in pair} | {s["to"] for s in steps})
    began = {target: before for target, (before, _) in ends.items()}
    rows = [row(target, began, steps, scale, colours) for target in ends]
    for one in rows:
        one["last"] = ends[one["target"]][1]
    marks = ticks(scale, [low for low, _ in busy], over)
    return {
        "rows": rows,
        "legend": colours,
        "waits": [scale.share((low + high) / 2) for low, high in scale.waits],
        "waitTexts": [span(round(high - low)) for low, high in scale.waits],
        "stops": [
            {"place": scale.share(_minute(record, one.at)), "title": f"{one.kind} {day_and_time(one.at)}"}
            for one in record.incidents
            if one.kind in {"stopped", "aborted", "resumed"}
        ],
        "marks": [
            (place, f"{record.started + scale.minute(place) * MINUTE:%-d %b %H:%M}", last)
            for place, _, last in marks
        ],
    }


def _begun(record: Record) -> Iterator[dict[str, Any]]:
    """Yield the steps that have begun, as strips are drawn from: one that has not ended lasts until now."""
    for one in record.steps:
        if one.begun is None:
            continue
        start = _minute(record, one.begun)
        length = _minute(record, _changed(one) or record.last) - start
        for part in one.step.parts:
            yield {
                "target": part.target,
                "from": part.ends[0],
                "to": part.ends[1],
                "startMinute": start,
                "expectedMinutes": max(length, 0),
            }


def _changed(one: StepRecord) -> datetime | None:
    """Return when a step's change was over; its soak comes after that."""
    return one.settled or one.finished


def _minute(record: Record, moment: datetime) -> float:
    return max((moment - record.started) / MINUTE, 0)
