"""In production, a team's namespace and groups go only on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.judging.finding import Finding
from secure_aks_lifecycle.judging.on_change import on_change
from secure_aks_lifecycle.judging.rule import Params, Rule
from secure_aks_lifecycle.stack.aks import CHANGE
from secure_aks_lifecycle.stack.teams import lost

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secure_aks_lifecycle.judging.context import Context
    from secure_aks_lifecycle.stack.change import Change


def check(change: Change, context: Context, _params: Params) -> Iterator[Finding]:
    """Compare the teams with those of the stack's last record and of its state."""
    for loss in lost(change.before or {}, change.after, change.made):
        act = f"{{rule: team-removal, resource: {{name: {loss.team}}}, reason: why it goes, until: {context.today}}}"
        text = f"{loss}. If it is to go, say so a second time, under `secure-aks:exemptions`: - {act}"
        yield Finding(text, names=loss.names)


RULE = Rule(
    id="team-removal",
    title="In production, a team's namespace and groups go only when the stack file says so twice.",
    level="mandatory",
    severity="critical",
    why="A few deleted lines of a stack file, or a new name, delete a namespace with everything that runs and is kept in it, and groups whose "
    "members nobody else lists.",
    remedy="Put the team back, or, under a new name, keep its `namespace` and its groups' names. If it is to go: an exemption by the team's name, "
    "with a reason and an end date; it comes out of the stack file after the `up`.",
    applies={CHANGE}.__contains__,
    check=on_change(check, only_in_prod=True),
    on_stack=True,
)
