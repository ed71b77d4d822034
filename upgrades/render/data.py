"""A schedule as plain data: what `--json` prints and what the HTML page is drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .words import needs, summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from upgrades.fleet import Plan
    from upgrades.waves import Schedule, Slot

SCHEMA = 1
"""Raised when the shape changes in a way that breaks a reader."""


def as_data(plans: Sequence[Plan], schedule: Schedule) -> dict[str, Any]:
    """Return plans and their schedule as JSON values; times are minutes from the start of the rollout."""
    slots = {id(slot.plan): slot for slot in schedule.slots}
    return {
        "schema": SCHEMA,
        "summary": summary(plans, schedule.makespan),
        "makespanMinutes": schedule.makespan,
        "clusters": [_cluster(plan, slots[id(plan)]) for plan in plans],
    }


def _cluster(plan: Plan, slot: Slot) -> dict[str, Any]:
    steps: list[dict[str, Any]] = []
    for step, start in zip(plan.steps, slot.starts, strict=True):
        steps.append(
            {
                "target": step.target,
                "from": str(step.before),
                "to": str(step.after),
                "reason": step.reason,
                "startMinute": start,
                "waitDays": step.wait_days,
                "expectedMinutes": step.duration.expected,
                "longestMinutes": step.duration.longest,
                "addresses": step.needs.addresses,
                "cores": step.needs.cores,
                "surgeNeeds": needs(step.needs),
            }
        )
    return {
        "cluster": plan.cluster.name,
        "stack": plan.cluster.stack,
        "wave": slot.wave,
        "target": str(plan.target),
        "controlPlane": str(plan.cluster.control_plane),
        "pools": {pool.name: str(pool.version) for pool in plan.cluster.pools},
        "startMinute": slot.start,
        "endMinute": slot.end,
        "steps": steps,
        "blockers": [{"what": item.what, "why": item.why, "unblock": item.unblock} for item in plan.blockers],
    }
