"""How long a step takes and what it needs: estimates from the pool's own settings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .fleet import Duration, Needs

if TYPE_CHECKING:
    from .fleet import Pool

CONTROL_PLANE = Duration(expected=15, longest=60)
"""A control plane upgrade, in minutes: an estimate; AKS documents no figure."""

NODE_MINUTES = {"Linux": 5, "Windows": 12}
"""Minutes until a surge node is Ready: an estimate. Windows images are larger and boot later."""

DRAIN_MINUTES = 2
"""Minutes that a drain takes when nothing holds it up: an estimate (30 s grace, some pods)."""


def pool_duration(pool: Pool) -> Duration:
    """Return how long AKS takes to replace the pool's nodes, one surge of them after another."""
    batches = math.ceil(pool.nodes / max(pool.surge, 1))
    node = NODE_MINUTES.get(pool.os_type, max(NODE_MINUTES.values()))
    quick = node + min(DRAIN_MINUTES, pool.drain_minutes) + pool.soak_minutes
    slow = node + pool.drain_minutes + pool.soak_minutes
    return Duration(batches * quick, batches * slow)


def pool_needs(pool: Pool) -> Needs:
    """Return the addresses (one a node: overlay pods take none of the subnet) and cores of the pool's surge."""
    return Needs(pool.surge, None if pool.cores is None else pool.cores * pool.surge)
