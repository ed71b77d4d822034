"""What `windows` tells of a stack: its calendar, how long a pass takes, and what to worry about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from secure_aks_lifecycle import ending

from settings.calendar.reboots import slots

from .calendar import KINDS, Entry, calendar
from .passes import Pass, aks_pass, kured_pass, linux_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from settings import StackSettings
    from settings.sections.maintenance import Window


@dataclass(frozen=True)
class StackView:
    """A stack's part of the answer; `zone` is the time zone of its reboots, or the UTC offset of its windows."""

    stack: str
    settings: StackSettings
    entries: tuple[Entry, ...]
    whole: Pass | None
    warnings: tuple[str, ...]

    @property
    def mode(self) -> str:
        """How its nodes get their OS updates."""
        return self.settings.node_updates.mode


def view(stack: str, settings: StackSettings, begin: datetime, weeks: int) -> StackView:
    """Return what to tell of a stack for some weeks from a moment."""
    end = begin + timedelta(weeks=weeks)
    entries = tuple(calendar(settings, begin, end))
    whole = _pass(settings, begin, end)
    warnings = (*_unfinished(whole), *_uncovered(stack, settings), *_never(settings, entries, weeks))
    return StackView(stack, settings, entries, whole, warnings)


def _pass(settings: StackSettings, begin: datetime, end: datetime) -> Pass | None:
    updates = settings.node_updates
    if updates.kured:
        lengths = [until - at for at, until in slots(updates.kured, begin.date(), end.date())]
        shortest = min(lengths) / timedelta(minutes=1) if lengths else None
        return kured_pass(updates.kured, linux_nodes(settings), shortest)
    if updates.mode == "none":
        return None
    window = settings.maintenance.node_os
    return aks_pass(settings, window.hours * 60 if window else None)


def _unfinished(whole: Pass | None) -> Iterator[str]:
    if whole is None or whole.openings is None or whole.opening_minutes is None:
        return
    expected, longest = whole.openings
    length = f"one opening of {whole.opening_minutes / 60:g} h"
    if expected > 1:
        yield (
            f"a pass over {whole.nodes} nodes, {whole.at_once} at once, cannot finish inside {length}: it is expected to take "
            f"{expected} of them, {longest} at the longest; raise concurrency or surge, or lengthen the window, if that is too slow"
        )
    elif longest > 1:
        yield (
            f"a pass over {whole.nodes} nodes, {whole.at_once} at once, may not finish inside {length}: it takes {longest} of them "
            "when every drain runs into its time-out"
        )


def _uncovered(stack: str, settings: StackSettings) -> Iterator[str]:
    updates, maintenance = settings.node_updates, settings.maintenance
    if updates.mode in ("security-patch", "node-image") and not maintenance.node_os:
        yield "there is no nodeOs window, so AKS replaces nodes at any time; add secure-aks:maintenance.nodeOs"
    idle = [pool.name for pool in settings.all_pools if updates.mode == "none" or not pool.is_linux]
    if updates.mode in ("kured", "none") and idle:
        yield (
            f"no OS updates come by themselves to {', '.join(idle)} (mode {updates.mode}): give them new node images, "
            f"`{ending.there()} upgrades images --stack {stack}`"
        )
    windows: dict[str, Window | None] = {
        "releases": maintenance.releases,
        "upgrades": maintenance.upgrades,
        "nodeOs": maintenance.node_os,
    }
    for kind, window in windows.items():
        if window and window.start_date is None and _rhythm(window) > 1:
            yield f"{kind} has a rhythm and no startDate: which of the days shown it opens on is Azure's choice"


def _never(settings: StackSettings, entries: tuple[Entry, ...], weeks: int) -> Iterator[str]:
    maintenance = settings.maintenance
    declared = [maintenance.releases, maintenance.upgrades, maintenance.node_os, settings.node_updates.kured]
    for kind, one in zip(KINDS, declared, strict=True):
        if one and not any(entry.allowed for entry in entries if entry.kind == kind):
            yield f"{kind} does not open within {weeks} weeks"


def _rhythm(window: Window) -> int:
    one = window
    every = (
        one.daily and one.daily.every_days,
        one.weekly and one.weekly.every_weeks,
        one.monthly and one.monthly.every_months,
        one.relative_monthly and one.relative_monthly.every_months,
    )
    return max(number or 0 for number in every)
