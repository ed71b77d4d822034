"""What else comes with a step, for a cluster and what it uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.facts.changes import Change, Changes

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from upgrades.model.steps import Step


def coming(step: Step, uses: Container[str]) -> list[Change]:
    """List the changes that come with a step: those that always do, and those that meet something in use."""
    known = Changes.load()
    before, after = step.before.minor, step.after.minor
    found = (
        known.of_control_plane(before, after)
        if step.is_control_plane
        else known.of_pool(before, after, step.pool.os_sku if step.pool else "")
    )
    return [change for change in found if not change.uses or change.uses in uses]


def told(step: Step) -> Iterator[str]:
    """Yield in words what always comes with a step."""
    found = {change.name: change for part in step.parts for change in coming(part, ())}
    for change in found.values():
        yield f"{change.what} ({change.name})"
