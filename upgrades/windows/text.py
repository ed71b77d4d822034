"""The answer of `windows` in a terminal, with rich: a table for each stack, a row for each week."""

from __future__ import annotations

from datetime import timedelta, timezone
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.console import Group
from rich.table import Table
from rich.text import Text

from settings.calendar.windows import WEEKDAYS, utc_offset
from upgrades.render.words import span

from .calendar import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime, tzinfo

    from rich.console import RenderableType

    from .calendar import Entry
    from .view import StackView


def as_text(views: Sequence[StackView], begin: datetime) -> Group:
    """Return what `windows` prints; times are those of each window's UTC offset, and of kured's time zone."""
    return Group(*(part for view in views for part in _stack(view, begin)))


def _stack(view: StackView, begin: datetime) -> Iterator[RenderableType]:
    updates = view.settings.node_updates
    yield Text.assemble((view.stack, "bold"), f"  mode {updates.mode}, channel {updates.channel}")
    kinds = [kind for kind in KINDS if any(entry.kind == kind for entry in view.entries)]
    if kinds:
        zones = {kind: _zone(view, kind) for kind in kinds}
        table = Table("week of", *(_heading(view, kind) for kind in kinds), box=None, pad_edge=False)
        for week in _weeks(view.entries, zones, begin):
            cells = [_cell(view.entries, kind, zones[kind], week) for kind in kinds]
            table.add_row(week.isoformat(), *cells)
        yield table
    if view.whole:
        whole = view.whole
        yield Text(
            f"A pass over {whole.nodes} nodes at most, {whole.at_once} at once: {span(whole.whole.expected)} expected, "
            f"{span(whole.whole.longest)} at the longest."
        )
    for warning in view.warnings:
        yield Text.assemble(("warning: ", "yellow"), warning)
    yield Text("")


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


def _weeks(entries: Iterable[Entry], zones: dict[str, tzinfo], begin: datetime) -> list[date]:
    days = {_monday(entry.begin.astimezone(zones[entry.kind]).date()) for entry in entries}
    first = _monday(begin.date())
    return sorted(day for day in days if day >= first - timedelta(days=7))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _cell(entries: Iterable[Entry], kind: str, zone: tzinfo, week: date) -> Text:
    """Return the openings of a week: days with the same times in one, those on forbidden days struck out."""
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
    return Text("\n").join(lines)


def _clock(begin: datetime, end: datetime) -> str:
    offset = f"{begin:%z}"
    changes = f" (then {end:%z})" if end.utcoffset() != begin.utcoffset() else ""
    return f"{begin:%H:%M}-{end:%H:%M} {offset[:3]}:{offset[3:]}{changes}"
