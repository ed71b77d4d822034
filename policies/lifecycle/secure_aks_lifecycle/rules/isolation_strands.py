"""A change of isolation goes in the order in which pods always have a node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.judging.finding import Finding
from secure_aks_lifecycle.judging.on_change import on_change
from secure_aks_lifecycle.judging.rule import Params, Rule
from secure_aks_lifecycle.stack.aks import CHANGE
from secure_aks_lifecycle.stack.isolation import strands

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secure_aks_lifecycle.judging.context import Context
    from secure_aks_lifecycle.stack.change import Change


def check(change: Change, _context: Context, _params: Params) -> Iterator[Finding]:
    """Compare teams and pools with those of the stack's last record."""
    for said in strands(change.before or {}, change.after):
        yield Finding(said.text, names=said.names)


RULE = Rule(
    id="isolation-strands",
    title="A new degree of isolation strands no pod, and leaves no other's pods on nodes of one's own.",
    level="mandatory",
    severity="high",
    why="Pods that may run on nodes of their own alone run nowhere until those are there; and a taint drives nobody out.",
    remedy="The nodes first, the word in the next `up`; on the way back the word first. A pool that others use is emptied before it becomes a team's.",
    applies={CHANGE}.__contains__,
    check=on_change(check),
    on_stack=True,
)
