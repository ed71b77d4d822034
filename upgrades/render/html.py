"""Self-contained HTML pages: a plan with its timeline and the versions of every pool over time, and a report."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from secure_aks_lifecycle.versions.version import Version

from upgrades.model.moves import ENDS

from . import report
from .axis import Axis, axis, ticks
from .data import as_data
from .escape import inert
from .words import day_and_time, from_to, span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from upgrades.journal.record import Record
    from upgrades.model.steps import Plan
    from upgrades.plan.waves.values import Schedule


OF_A_STATE = 210
"""Hue of what becomes of a pool that is replaced: no version."""
GOLDEN_ANGLE = 137.508
"""Degrees: a walk by it around the circle of hues never comes close to where it was a few steps ago."""
PATCHES = 10
"""Patches of a minor that have a shade of their own."""


def as_html(plans: Sequence[Plan], schedule: Schedule, made: datetime, by: str = "") -> str:
    """Return the page of a plan, made at a moment for somebody. It needs nothing from outside: no script, no font, no style sheet."""
    data = as_data(plans, schedule, by)
    whens = _Whens(schedule)
    clusters = sorted(data["clusters"], key=lambda cluster: (cluster["wave"], cluster["startMinute"]))
    colours = _colours(clusters)
    whole = axis(_busy(step for cluster in clusters for step in cluster["steps"]), schedule.makespan)
    for cluster in clusters:
        _draw(cluster, whole, colours, whens)
    starts = [cluster["startMinute"] for cluster in clusters if cluster["steps"]]
    return (
        _environment()
        .get_template("page.html")
        .render(
            data=data
            | {
                "clusters": clusters,
                "steps": sum(len(cluster["steps"]) for cluster in clusters),
                "blocked": sum(bool(cluster["blockers"]) for cluster in clusters),
            },
            made=made,
            where=sorted({cluster["subscription"] for cluster in clusters if cluster["subscription"]}),
            span_of_all=whens.span(0, schedule.makespan),
            legend=colours,
            waits=[(whole.share((low + high) / 2), span(high - low)) for low, high in whole.waits],
            marks=whens.ticks(ticks(whole, starts, schedule.makespan), whole),
        )
    )


def report_page(record: Record) -> str:
    """Return the report of a rollout as a page; like the plan's it needs nothing from outside."""
    return _environment().get_template("report.html").render(data=report.as_data(record))


def _environment() -> Any:
    # Templates are this folder's own and every value is escaped.
    environment: Any = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_inert,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"span": span, "count": report.count, "found": report.found}
    return environment


def _inert(value: Any) -> Any:
    return inert(value) if type(value) is str else value  # markup that is already safe stays what it is


class _Whens:
    """Writes moments where the schedule is placed in the calendar, and minutes from its start where it is not."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule

    def span(self, start: int, end: int) -> str:
        """Return from when to when; empty without a calendar."""
        begin, over = self.schedule.moment(start), self.schedule.moment(end)
        return from_to(begin, over) if begin and over else ""

    def ticks(self, marks: list[tuple[float, str, bool]], scale: Axis) -> list[tuple[float, str, bool]]:
        """Return the marks of an axis with days in the place of minutes."""
        if self.schedule.begin is None:
            return marks
        return [(place, self._day(scale.minute(place)), last) for place, _, last in marks]

    def _day(self, minute: float) -> str:
        moment = self.schedule.moment(round(minute))
        return f"{moment:%-d %b %H:%M}" if moment else ""


def _draw(cluster: dict[str, Any], whole: Axis, colours: dict[str, int], whens: _Whens) -> None:
    """Add what the page draws of a cluster: its bar in the timeline, and a strip for each target on an axis of its own."""
    steps = cluster["steps"]
    own = axis(_busy(steps), cluster["endMinute"], cluster["startMinute"])
    targets = dict.fromkeys(["control plane", *(step["target"] for step in steps), *cluster["pools"]])
    cluster["bars"] = [_change(step, whole, colours) for step in steps]
    cluster["rows"] = [_row(target, cluster, own, colours) for target in targets]
    begins = [step["startMinute"] for step in steps]
    cluster["marks"] = whens.ticks(ticks(own, begins, cluster["endMinute"]), own)
    cluster["waits"] = [own.share((low + high) / 2) for low, high in own.waits]
    cluster["when"] = whens.span(cluster["startMinute"], cluster["endMinute"]) if steps else ""
    for step in steps:
        step["when"] = whens.span(step["startMinute"], step["startMinute"] + step["expectedMinutes"])
    dates = cluster["deadline"]
    cluster["deadlineText"] = _deadline(dates) if dates else ""


def _deadline(dates: dict[str, Any]) -> str:
    if dates["late"]:
        return f"Too late: {'; '.join(dates['late'])}."
    latest = dates["latestStart"]
    by = f"; start by {day_and_time(datetime.fromisoformat(latest))} at the latest" if latest else ""
    return f"Support of {dates['of']} ends on {dates['supportEnds']}{by}."


def _busy(steps: Iterable[dict[str, Any]]) -> list[tuple[int, int]]:
    return [(step["startMinute"], step["startMinute"] + step["expectedMinutes"]) for step in steps]


def _row(target: str, cluster: dict[str, Any], scale: Axis, colours: dict[str, int]) -> dict[str, Any]:
    """Return one target's strip: stretches of a version, and the stretches in which it changes."""
    began = {"control plane": cluster["controlPlane"], **cluster["pools"]}
    # A pool that is to come runs nothing yet.
    version = first = began.get(target) or next(s["from"] for s in cluster["steps"] if s["target"] == target)
    stretches: list[dict[str, Any]] = []
    changes: list[dict[str, Any]] = []
    since = 0.0
    for step in cluster["steps"]:
        if step["target"] != target:
            continue
        change = _change(step, scale, colours)
        stretches.append(_stretch(version, since, change["left"], colours))
        changes.append(change)
        version, since = step["to"], change["left"] + change["width"]
    stretches.append(_stretch(version, since, 100.0, colours))
    return {"target": target, "first": first, "last": version, "stretches": stretches, "changes": changes}


def _change(step: dict[str, Any], scale: Axis, colours: dict[str, int]) -> dict[str, Any]:
    low = scale.share(step["startMinute"])
    high = scale.share(step["startMinute"] + step["expectedMinutes"])
    title = f"{step['target']}: {step['from']} to {step['to']}, about {span(step['expectedMinutes'])}"
    return {"left": low, "width": high - low, "title": title, "colour": colours[step["to"]]}


def _stretch(version: str, low: float, high: float, colours: dict[str, int]) -> dict[str, Any]:
    return {"version": version, "left": low, "width": max(high - low, 0), "colour": colours[version]}


def _colours(clusters: list[dict[str, Any]]) -> dict[str, int]:
    """Give each version a hue: its own, so that it has the same one in every report."""
    versions = {cluster["controlPlane"] for cluster in clusters}
    versions |= {version for cluster in clusters for version in cluster["pools"].values()}
    versions |= {step[end] for cluster in clusters for step in cluster["steps"] for end in ("from", "to")}
    states = {state for ends in ENDS.values() for state in ends}
    return {
        **{version: hue(version) for version in sorted(versions - states, key=Version.parse)},
        **dict.fromkeys(sorted(versions & states), OF_A_STATE),
    }


def hue(version: str) -> int:
    """Return the hue of a version, from 0 to 359: neighbouring minors lie far apart, the patches of one close together."""
    found = Version.parse(version)
    return round(found.minor_number * GOLDEN_ANGLE + found.patch % PATCHES * 4) % 360
