"""The report of a rollout, for a change request: Markdown, or one self-contained HTML page."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from upgrades.gates.base import Verdict
from upgrades.journal.progress import State
from upgrades.journal.record import Record, StepRecord, versions

from .escape import cell
from .words import elapsed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

HEADLINES = {
    State.DONE: "done",
    State.RUNNING: "under way",
    State.STOPPED: "stopped",
    State.ABORTED: "aborted",
    State.NONE: "not begun",
}


def as_data(record: Record) -> dict[str, Any]:
    """Return the report as JSON values: what `--format json` prints, and what the other forms are made from."""
    facts = record.facts
    until = record.ended or record.last
    return {
        "schema": 1,
        "title": f"{_what(record)} ({facts['cluster']}) {_where_to(record)}: {HEADLINES[record.at.state]}",
        "state": str(record.at.state),
        "facts": {
            "result": f"{HEADLINES[record.at.state]}, {record.done} of {len(record.steps)} steps",
            "cluster": str(facts["cluster"]),
            "subscription": str(facts.get("subscription") or "not told"),
            "started": _moment(record.started),
            "ended": _moment(record.ended) or "not yet",
            "took": elapsed(record.started, until),
            "started by": str(facts["by"]),
            "run on": str(facts["engine"]),
            "soak after each step": f"{facts['soak']} min",
            "stops and interruptions": str(record.breaks),
            "errors of Azure tried again": str(sum(i.kind == "tried again" for i in record.incidents)),
        },
        "why": record.at.why if record.at.state in {State.STOPPED, State.ABORTED} else "",
        "remedy": record.at.remedy,
        "versions": [
            {"target": target, "before": before, "after": after}
            for target, (before, after) in versions(record.steps).items()
        ],
        "steps": [_step(number, row) for number, row in enumerate(record.steps, start=1)],
        "incidents": [
            {
                "at": _moment(item.at),
                "step": item.step,
                "kind": item.kind,
                "text": item.text,
                "gates": list(item.gates),
            }
            for item in record.incidents
        ],
    }


def _what(record: Record) -> str:
    stack = record.facts["stack"]
    if record.at.is_rollback and record.steps:
        return f"Rollback of pool {record.steps[0].step.target} of {stack}"
    if record.steps and record.steps[0].step.is_image:
        return f"Newer node images of {stack}"
    if record.steps and (move := record.steps[0].step.move):
        return f"Pool {move.old} of {stack} replaced by {move.new}"
    if record.steps and record.steps[0].step.whole:
        return f"Full-cluster upgrade of {stack}"
    return f"Upgrade of {stack}"


def _where_to(record: Record) -> str:
    stays = bool(record.steps) and bool(record.steps[0].step.is_image or record.steps[0].step.move)
    return "at " * stays + "to " * (not stays) + f"Kubernetes {record.facts['target']}"


def _step(number: int, row: StepRecord) -> dict[str, Any]:
    step = row.step
    return {
        "number": number,
        "target": step.target,
        "from": step.ends[0],
        "to": step.ends[1],
        "reason": step.reason,
        "result": row.result,
        "started": _moment(row.begun),
        "finished": _moment(row.finished),
        "took": elapsed(row.begun, row.finished) if row.begun and row.finished else "",
        "expectedMinutes": step.duration.expected,
        "up": elapsed(row.up_started, row.up_finished) if row.up_started and row.up_finished else "",
        "ups": row.ups,
        "preview": row.preview,
        "soakedUntil": _moment(row.soaked_until),
        "gatesBefore": row.gates_before,
        "gatesAfter": row.gates_after,
    }


def as_markdown(record: Record) -> str:
    """Return the report as Markdown."""
    data = as_data(record)
    return "\n".join([*_head(data), *_steps(data), *_incidents(data), *_details(data)]) + "\n"


def _head(data: dict[str, Any]) -> Iterator[str]:
    yield from (f"# {cell(data['title'])}", "", "| | |", "|---|---|")
    yield from (f"| {cell(name)} | {cell(value)} |" for name, value in data["facts"].items())
    yield ""
    if data["why"]:
        yield from ("> **Why it ended here.** " + cell(data["why"]), ">", "> " + cell(data["remedy"]), "")
    yield from ("## Versions", "", "| what | before | after |", "|---|---|---|")
    yield from (
        f"| {cell(v['target'])} | {cell(v['before'])} | {cell(v['after'])} |" for v in data["versions"]
    )
    yield ""


def _steps(data: dict[str, Any]) -> Iterator[str]:
    yield from ("## Steps", "", "| # | change | started | took | up | gates before | gates after | result |")
    yield "|---|---|---|---|---|---|---|---|"
    for step in data["steps"]:
        row = (
            str(step["number"]),
            f"{step['target']} {step['from']} to {step['to']}",
            step["started"] or "",
            step["took"],
            step["up"],
            count(step["gatesBefore"]),
            count(step["gatesAfter"]),
            step["result"],
        )
        yield f"| {' | '.join(cell(text) for text in row)} |"
    yield ""


def _incidents(data: dict[str, Any]) -> Iterator[str]:
    yield from ("## What happened in between", "")
    if not data["incidents"]:
        yield from ("Nothing: every step went through at the first try.", "")
        return
    yield from ("| when | step | what | why |", "|---|---|---|---|")
    for item in data["incidents"]:
        row = (item["at"], str(item["step"]), item["kind"], item["text"])
        yield f"| {' | '.join(cell(text) for text in row)} |"
    yield ""


def _details(data: dict[str, Any]) -> Iterator[str]:
    yield from ("## Evidence", "")
    for step in data["steps"]:
        if step["started"] is None:
            continue
        yield from (f"### {step['number']}. {cell(step['target'])} {step['from']} to {step['to']}", "")
        yield f"Why now: {cell(step['reason'])}. Expected about {step['expectedMinutes']} min on Azure."
        shown = "; ".join(cell(change) for change in step["preview"]) or "nothing left to change"
        yield from (f"The preview showed exactly: {shown}.", "")
        yield from ("| gate | when | level | verdict | found |", "|---|---|---|---|---|")
        for when, gates in (("before", step["gatesBefore"]), ("after", step["gatesAfter"])):
            for gate in gates:
                row = (f"{gate['code']} {gate['title']}", when, gate["level"], gate["verdict"], found(gate))
                yield f"| {' | '.join(cell(text) for text in row)} |"
        yield ""


def count(gates: list[dict[str, Any]]) -> str:
    """Write how many gates came out how."""
    counts = Counter(gate["verdict"] for gate in gates)
    return ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict])


def found(gate: dict[str, Any]) -> str:
    """Write a gate's findings in one cell."""
    findings = [*gate["findings"], *gate["ignored"]]
    texts = (f"{f['resource']}: {f['why']}" + (f" ({f['remedy']})" if f["remedy"] else "") for f in findings)
    return "; ".join(texts)


def _moment(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else None
