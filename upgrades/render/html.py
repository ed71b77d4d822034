"""Self-contained HTML pages: a plan with its timeline and the versions of every pool over time, and a report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from . import report
from .axis import Axis, axis, ticks
from .data import as_data
from .words import span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from upgrades.fleet import Plan
    from upgrades.record import Record
    from upgrades.waves import Schedule


def as_html(plans: Sequence[Plan], schedule: Schedule, made: datetime) -> str:
    """Return the page of a plan. It needs nothing from outside: no script, no font, no style sheet."""
    data = as_data(plans, schedule)
    clusters = sorted(data["clusters"], key=lambda cluster: (cluster["wave"], cluster["startMinute"]))
    colours = _colours(clusters)
    whole = axis(_busy(step for cluster in clusters for step in cluster["steps"]), schedule.makespan)
    for cluster in clusters:
        _draw(cluster, whole, colours)
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
            legend=colours,
            waits=[(whole.share((low + high) / 2), span(high - low)) for low, high in whole.waits],
            marks=ticks(whole, starts, schedule.makespan),
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
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"span": span, "count": report.count, "found": report.found}
    return environment


def _draw(cluster: dict[str, Any], whole: Axis, colours: dict[str, int]) -> None:
    """Add what the page draws of a cluster: its bar in the timeline, and a strip for each target on an axis of its own."""
    steps = cluster["steps"]
    own = axis(_busy(steps), cluster["endMinute"], cluster["startMinute"])
    targets = dict.fromkeys(["control plane", *(step["target"] for step in steps), *cluster["pools"]])
    cluster["bars"] = [_change(step, whole, colours) for step in steps]
    cluster["rows"] = [_row(target, cluster, own, colours) for target in targets]
    begins = [step["startMinute"] for step in steps]
    cluster["marks"] = ticks(own, begins, cluster["endMinute"])


def _busy(steps: Iterable[dict[str, Any]]) -> list[tuple[int, int]]:
    return [(step["startMinute"], step["startMinute"] + step["expectedMinutes"]) for step in steps]


def _row(target: str, cluster: dict[str, Any], scale: Axis, colours: dict[str, int]) -> dict[str, Any]:
    """Return one target's strip: stretches of a version, and the stretches in which it changes."""
    version = first = cluster["controlPlane"] if target == "control plane" else cluster["pools"][target]
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
    """Give each version a hue, old ones warm and new ones cold, so that progress shows at a glance."""
    versions = {cluster["controlPlane"] for cluster in clusters}
    versions |= {version for cluster in clusters for version in cluster["pools"].values()}
    versions |= {step["to"] for cluster in clusters for step in cluster["steps"]}
    ordered = sorted(versions, key=lambda text: [int(part) for part in text.split(".")])
    share = max(len(ordered) - 1, 1)
    return {version: round(30 + 185 * place / share) for place, version in enumerate(ordered)}
