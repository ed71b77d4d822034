"""Nothing replaces a cluster or a pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.judging.finding import Finding
from secure_aks_lifecycle.judging.on_change import on_change
from secure_aks_lifecycle.judging.rule import Params, Rule
from secure_aks_lifecycle.stack.aks import CHANGE
from secure_aks_lifecycle.stack.replacement import deleted, replaced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secure_aks_lifecycle.judging.context import Context
    from secure_aks_lifecycle.stack.change import Change


def check(change: Change, context: Context, _params: Params) -> Iterator[Finding]:
    """Compare what cannot be changed in place with the stack's last record; in prod, a pool that goes is refused as well."""
    before = change.before or {}
    for refusal in replaced(before, change.after, context.config.system_pool):
        yield Finding(refusal.message, names=refusal.names)
    for refusal in deleted(before, change.after) if context.in_prod else []:
        yield Finding(
            f"{refusal.message}. Or exempt it by name, with reason and end date", names=refusal.names
        )


RULE = Rule(
    id="no-replacement",
    title="Nothing replaces a cluster or one of its node pools, and in production no pool with nodes goes.",
    level="mandatory",
    severity="critical",
    why="A replaced pool takes its pods down with it, and a replaced cluster everything; a small edit of a stack file is enough. Where Azure "
    "refuses the replacement, the name being taken, the `up` fails half-way.",
    remedy="Add the new pool or cluster beside the old one, move the workloads, and remove the old one later.",
    applies={CHANGE}.__contains__,
    check=on_change(check),
    on_stack=True,
)
