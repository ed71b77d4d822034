"""Words that every form of a report shares."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from upgrades.model.steps import Needs, Plan, Step
    from upgrades.plan.waves.values import Deadline

MINUTE = 60
"""Seconds."""

HOUR = 60
DAY = 24 * HOUR
"""Minutes."""


def span(minutes: int) -> str:
    """Write minutes as people say them: 45 min, 3 h 10 min, 2 d 4 h."""
    if minutes < HOUR:
        return f"{minutes} min"
    if minutes < DAY:
        hours, rest = divmod(minutes, HOUR)
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    days, rest = divmod(minutes, DAY)
    hours = rest // HOUR
    return f"{days} d {hours} h" if hours else f"{days} d"


def day_and_time(moment: datetime) -> str:
    """Write a moment as people say it: Sat 9 Jan 2027, 07:00 UTC."""
    return f"{moment.astimezone(UTC):%a %-d %b %Y, %H:%M} UTC"


def from_to(begin: datetime, end: datetime) -> str:
    """Write two moments; the second without its day when that is the same."""
    begin, end = begin.astimezone(UTC), end.astimezone(UTC)
    until = f"{end:%H:%M}" if end.date() == begin.date() else f"{end:%a %-d %b %H:%M}"
    return f"{begin:%a %-d %b %Y %H:%M} to {until} UTC"


def needs(of: Needs) -> str:
    """Write what a step's surge needs; empty when it needs nothing."""
    if not of.addresses:
        return ""
    cores = "cores unknown" if of.cores is None else f"{of.cores} cores"
    return f"{of.addresses} address{'' if of.addresses == 1 else 'es'}, {cores}"


def deadline(of: Deadline) -> str:
    """Write when a cluster has to begin."""
    ends = f"support of {of.what} ends on {of.ends:%a %-d %b %Y}"
    if of.late:
        return f"too late: {'; '.join(of.late)}" + (
            f"; the last start in time is {day_and_time(of.latest)}" if of.latest else ""
        )
    return f"{ends}; start by {day_and_time(of.latest)} at the latest" if of.latest else ends


def both_ends(step: Step) -> str:
    """Write what a step's surge needs, with what it needs when the autoscaler has made the pool as large as it may."""
    least = needs(step.needs)
    if step.most is None or not least:
        return least
    return f"{least} (at {step.most.nodes} nodes: {needs(step.most.needs)}, at most {span(step.most.duration.longest)})"


def summary(plans: Iterable[Plan], makespan: int) -> str:
    """Write what the whole plan amounts to in one line."""
    plans = list(plans)
    steps = sum(len(plan.steps) for plan in plans)
    blocked = sum(bool(plan.blockers) for plan in plans)
    text = f"{steps} step{'' if steps == 1 else 's'} on {len(plans)} cluster{'' if len(plans) == 1 else 's'}"
    if steps:
        text += f", about {span(makespan)} from start to end"
    return f"{text}; {blocked} blocked" if blocked else text


def elapsed(start: datetime, end: datetime) -> str:
    """Write the time between two moments: in seconds below two minutes."""
    seconds = round((end - start).total_seconds())
    return f"{seconds} s" if seconds < 2 * MINUTE else span(round(seconds / MINUTE))
