"""The answer of `windows` in a terminal, with rich: each stack, its windows, and a row for weeks with the same openings."""

from __future__ import annotations

from datetime import timedelta, timezone
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.text import Text

from settings.calendar.windows import WEEKDAYS, utc_offset
from settings.folded import folded
from upgrades.render.words import span

from .calendar import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime, tzinfo

    from .calendar import Entry
    from .view import StackView


def as_text(views: Sequence[StackView], begin: datetime, columns: int = 80) -> Text:
    """Return what `windows` prints; times are those of each window's UTC offset, and of kured's time zone."""
    return Text("\n").join(_folded(line, columns) for view in views for line in _stack(view, begin))


def _stack(view: StackView, begin: datetime) -> Iterator[Text]:
    updates = view.settings.node_updates
    yield Text.assemble((view.stack, "bold"), f"  mode {updates.mode}, channel {updates.channel}")
    for kind in KINDS:
        if any(entry.kind == kind for entry in view.entries):
            yield Text(_heading(view, kind))
            yield from _runs(view, kind, begin)
    if view.whole:
        whole = view.whole
        yield Text(
            f"A pass over {whole.nodes} nodes at most, {whole.at_once} at once: {span(whole.whole.expected)} expected, "
            f"{span(whole.whole.longest)} at the longest."
        )
    for warning in view.warnings:
        yield Text.assemble(("warning: ", "yellow"), warning)
    yield Text("")


def _runs(view: StackView, kind: str, begin: datetime) -> Iterator[Text]:
    """Yield the openings of weeks that follow one another with the same ones, after their first and last day."""
    zone = _zone(view, kind)
    weeks = [(week, _openings(view.entries, kind, zone, week)) for week in _weeks(view, begin)]
    for lines, group in groupby(weeks, lambda one: one[1]):
        same = [week for week, _ in group]
        days = f"  {same[0]} to {same[-1] + timedelta(days=6)}  "
        for line in lines or [Text("-", "dim")]:
            yield Text(days).append_text(line)
            days = " " * len(days)


def _folded(line: Text, columns: int) -> Text:
    """Return a line with the rest below it where it is longer; the styles stand in its first word, which is never folded."""
    whole = folded(line.plain, columns)
    return line if whole == line.plain else Text(whole, spans=line.spans)


def _zone(view: StackView, kind: str) -> tzinfo:
    if kind == "reboots":
        kured = view.settings.node_updates.kured
        return ZoneInfo(kured.time_zone if kured else "UTC")
    maintenance = view.settings.maintenance
    window = {"releases": maintenance.releases, "upgrades": maintenance.upgrades}.get(
        kind, maintenance.node_os
    )
    return timezone(utc_offset(window) if window else timedelta())


def _heading(view: StackView, kind: str) -> str:
    kured = view.settings.node_updates.kured
    return f"reboots ({kured.time_zone})" if kind == "reboots" and kured else kind


def _weeks(view: StackView, begin: datetime) -> list[date]:
    """Return the Mondays from the week before, of which something may still be open, to the last opening's."""
    kinds = {entry.kind for entry in view.entries}
    zones = {kind: _zone(view, kind) for kind in kinds}
    days = {_monday(entry.begin.astimezone(zones[entry.kind]).date()) for entry in view.entries}
    first = max(min(days), _monday(begin.date()) - timedelta(days=7))
    return [first + timedelta(weeks=week) for week in range((max(days) - first).days // 7 + 1)]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _openings(entries: Iterable[Entry], kind: str, zone: tzinfo, week: date) -> list[Text]:
    """Return the openings of a week: days with the same times in one, those on forbidden days as `not`."""
    of_week = [
        (entry, entry.begin.astimezone(zone), entry.end.astimezone(zone))
        for entry in entries
        if entry.kind == kind and _monday(entry.begin.astimezone(zone).date()) == week
    ]
    lines: list[Text] = []
    for (clock, allowed), group in groupby(of_week, lambda one: (_clock(one[1], one[2]), one[0].allowed)):
        names = [f"{opens:%a}" for _, opens, _ in group]
        days = "daily" if len(names) == len(WEEKDAYS) else " ".join(names)
        lines.append(Text(f"{days} {clock}") if allowed else Text(f"not {days} {clock}", "dim"))
    return lines


def _clock(begin: datetime, end: datetime) -> str:
    changes = f" (then {_offset(end)})" if end.utcoffset() != begin.utcoffset() else ""
    return f"{begin:%H:%M}-{end:%H:%M} {_offset(begin)}{changes}"


def _offset(moment: datetime) -> str:
    offset = f"{moment:%z}"
    return f"{offset[:3]}:{offset[3:]}"
