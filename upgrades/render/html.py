"""One self-contained HTML page: the timeline, the versions of every pool over time, the steps, what blocks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .axis import Axis, axis
from .data import as_data
from .words import span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from upgrades.fleet import Plan
    from upgrades.waves import Schedule


def as_html(plans: Sequence[Plan], schedule: Schedule, made: datetime) -> str:
    """Return the page. It needs nothing from outside: no script, no font, no style sheet."""
    data = as_data(plans, schedule)
    steps = [step for cluster in data["clusters"] for step in cluster["steps"]]
    busy = ((step["startMinute"], step["startMinute"] + step["expectedMinutes"]) for step in steps)
    scale = axis(busy, schedule.makespan)
    colours = _colours(data["clusters"])
    for cluster in data["clusters"]:
        cluster["rows"] = [
            _row(target, cluster, scale, colours) for target in ("control plane", *cluster["pools"])
        ]
    # Templates are this folder's own and every value is escaped.
    environment: Any = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["span"] = span
    waits = [(scale.share((low + high) / 2), span(high - low)) for low, high in scale.waits]
    return environment.get_template("page.html").render(data=data, made=made, waits=waits, legend=colours)


def _row(target: str, cluster: dict[str, Any], scale: Axis, colours: dict[str, int]) -> dict[str, Any]:
    """Return one target's strip: stretches of a version, and the stretches in which it changes."""
    start = cluster["controlPlane"] if target == "control plane" else cluster["pools"][target]
    mine = [step for step in cluster["steps"] if step["target"] == target]
    stretches: list[dict[str, Any]] = []
    changes: list[dict[str, Any]] = []
    version, since = start, 0.0
    for step in mine:
        low, high = (
            scale.share(step["startMinute"]),
            scale.share(step["startMinute"] + step["expectedMinutes"]),
        )
        stretches.append(_stretch(version, since, high, colours))
        changes.append({"left": low, "width": high - low, "title": f"{step['from']} -> {step['to']}"})
        version, since = step["to"], high
    stretches.append(_stretch(version, since, 100.0, colours))
    return {"target": target, "first": start, "last": version, "stretches": stretches, "changes": changes}


def _stretch(version: str, low: float, high: float, colours: dict[str, int]) -> dict[str, Any]:
    return {"version": version, "left": low, "width": max(high - low, 0), "colour": colours[version]}


def _colours(clusters: list[dict[str, Any]]) -> dict[str, int]:
    """Give each version a hue, old ones warm and new ones cold, so that progress shows at a glance."""
    versions = {cluster["controlPlane"] for cluster in clusters}
    versions |= {version for cluster in clusters for version in cluster["pools"].values()}
    versions |= {step["to"] for cluster in clusters for step in cluster["steps"]}
    ordered = sorted(versions, key=lambda text: [int(part) for part in text.split(".")])
    share = max(len(ordered) - 1, 1)
    return {version: round(25 + 190 * place / share) for place, version in enumerate(ordered)}
