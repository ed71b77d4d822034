"""Self-contained HTML pages: a plan with its timeline and the versions of every pool over time, and a report."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from . import ran, report
from .axis import Axis, axis, ticks
from .data import as_data
from .escape import inert
from .strips import change, colours_of, row
from .words import day_and_time, from_to, span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from upgrades.journal.record import Record
    from upgrades.model.steps import Plan
    from upgrades.plan.waves.values import Schedule


def as_html(plans: Sequence[Plan], schedule: Schedule, made: datetime, by: str = "") -> str:
    """Return the page of a plan, made at a moment for somebody. It needs nothing from outside: no script, no font, no style sheet."""
    data = as_data(plans, schedule, by)
    whens = _Whens(schedule)
    clusters = sorted(data["clusters"], key=lambda cluster: (cluster["wave"], cluster["startMinute"]))
    colours = colours_of(_versions(clusters))
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
            waits=[(whole.share((low + high) / 2), _whole(round(high - low))) for low, high in whole.waits],
            marks=whens.ticks(ticks(whole, starts, schedule.makespan), whole),
        )
    )


def report_page(record: Record) -> str:
    """Return the report of a rollout as a page; like the plan's it needs nothing from outside."""
    drawn = ran.timeline(record)
    return _environment().get_template("report.html").render(data=report.as_data(record), timeline=drawn)


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
    environment.filters |= {"span": _whole, "count": report.count, "found": report.found}
    return environment


def _whole(minutes: int) -> str:
    """Write a length of time that no line break cuts."""
    return span(minutes).replace(" ", "\N{NO-BREAK SPACE}")


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
    began = {"control plane": cluster["controlPlane"], **cluster["pools"]}
    cluster["bars"] = [change(step, whole, colours) for step in steps]
    cluster["rows"] = [row(target, began, steps, own, colours) for target in targets]
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


def _versions(clusters: Iterable[dict[str, Any]]) -> set[str]:
    found: set[str] = set()
    for cluster in clusters:
        found |= {cluster["controlPlane"], *cluster["pools"].values()}
        found |= {step[end] for step in cluster["steps"] for end in ("from", "to")}
    return found
