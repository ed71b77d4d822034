"""What the strips of an HTML page are drawn from: stretches of a version, the changes between them, and a version's colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.versions.version import Version

from .words import span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .axis import Axis

OF_A_STATE = 210
"""Hue of what is no version: a node image, or what becomes of a pool that is replaced."""
GOLDEN_ANGLE = 137.508
"""Degrees: a walk by it around the circle of hues never comes close to where it was a few steps ago."""
PATCHES = 10
"""Patches of a minor that have a shade of their own."""


def row(
    target: str,
    began: Mapping[str, str],
    steps: Iterable[dict[str, Any]],
    scale: Axis,
    colours: Mapping[str, int],
) -> dict[str, Any]:
    """Return one target's strip: stretches of a version, and the stretches in which it changes. `began` is what each ran at first."""
    own = [step for step in steps if step["target"] == target]
    # A pool that is to come runs nothing yet.
    version = first = began.get(target) or own[0]["from"]
    stretches: list[dict[str, Any]] = []
    changes: list[dict[str, Any]] = []
    since = 0.0
    for step in own:
        drawn = change(step, scale, colours)
        stretches.append(_stretch(version, since, drawn["left"], colours))
        changes.append(drawn)
        version, since = step["to"], drawn["left"] + drawn["width"]
    stretches.append(_stretch(version, since, 100.0, colours))
    return {"target": target, "first": first, "last": version, "stretches": stretches, "changes": changes}


def change(step: Mapping[str, Any], scale: Axis, colours: Mapping[str, int]) -> dict[str, Any]:
    """Return the stretch in which a step changes its target."""
    low = scale.share(step["startMinute"])
    high = scale.share(step["startMinute"] + step["expectedMinutes"])
    title = f"{step['target']}: {step['from']} to {step['to']}, about {span(round(step['expectedMinutes']))}"
    return {"left": low, "width": high - low, "title": title, "colour": colours[step["to"]]}


def _stretch(version: str, low: float, high: float, colours: Mapping[str, int]) -> dict[str, Any]:
    return {"version": version, "left": low, "width": max(high - low, 0), "colour": colours[version]}


def colours_of(versions: Iterable[str]) -> dict[str, int]:
    """Give each version a hue: its own, so that it has the same one in every report. What is no version shares one."""
    found: dict[str, Version] = {}
    states: set[str] = set()
    for text in versions:
        try:
            found[text] = Version.parse(text)
        except ValueError:
            states.add(text)
    return {
        **{text: hue(text) for text in sorted(found, key=lambda text: found[text])},
        **dict.fromkeys(sorted(states), OF_A_STATE),
    }


def hue(version: str) -> int:
    """Return the hue of a version, from 0 to 359: neighbouring minors lie far apart, the patches of one close together."""
    found = Version.parse(version)
    return round(found.minor_number * GOLDEN_ANGLE + found.patch % PATCHES * 4) % 360
