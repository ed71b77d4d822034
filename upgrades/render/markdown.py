"""A plan for a pull request: Markdown with a Mermaid timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .words import needs, span, summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from upgrades.fleet import Plan
    from upgrades.waves import Schedule


def as_markdown(plans: Sequence[Plan], schedule: Schedule, start: datetime) -> str:
    """Return the plan as Markdown; the timeline counts from `start`."""
    return "\n".join([*_head(plans, schedule), *_timeline(schedule, start), *_clusters(plans)]) + "\n"


def _head(plans: Sequence[Plan], schedule: Schedule) -> Iterator[str]:
    yield "# Upgrade plan"
    yield ""
    yield f"{summary(plans, schedule.makespan)}."
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
            yield f"    {_plain(step.target)} {step.after} :{kind}{begin}, {end}"
    yield from ("```", "")


def _clusters(plans: Sequence[Plan]) -> Iterator[str]:
    for plan in plans:
        cluster = plan.cluster
        yield f"## {cell(cluster.stack)}: {cell(cluster.name)}, {cluster.control_plane} to {plan.target}"
        yield ""
        if plan.blockers:
            yield from (
                f"- **Blocked**, {cell(b.what)}: {cell(b.why)}. *{cell(b.unblock)}.*" for b in plan.blockers
            )
        elif not plan.steps:
            yield "Nothing to do: everything is on this version."
        else:
            yield "| # | change | from | to | expected | at most | surge needs | why |"
            yield "|---|---|---|---|---|---|---|---|"
            for number, step in enumerate(plan.steps, start=1):
                row = (
                    str(number),
                    step.target,
                    str(step.before),
                    str(step.after),
                    span(step.duration.expected),
                    span(step.duration.longest),
                    needs(step.needs),
                    step.reason,
                )
                yield f"| {' | '.join(cell(one) for one in row)} |"
        yield ""


def cell(text: str) -> str:
    """Keep a name from ending its table cell or starting markup."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def _plain(text: str) -> str:
    """Keep a name from ending its Mermaid task: colons, semicolons and hashes mean something there."""
    return "".join(" " if char in ":;#,\n" else char for char in text)
