"""Versions come here after they have run on the stack that goes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.judging.finding import Finding
from secure_aks_lifecycle.judging.on_change import on_change
from secure_aks_lifecycle.judging.rule import Param, Params, Rule
from secure_aks_lifecycle.stack.aks import CHANGE
from secure_aks_lifecycle.stack.stack_config import PROGRAM
from secure_aks_lifecycle.versions.promotion import Followed, unproven
from secure_aks_lifecycle.versions.steps import steps_between

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secure_aks_lifecycle.judging.context import Context
    from secure_aks_lifecycle.stack.change import Change


def check(change: Change, context: Context, params: Params) -> Iterator[Finding]:
    """Compare the versions new to this stack with what the followed stack has run; a channel or a fleet has its own order."""
    if context.config.version_owner != PROGRAM:
        return
    follows = change.follows or context.config.promotion.get("follows")
    if not isinstance(follows, str):
        return
    if context.permit and context.permit.covers(
        steps_between(change.before or {}, change.after), context.now
    ):
        return  # a way back, or what was done already: waiting would help nobody
    if change.followed is None:
        yield from _nothing_followed(change, follows)
        return
    followed = Followed(follows, change.followed, params["soakDays"])
    for refusal in unproven(change.before, change.after, followed, context.now):
        yield Finding(refusal.message, names=refusal.names)


def _nothing_followed(change: Change, follows: str) -> Iterator[Finding]:
    missing = f"stack {follows} has recorded no versions yet"
    if change.before is None:
        yield Finding(f"{missing}, so nothing is known about its lead over this stack", unknown=True)
        return
    for step in steps_between(change.before, change.after):
        yield Finding(
            f"{step}: {missing}; bring {follows} up first, and take this step there",
            names=tuple(name for name in (step.pool, step.cluster) if name),
        )


RULE = Rule(
    id="promotion",
    title="A version comes to this stack after it has run on the stack that goes first.",
    level="mandatory",
    severity="critical",
    why="What breaks with a version should break where it hurts least, and it needs some days to show.",
    remedy="Take the step on the followed stack, wait for the soak time, then take it here. In an emergency, exempt it with reason and end date.",
    applies={CHANGE}.__contains__,
    check=on_change(check),
    on_stack=True,
    params={
        "soakDays": Param(
            "integer",
            7,
            "Days for which a version must have run on the followed stack.",
            setting=("promotion", "soakDays"),
            minimum=0,
            maximum=365,
        )
    },
)
