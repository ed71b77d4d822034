"""Addresses for all pods that the whole surge takes over, where pods have a subnet of their own."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Level, PoolGate
from upgrades.plan.cost import load_now
from upgrades.plan.room import at_least, pod_room

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class PodAddressesForAll(PoolGate):
    """A node asks for 16 more as its pods come: those for which none are left wait until an old node gives its own back."""

    code = "NET005"
    title = "The subnet for pods has addresses for all pods of the whole surge"
    level = Level.RECOMMENDED
    reads = ("pod_room",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        room, surge = pod_room(step, view), load_now(step, view).needs.addresses
        if room is None or room.free is None:
            return
        a_node = room.full(_fullest(view, step))
        if at_least(step, surge) * room.first <= room.free < surge * a_node:
            yield Finding(
                f"pool {step.target}",
                f"the subnet of its pods has {room.free} free addresses, and the nodes of the surge take {surge * a_node} with the pods of "
                f"the old ones ({a_node} a node)",
                "lower maxSurge, free addresses, or expect pods that wait for one",
            )


def _fullest(view: View, step: Step) -> int | None:
    """Return the pods of the node that has the most in the pool; None when pods were not read, or it has none."""
    pool = step.move.old if step.move else step.target
    nodes = Counter(pod.node for pod in view.pods or () if pod.pool == pool)
    return max(nodes.values(), default=None)
