"""Outside production, what goes with its pods is told before it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.judging.finding import Finding
from secure_aks_lifecycle.judging.on_change import on_change
from secure_aks_lifecycle.judging.rule import Params, Rule
from secure_aks_lifecycle.stack.aks import CHANGE
from secure_aks_lifecycle.stack.replacement import deleted
from secure_aks_lifecycle.stack.teams import lost

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secure_aks_lifecycle.judging.context import Context
    from secure_aks_lifecycle.stack.change import Change


def check(change: Change, context: Context, _params: Params) -> Iterator[Finding]:
    """Compare teams and pools with those of the stack's last record, teams with those of its state too."""
    if context.in_prod:
        return  # `team-removal` and `no-replacement` refuse it there
    before = change.before or {}
    for loss in lost(before, change.after, change.made):
        yield Finding(str(loss), names=loss.names)
    for refusal in deleted(before, change.after):
        yield Finding(refusal.message, names=refusal.names)


RULE = Rule(
    id="deletion-told",
    title="A team or a node pool that goes is told before it goes.",
    level="advisory",
    severity="high",
    why="A team takes its namespace and its groups along, and a pool the pods on it; a list of resources does not say so.",
    remedy="Nothing, if that is what you want; in production it is refused.",
    applies={CHANGE}.__contains__,
    check=on_change(check),
    on_stack=True,
)
