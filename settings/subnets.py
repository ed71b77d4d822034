"""Which subnet each pool's nodes live in, and how large it must be."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Network

from settings.sections.network import ExistingNetwork, Network
from settings.sections.pools import Pool
from settings.sections.stack import StackSettings

AZURE_RESERVED = 5
"""Addresses that Azure keeps in every subnet."""
SHARED_PREFIX = 20
"""A created shared subnet is at least this large, so that growing pools do not resize it."""
POOL_PREFIX = 24
"""A created subnet of one pool is at least this large."""


class NoRoom(ValueError):  # noqa: N818  # reads as what it says
    """The address space has no room left for a subnet."""


@dataclass(frozen=True)
class Subnet:
    """A subnet for nodes: its name, address range, the names of the pools in it, and its id when it exists already."""

    name: str
    cidr: str
    pools: tuple[str, ...]
    id: str | None = None


def plan(settings: StackSettings) -> list[Subnet]:
    """Return the subnets of a stack in order of their first pool.

    Appending a pool leaves the others' subnets as they are; so does removing one when the rest are pinned or share one.
    """
    return allot(settings.network, settings.all_pools)


def allot(network: Network, pools: Sequence[Pool]) -> list[Subnet]:
    """Return the subnets for these pools. Raises NoRoom when the address space is used up."""
    if network.existing:
        return _existing(network.existing, pools)
    if network.address_space is None or not pools:
        return []
    apart = list(network.set_apart.values())
    if network.subnets == "per-pool":
        return _one_each(network.address_space, network.subnet_prefix, pools, apart)
    cidr = _shared(network.address_space, network.subnet_prefix, prefix_for(addresses_needed(pools)), apart)
    return [Subnet("nodes", str(cidr), tuple(pool.name for pool in pools))]


def addresses_needed(pools: Iterable[Pool]) -> int:
    """Return the addresses for these pools' nodes while all of them surge, and Azure's own.

    Pods take none: they have the overlay network.
    """
    return sum(pool.max_nodes + pool.surge_nodes for pool in pools) + AZURE_RESERVED


def prefix_for(addresses: int) -> int:
    """Return the prefix length of the smallest network that holds so many addresses."""
    return 32 - max(addresses - 1, 0).bit_length()


def _existing(existing: ExistingNetwork, pools: Sequence[Pool]) -> list[Subnet]:
    named = {name for subnet in existing.subnets for name in subnet.pools}
    rest = tuple(pool.name for pool in pools if pool.name not in named)
    return [
        Subnet(subnet.id.rsplit("/", 1)[-1], str(subnet.cidr), subnet.pools or rest, subnet.id)
        for subnet in existing.subnets
    ]


def _shared(space: IPv4Network, prefix: int | None, needed: int, apart: Sequence[IPv4Network]) -> IPv4Network:
    """Return the range of the nodes of all pools: as large as SHARED_PREFIX where there is room, else what is needed."""
    if prefix or not apart:
        wanted = prefix or min(SHARED_PREFIX, needed)
        return _first_free(space, wanted, apart, shrink=prefix is None)
    for wanted in range(min(SHARED_PREFIX, needed), needed):
        with suppress(NoRoom):
            return _first_free(space, wanted, apart)
    return _first_free(space, needed, apart)


def _one_each(
    space: IPv4Network, prefix: int | None, pools: Sequence[Pool], apart: Sequence[IPv4Network]
) -> list[Subnet]:
    taken = [*apart, *(pool.subnet for pool in pools if pool.subnet)]
    subnets: list[Subnet] = []
    for pool in pools:
        cidr = pool.subnet
        if cidr is None:
            wanted = prefix or min(POOL_PREFIX, prefix_for(addresses_needed([pool])))
            cidr = _first_free(space, wanted, taken)
            taken.append(cidr)
        subnets.append(Subnet(f"nodes-{pool.name}", str(cidr), (pool.name,)))
    return subnets


def _first_free(
    space: IPv4Network, prefix: int, taken: Sequence[IPv4Network], *, shrink: bool = False
) -> IPv4Network:
    if prefix < space.prefixlen and shrink:
        return space
    if prefix >= space.prefixlen:
        step = 2 ** (32 - prefix)
        start = int(space.network_address)
        for other in sorted(taken):
            if int(other.network_address) >= start + step:
                break
            if int(other.broadcast_address) >= start:
                start = -(-(int(other.broadcast_address) + 1) // step) * step
        if start + step <= int(space.network_address) + space.num_addresses:
            return IPv4Network((start, prefix))
    raise NoRoom(f"the address space {space} has no room left for a subnet of /{prefix}")
