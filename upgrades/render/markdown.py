"""A plan for a pull request: Markdown with a Mermaid timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.plan.what_changes import told

from .escape import cell
from .words import both_ends, day_and_time, deadline, from_to, span, summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from upgrades.model.steps import Plan
    from upgrades.plan.waves.values import Schedule


def as_markdown(plans: Sequence[Plan], schedule: Schedule, start: datetime, by: str = "") -> str:
    """Return the plan as Markdown; the timeline counts from `start`, or from where the schedule begins. `by` is who asked."""
    start = schedule.begin or start
    lines = [*_head(plans, schedule, by), *_timeline(schedule, start), *_clusters(plans, schedule)]
    return "\n".join(lines) + "\n"


def _head(plans: Sequence[Plan], schedule: Schedule, by: str) -> Iterator[str]:
    yield "# Upgrade plan"
    yield ""
    yield f"{summary(plans, schedule.makespan)}."
    yield ""
    begin, end = schedule.moment(0), schedule.moment(schedule.makespan)
    if begin and end and schedule.makespan:
        yield f"From {day_and_time(begin)} to {day_and_time(end)}."
        yield ""
    if by:
        yield f"Made for {cell(by)}."
        yield ""


def _timeline(schedule: Schedule, start: datetime) -> Iterator[str]:
    if not any(slot.plan.steps for slot in schedule.slots):
        return
    yield from ("```mermaid", "gantt", "    dateFormat X", "    axisFormat %d %b %H:%M")
    for slot in schedule.slots:
        if not slot.plan.steps:
            continue
        yield f"    section {_plain(slot.plan.cluster.stack)} {_plain(slot.plan.cluster.name)}"
        for step, minute in zip(slot.plan.steps, slot.starts, strict=True):
            begin = int(start.timestamp()) + minute * 60
            end = begin + step.duration.expected * 60
            kind = "crit, " if step.is_control_plane else ""
            yield f"    {_plain(step.target)} {step.ends[1]} :{kind}{begin}, {end}"
    yield from ("```", "")


def _clusters(plans: Sequence[Plan], schedule: Schedule) -> Iterator[str]:
    slots = {id(slot.plan): slot for slot in schedule.slots}
    for plan in plans:
        slot = slots[id(plan)]
        cluster = plan.cluster
        yield f"## {cell(cluster.stack)}: {cell(cluster.name)}, {cluster.control_plane} to {plan.target}"
        yield ""
        if cluster.subscription:
            yield f"Subscription {cell(cluster.subscription)}, resource group {cell(cluster.resource_group)}."
            yield ""
        if slot.deadline:
            yield (
                f"**{cell(deadline(slot.deadline))}.**"
                if slot.deadline.late
                else f"{cell(deadline(slot.deadline))}."
            )
            yield ""
        yield from (f"> {cell(note)}" for note in plan.notes)
        if plan.notes:
            yield ""
        if plan.blockers:
            yield from (
                f"- **Blocked**, {cell(b.what)}: {cell(b.why)}. *{cell(b.unblock)}.*" for b in plan.blockers
            )
        elif not plan.steps:
            yield "Nothing to do: everything is on this version."
        else:
            when = " when |" if schedule.begin else ""
            yield f"| # | change |{when} from | to | expected | at most | surge needs | why |"
            yield f"|---|---|{'---|' if when else ''}---|---|---|---|---|---|"
            for number, (step, start) in enumerate(zip(plan.steps, slot.starts, strict=True), start=1):
                begin, end = schedule.moment(start), schedule.moment(start + step.duration.expected)
                row = (
                    str(number),
                    step.target,
                    *((from_to(begin, end),) if begin and end else ()),
                    *step.ends,
                    span(step.duration.expected),
                    span(step.duration.longest),
                    both_ends(step),
                    step.reason,
                )
                yield f"| {' | '.join(cell(one) for one in row)} |"
            yield from _also(plan)
        yield ""


def _also(plan: Plan) -> Iterator[str]:
    """Yield what else comes with the steps, each once with the targets that it comes to."""
    found: dict[str, list[str]] = {}
    for step in plan.steps:
        for change in told(step):
            found.setdefault(change, []).append(step.target)
    if found:
        yield ""
        yield from (
            f"- Also, with {cell(', '.join(targets))}: {cell(change)}." for change, targets in found.items()
        )


def _plain(text: str) -> str:
    """Keep a name from ending its Mermaid task: colons, semicolons and hashes mean something there."""
    return "".join(" " if char in ":;#,\n" else char for char in text)
