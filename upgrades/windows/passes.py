"""How long one pass over all nodes takes: every node drained, and rebooted or replaced, once."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from settings.fields.durations import parse
from upgrades.model.steps import Duration
from upgrades.observe.stacks import as_cluster
from upgrades.plan.cost import DRAIN_MINUTES, pool_duration

if TYPE_CHECKING:
    from settings import StackSettings
    from settings.sections.kured import Kured

REBOOT_MINUTES = 5
"""From the signal until kured runs again: an estimate; `settings.kured.REBOOT_ALLOWANCE` is the limit used for the longest."""
START_MINUTES = 1.5
"""kured looks for a lock of its own between half a minute and a minute and a half after it started (its source, 1.23)."""


@dataclass(frozen=True)
class Pass:
    """A pass over the nodes: their number at most, how many at once, and minutes.

    `turn` is one node's (kured) or None where AKS replaces nodes pool by pool; `openings` is how many openings the pass
    is expected to take and may take at the longest, None where there are none.
    """

    nodes: int
    at_once: int
    turn: Duration | None
    whole: Duration
    opening_minutes: float | None = None
    openings: tuple[int, int] | None = None


def kured_pass(kured: Kured, nodes: int, opening_minutes: float | None) -> Pass:
    """Return the pass of kured over `nodes` Linux nodes, which begins reboots in openings of that length."""
    rounds = math.ceil(nodes / kured.concurrency)
    period, release = _minutes(parse(kured.period)), _minutes(parse(kured.lock_release_delay))
    drain = min(DRAIN_MINUTES, _minutes(parse(kured.drain_timeout)))
    quick = _minutes(parse(kured.drain_delay)) + drain + REBOOT_MINUTES + release
    # The lock goes to the first node that looks: of many that wait, one looks soon.
    waits = sum(period / (left + 1) for left in range(1, nodes + 1)) / kured.concurrency
    turn = Duration(
        math.ceil(quick + waits / max(rounds, 1)),
        math.ceil(_minutes(kured.longest_turn) + START_MINUTES + period),
    )
    whole = Duration(rounds * turn.expected, rounds * turn.longest)
    openings = None
    if opening_minutes:
        # A reboot that begins before the end of an opening is finished after it.
        begun = [math.floor(opening_minutes / one) + 1 for one in (turn.expected, turn.longest)]
        openings = math.ceil(rounds / begun[0]), math.ceil(rounds / begun[1])
    return Pass(nodes, kured.concurrency, turn, whole, opening_minutes, openings)


def aks_pass(settings: StackSettings, opening_minutes: float | None) -> Pass:
    """Return the pass in which AKS gives every pool a new node image, its surge at once, one pool after another."""
    pools = as_cluster("", settings, None).pools
    shape = {pool.name: pool for pool in settings.all_pools}
    full = [
        replace(pool, nodes=shape[pool.name].max_nodes, surge=shape[pool.name].surge_nodes) for pool in pools
    ]
    lengths = [pool_duration(pool) for pool in full]
    whole = Duration(sum(one.expected for one in lengths), sum(one.longest for one in lengths))
    openings = None
    if opening_minutes:
        openings = math.ceil(whole.expected / opening_minutes), math.ceil(whole.longest / opening_minutes)
    at_once = max((max(pool.surge, 1) for pool in full), default=1)
    return Pass(sum(pool.nodes for pool in full), at_once, None, whole, opening_minutes, openings)


def linux_nodes(settings: StackSettings) -> int:
    """Return how many Linux nodes the cluster has at most."""
    return sum(pool.max_nodes for pool in settings.all_pools if pool.is_linux)


def _minutes(time: timedelta) -> float:
    return time / timedelta(minutes=1)
