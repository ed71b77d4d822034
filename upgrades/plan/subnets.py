"""Where a pool's nodes live when each pool has a subnet of its own: a replacement takes a free range and moves nobody else's."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from settings.subnets import allot
from settings.subnets import plan as subnets_of
from upgrades.model.steps import Blocker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from settings import StackSettings


def ranges(settings: StackSettings) -> dict[str, str]:
    """Return the range of each pool, by its name; none where pools share a subnet, or subnets exist already."""
    network = settings.network
    if network.subnets == "shared" or network.address_space is None:
        return {}
    return {subnet.pools[0]: subnet.cidr for subnet in subnets_of(settings)}


def free_range(before: StackSettings, after: StackSettings, pool: str) -> str:
    """Return a range for a pool that `after` has and `before` has not, beside all that there are; the one it is pinned to, if it is.

    Raises settings.subnets.NoRoom when the address space has none.
    """
    here = ranges(before)
    pools = [
        one.model_copy(update={"subnet": IPv4Network(here[one.name])}) if one.name in here else one
        for one in after.all_pools
    ]
    (found,) = (subnet.cidr for subnet in allot(after.network, pools) if subnet.pools == (pool,))
    return found


def pins(cluster: str, here: Mapping[str, str], stages: Sequence[StackSettings]) -> Iterator[Blocker]:
    """Yield the pools whose range would be another after one of the edits, each with the line that keeps it.

    A range that is not written follows from the order of the pools, and Azure changes no subnet that has nodes in it.
    """
    for pool, now in here.items():
        others = [found[pool] for found in map(ranges, stages) if found.get(pool, now) != now]
        if others:
            yield Blocker(
                cluster,
                f"pool {pool}",
                f"its range is not written down, and would be {others[-1]} instead of {now} once the pools are others",
                f"write {_pin(stages[0], pool, now)} in the stack file: it is the range that it has, so that nothing changes",
            )


def _pin(settings: StackSettings, pool: str, cidr: str) -> str:
    """Return the line that pins a range: a further cluster of a stack says those of its pools by name."""
    if settings.called:
        return f"`poolSubnets: {{{pool}: {cidr}}}` under secure-aks:clusters.{settings.called}"
    return f"`subnet: {cidr}` for pool {pool}"
