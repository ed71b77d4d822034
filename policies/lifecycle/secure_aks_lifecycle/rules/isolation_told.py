"""What a new degree of isolation makes and moves is told before it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.judging.finding import Finding
from secure_aks_lifecycle.judging.on_change import on_change
from secure_aks_lifecycle.judging.rule import Params, Rule
from secure_aks_lifecycle.stack.aks import CHANGE
from secure_aks_lifecycle.stack.isolation import moves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secure_aks_lifecycle.judging.context import Context
    from secure_aks_lifecycle.stack.change import Change


def check(change: Change, _context: Context, _params: Params) -> Iterator[Finding]:
    """Compare teams and pools with those of the stack's last record."""
    for said in moves(change.before or {}, change.after):
        yield Finding(said.text, names=said.names)


RULE = Rule(
    id="isolation-told",
    title="A team's new degree of isolation is told with what is made and what moves.",
    level="advisory",
    severity="medium",
    why="One word of a stack file makes nodes and refuses pods; a list of resources does not say whose pods have to change, and when.",
    remedy="Nothing, if that is what you want.",
    applies={CHANGE}.__contains__,
    check=on_change(check),
    on_stack=True,
)
