"""How long a step takes and what it needs: estimates from the pool's own settings and the nodes it has."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from upgrades.model.steps import Duration, Load, Needs

if TYPE_CHECKING:
    from upgrades.model.clusters import Pool
    from upgrades.model.steps import Step
    from upgrades.model.view import View

CONTROL_PLANE = Duration(expected=15, longest=60)
"""A control plane upgrade, in minutes: an estimate; AKS documents no figure."""

NODE_MINUTES = {"Linux": 5, "Windows": 12}
"""Minutes until a surge node is Ready: an estimate. Windows images are larger and boot later."""

DRAIN_MINUTES = 2
"""Minutes that a drain takes when nothing holds it up: an estimate (30 s grace, some pods)."""

EMPTY = Duration(expected=2, longest=15)
"""A pool without a node: only its model changes. An estimate."""

BATCH = "10%"
"""What a blue/green upgrade drains of the old nodes at a time unless told otherwise (AKS, drainBatchSize)."""


def surge_of(pool: Pool, nodes: int) -> int:
    """Return the extra nodes that an upgrade makes when the pool has so many."""
    if pool.blue_green:
        return nodes
    wanted = _amount(pool.max_surge, nodes) if pool.max_surge else pool.surge
    return min(wanted, nodes)


def at_once(pool: Pool, nodes: int) -> int:
    """Return how many nodes AKS drains at a time: a batch, as many as it makes beside them, or may take away; one at least."""
    if pool.blue_green:
        return max(_amount(pool.drain_batch or BATCH, nodes), 1)
    taken = _amount(pool.max_unavailable, nodes) if pool.max_unavailable else 0
    return max(surge_of(pool, nodes) or taken, 1)


def pool_duration(pool: Pool, nodes: int | None = None) -> Duration:
    """Return how long AKS takes to replace the pool's nodes, one surge of them after another."""
    count = pool.nodes if nodes is None else nodes
    if count == 0:
        return EMPTY
    batches = math.ceil(count / at_once(pool, count))
    node = NODE_MINUTES.get(pool.os_type, max(NODE_MINUTES.values()))
    made = node if pool.blue_green else node * batches
    last = pool.final_soak_minutes if pool.blue_green else 0
    quick = min(DRAIN_MINUTES, pool.drain_minutes) + pool.soak_minutes
    slow = pool.drain_minutes + pool.soak_minutes
    return Duration(made + batches * quick + last, made + batches * slow + last)


def pool_needs(pool: Pool, nodes: int | None = None) -> Needs:
    """Return what the pool's surge takes: an address for each node (`Pool.node_addresses` says how many in truth), and cores."""
    surge = surge_of(pool, pool.nodes if nodes is None else nodes)
    return Needs(surge, None if pool.cores is None and surge else (pool.cores or 0) * surge)


def most_of(pool: Pool) -> Load | None:
    """Return what the step takes when the autoscaler has made the pool as large as it may; None when it cannot grow."""
    if pool.most <= pool.nodes:
        return None
    return Load(pool.most, pool_duration(pool, pool.most), pool_needs(pool, pool.most))


def load_now(step: Step, view: View) -> Load:
    """Return what a step takes with the nodes that its pool has in a view; what was planned when that is not told."""
    nodes = _nodes(step, view)
    if step.pool is None or step.move or nodes is None:
        return Load(step.pool.nodes if step.pool else 0, step.duration, step.needs)
    return Load(nodes, pool_duration(step.pool, nodes), pool_needs(step.pool, nodes))


def _nodes(step: Step, view: View) -> int | None:
    if view.node_counts is not None and step.target in view.node_counts:
        return view.node_counts[step.target]
    return sum(node.pool == step.target for node in view.nodes or ()) or None


def _amount(text: str, nodes: int) -> int:
    """Read a number of nodes, or a percentage of them, which Azure rounds up."""
    return math.ceil(nodes * int(text[:-1]) / 100) if text.endswith("%") else int(text)
