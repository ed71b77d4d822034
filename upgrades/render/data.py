"""A schedule as plain data: what `--json` prints and what the HTML page is drawn from."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from upgrades.plan.what_changes import told

from .words import needs, summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from upgrades.model.steps import Plan
    from upgrades.plan.waves.values import Schedule, Slot

SCHEMA = 1
"""Raised when the shape changes in a way that breaks a reader."""


def as_data(plans: Sequence[Plan], schedule: Schedule, by: str = "") -> dict[str, Any]:
    """Return plans and their schedule as JSON values; times are minutes from the start of the rollout.

    `by` is who asked. Where the schedule is placed in the calendar, moments stand beside the minutes, as ISO times in UTC.
    """
    slots = {id(slot.plan): slot for slot in schedule.slots}
    return {
        "schema": SCHEMA,
        "summary": summary(plans, schedule.makespan),
        "makespanMinutes": schedule.makespan,
        "by": by,
        "begin": _iso(schedule, 0),
        "end": _iso(schedule, schedule.makespan),
        "tooLate": schedule.too_late,
        "clusters": [_cluster(plan, slots[id(plan)], schedule) for plan in plans],
    }


def _iso(schedule: Schedule, minute: int) -> str | None:
    moment = schedule.moment(minute)
    return moment.astimezone(UTC).isoformat(timespec="minutes") if moment else None


def _cluster(plan: Plan, slot: Slot, schedule: Schedule) -> dict[str, Any]:
    steps: list[dict[str, Any]] = []
    for step, start in zip(plan.steps, slot.starts, strict=True):
        steps.append(
            {
                "target": step.target,
                "from": step.ends[0],
                "to": step.ends[1],
                "reason": step.reason,
                "startMinute": start,
                "start": _iso(schedule, start),
                "end": _iso(schedule, start + step.duration.expected),
                "latestEnd": _iso(schedule, start + step.duration.longest),
                "waitDays": step.wait_days,
                "expectedMinutes": step.duration.expected,
                "longestMinutes": step.duration.longest,
                "addresses": step.needs.addresses,
                "cores": step.needs.cores,
                "surgeNeeds": needs(step.needs),
                "most": step.most
                and {
                    "nodes": step.most.nodes,
                    "expectedMinutes": step.most.duration.expected,
                    "longestMinutes": step.most.duration.longest,
                    "addresses": step.most.needs.addresses,
                    "cores": step.most.needs.cores,
                    "surgeNeeds": needs(step.most.needs),
                },
                "changes": list(told(step)),
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
        "start": _iso(schedule, slot.start) if steps else None,
        "end": _iso(schedule, slot.end) if steps else None,
        "subscription": plan.cluster.subscription,
        "resourceGroup": plan.cluster.resource_group,
        "deadline": _deadline(slot),
        "notes": list(plan.notes),
        "steps": steps,
        "blockers": [{"what": item.what, "why": item.why, "unblock": item.unblock} for item in plan.blockers],
    }


def _deadline(slot: Slot) -> dict[str, Any] | None:
    """Return when the support of what is left ends, and the last start in time (null: there is none any more)."""
    deadline = slot.deadline
    if deadline is None:
        return None
    latest = deadline.latest
    return {
        "supportEnds": deadline.ends.isoformat(),
        "of": deadline.what,
        "latestStart": latest.astimezone(UTC).isoformat(timespec="minutes") if latest else None,
        "late": list(deadline.late),
    }
