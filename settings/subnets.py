"""Which subnet each pool's nodes live in, and how large it must be."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network

from settings.pools import Pool
from settings.stack import StackSettings

AZURE_RESERVED = 5
"""Addresses that Azure keeps in every subnet."""
SHARED_PREFIX = 20
"""Created shared subnets are at least this large, so that growing pools do not resize them."""
POOL_PREFIX = 24
"""Created subnets of one pool are at least this large."""


@dataclass(frozen=True)
class Subnet:
    """A subnet for nodes: its name, address range, the pools in it, and its id when it exists already."""

    name: str
    cidr: str
    pools: tuple[str, ...]
    id: str | None = None


def addresses_needed(pools: Iterable[Pool]) -> int:
    """Return the addresses that the pools' nodes take while all of them surge, with Azure's own (overlay: pods take none)."""
    return sum(pool.max_nodes + pool.surge_nodes for pool in pools) + AZURE_RESERVED


def prefix_for(addresses: int) -> int:
    """Return the longest prefix length whose network holds so many addresses."""
    return 32 - max(addresses - 1, 1).bit_length()


def plan(settings: StackSettings) -> list[Subnet]:
    """Return the subnets in order of their first pool; appending a pool leaves the others where they are."""
    network = settings.network
    if network.existing:
        named = {name for subnet in network.existing.subnets for name in subnet.pools}
        return [
            Subnet(
                subnet.id.rsplit("/", 1)[-1],
                str(subnet.cidr),
                subnet.pools or tuple(p.name for p in settings.all_pools if p.name not in named),
                subnet.id,
            )
            for subnet in network.existing.subnets
        ]
    if network.address_space is None:
        return []
    if network.subnets == "shared":
        names = tuple(pool.name for pool in settings.all_pools)
        need = min(SHARED_PREFIX, prefix_for(addresses_needed(settings.all_pools)))
        prefix = network.subnet_prefix or max(need, network.address_space.prefixlen)
        return [Subnet("nodes", f"{network.address_space.network_address}/{prefix}", names)]
    return _one_each(settings, network.address_space)


def _one_each(settings: StackSettings, space: IPv4Network) -> list[Subnet]:
    taken = [pool.subnet for pool in settings.all_pools if pool.subnet]
    subnets: list[Subnet] = []
    for pool in settings.all_pools:
        prefix = settings.network.subnet_prefix or min(POOL_PREFIX, prefix_for(addresses_needed([pool])))
        cidr = pool.subnet
        if cidr is None:
            fitting = space.subnets(new_prefix=max(prefix, space.prefixlen))
            cidr = next((free for free in fitting if not any(free.overlaps(other) for other in taken)), None)
        if cidr is None:
            raise ValueError(f"{space} has no room left for a /{prefix} for the pool {pool.name}")
        taken.append(cidr)
        subnets.append(Subnet(f"nodes-{pool.name}", str(cidr), (pool.name,)))
    return subnets
