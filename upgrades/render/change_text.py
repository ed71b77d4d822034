"""The words of a step for a team that goes through pull requests: the commit message, and the pull request's text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates import GATES
from upgrades.gates.base import Level, When
from upgrades.plan.what_changes import told

from .escape import cell, code
from .words import both_ends, needs, span

if TYPE_CHECKING:
    from upgrades.gates.base import Gate
    from upgrades.model.steps import Plan, Step


def commit_message(step: Step) -> tuple[str, str]:
    """Return the subject and the body of the commit that makes the step."""
    what = "the control plane" if step.is_control_plane else f"pool {step.target}"
    subject = f"Move {what} of {step.stack} to Kubernetes {step.after}"
    body = (
        f"{step.cluster}: {step.target} {step.before} -> {step.after}.\n\n"
        f"Why now: {step.reason}.\n"
        f"Expected: {span(step.duration.expected)}; at most {span(step.duration.longest)}.\n"
    )
    return subject, body


def pull_request(made: Plan) -> str:
    """Return the text of the pull request that makes a plan's first step, as Markdown."""
    step, *later = made.steps
    title = (
        f"Takes **{cell(step.target)}** of {code(step.cluster)} (stack {code(step.stack)}) from {step.before} to **{step.after}**: "
        f"step 1 of {len(made.steps)} on the way to {made.target}."
    )
    lines = [
        title,
        "",
        f"- Why now: {cell(step.reason)}.",
        f"- Expected to take {span(step.duration.expected)}, at most {span(step.duration.longest)}.",
    ]
    if needs(step.needs):
        lines.append(f"- Needs for its surge: {both_ends(step)}.")
    lines += [f"- Also changes: {cell(change)}." for change in told(step)]
    lines += [f"- Note: {cell(note)}" for note in made.notes]
    back = (
        "nothing: AKS never lowers a control plane"
        if step.is_control_plane
        else "a rollback of the pool, for 7 days"
    )
    lines += [f"- What can be undone: {back}.", "", "Before the merge, on the cluster:", ""]
    lines += [f"- [ ] {gate.title} ({gate.code})" for gate in _required(step, When.BEFORE)]
    lines += ["", "After the `up`:", ""]
    lines += [f"- [ ] {gate.title} ({gate.code})" for gate in _required(step, When.AFTER)]
    if later:
        then = later[0]
        wait = f", {then.wait_days} days later" if then.wait_days else ""
        lines += ["", f"Next{wait}: {cell(then.target)} {then.before} -> {then.after}."]
    return "\n".join(lines) + "\n"


def _required(step: Step, when: When) -> list[Gate]:
    return [g for g in GATES if g.when is when and g.level is Level.REQUIRED and g.applies(step)]
