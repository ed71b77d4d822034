"""A change of how nodes get their OS updates is told before it happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.judging.finding import Finding
from secure_aks_lifecycle.judging.on_change import on_change
from secure_aks_lifecycle.judging.rule import Params, Rule
from secure_aks_lifecycle.stack.aks import CHANGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secure_aks_lifecycle.judging.context import Context
    from secure_aks_lifecycle.stack.change import Change


def check(change: Change, _context: Context, _params: Params) -> Iterator[Finding]:
    """Compare the node OS channels with those of the stack's last outputs."""
    for name, after in change.after.items():
        before = (change.before or {}).get(name)
        if before and before.node_os_channel and before.node_os_channel != after.node_os_channel:
            yield Finding(
                f"cluster {name}: the node OS channel goes from {before.node_os_channel} to {after.node_os_channel}, and AKS "
                "may reimage every node for that, pool by pool and within 24 hours; bring it up when that may happen, "
                "with drains that succeed (./secure-aks upgrades windows)",
                names=(name,),
            )


RULE = Rule(
    id="node-os-channel-change",
    title="A change of the node OS channel is told before it happens.",
    level="advisory",
    why="A change of the channel starts a reimage of the nodes, which drains each of them, though no version changes.",
    remedy="Nothing, if that is what you want now; else bring the change up in a maintenance window.",
    applies={CHANGE}.__contains__,
    check=on_change(check),
    on_stack=True,
)
