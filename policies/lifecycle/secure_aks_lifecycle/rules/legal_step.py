"""An `up` takes one legal step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.judging.finding import Finding
from secure_aks_lifecycle.judging.on_change import on_change
from secure_aks_lifecycle.judging.rule import Param, Params, Rule
from secure_aks_lifecycle.stack.aks import CHANGE
from secure_aks_lifecycle.stack.stack_config import PROGRAM
from secure_aks_lifecycle.versions.advice import newest_patch
from secure_aks_lifecycle.versions.skew import Rules
from secure_aks_lifecycle.versions.steps import illegal, steps_between

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secure_aks_lifecycle.judging.context import Context
    from secure_aks_lifecycle.stack.change import Change
    from secure_aks_lifecycle.versions.steps import Step


def check(change: Change, context: Context, params: Params) -> Iterator[Finding]:
    """Compare what is to be with the stack's last outputs. The first `up` of a stack is free.

    Where a channel or a fleet moves versions, an `up` asks for what runs already: it takes no step. Nor does one on a
    cluster that is there already, whose stack file only says what runs.
    """
    if context.config.version_owner != PROGRAM or context.config.is_existing:
        return
    rules = Rules(skew_minors=params["skewMinors"], pool_skips_minors=params["poolSkipsMinors"])
    before = change.before or {}
    steps = steps_between(before, change.after)
    lts = {name for name in change.after if context.has_lts(name)}
    permitted = context.permit is not None and context.permit.covers(steps, context.now)
    for refusal in illegal(before, change.after, rules, lts, permitted=permitted):
        yield Finding(refusal.message, names=refusal.names)
    if context.permit and steps and not permitted:
        yield Finding(
            f"the permit {context.permit.id} ({context.permit.why}) holds until "
            f"{context.permit.until:%Y-%m-%d %H:%M} UTC and for other moves than these; run the command that wrote it anew"
        )
    for step in steps:
        text = _unlisted(step, context)
        if text:
            yield Finding(text, unknown=True)


def _unlisted(step: Step, context: Context) -> str | None:
    """Say so when the step leads to a patch below the newest that the catalog does not list: perhaps Azure offers it not."""
    release = context.catalog.release(step.after.minor)
    if release is None or step.before == step.after:
        return None
    listed = {patch.version for patch in release.patches}
    if not listed or step.after in listed or step.after > max(listed):
        return None
    newest = newest_patch(step.after.minor, context.catalog, context.today)
    return f"{step.subject} goes to {step.after}, which the catalog does not list; Azure offers {newest} for sure"


RULE = Rule(
    id="legal-step",
    title="An `up` changes one control plane or one node pool, by a step that AKS allows.",
    level="mandatory",
    severity="high",
    why="AKS refuses most illegal steps half-way through an `up`; two changes at once leave two suspects when something breaks.",
    remedy="Take the steps one by one: the control plane first, one minor at a time, then each pool.",
    applies={CHANGE}.__contains__,
    check=on_change(check, tells_malformed=True),
    on_stack=True,
    params={
        "skewMinors": Param(
            "integer",
            3,
            "Minors a pool may be behind its control plane (AKS allows three).",
            setting=("versionRules", "skewMinors"),
            minimum=2,
            maximum=3,
        ),
        "poolSkipsMinors": Param(
            "boolean",
            default=False,
            description="Whether a pool may skip minors on its way up (AKS does not document it).",
            setting=("versionRules", "poolSkipsMinors"),
        ),
    },
)
