"""Room for a surge: what is needed at least, and what AKS makes of less."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.facts.changes import Changes

if TYPE_CHECKING:
    from upgrades.model.steps import Needs, Step
    from upgrades.model.surroundings import Outbound, PodRoom
    from upgrades.model.view import View


def falls_back(step: Step) -> bool:
    """Tell whether AKS goes on with one node at a time when it finds no room for the whole surge: a blue/green upgrade needs all its nodes."""
    rolls = step.move is None and not _doubles(step)
    return rolls and step.after.minor >= Changes.load().surge_fallback


def at_least(step: Step, surge: int) -> int:
    """Return the surge nodes without which a step fails."""
    return min(surge, 1) if falls_back(step) else surge


def fallback(step: Step) -> str:
    """Say what is enough where AKS falls back."""
    return " (one node at a time would do, and there is no room for one)" if falls_back(step) else ""


def of_a_node(step: Step) -> int:
    """Return the addresses of the subnet that a node takes."""
    return step.pool.node_addresses if step.pool else 1


def for_pods(step: Step) -> str:
    """Say why a node takes more than one address."""
    return f" ({of_a_node(step)} a node, for its pods)" if of_a_node(step) > 1 else ""


def pod_room(step: Step, view: View) -> PodRoom | None:
    """Return the room for pods in a subnet of their own; None where the step's pool has no such subnet."""
    return (view.pod_room or {}).get(step.target)


def taker(step: Step) -> str:
    """Say what takes the room: a surge, or a new pool."""
    return f"pool {step.target}" if step.move else "the surge"


def less(step: Step) -> str:
    """Say how a step takes less room."""
    if step.move:
        return "give the new pool fewer nodes (--set count=N)"
    return "upgrade the pool node by node (upgradeStrategy: Rolling)" if _doubles(step) else "lower maxSurge"


def reach(out: Outbound) -> str:
    """Say for how many nodes the outbound addresses are enough."""
    addresses = f"{out.addresses} address{'' if out.addresses == 1 else 'es'}"
    return f"{addresses} with {out.ports_per_node} ports a node reach for {out.most_nodes} nodes"


def _doubles(step: Step) -> bool:
    return step.pool is not None and step.pool.blue_green


def per_node(needs: Needs) -> int:
    """Return the cores of one surge node."""
    return (needs.cores or 0) // needs.addresses if needs.addresses else 0
