"""Whether every pool has a subnet and its nodes, with surge, fit in."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.facts.data_files import limits, service_subnets
from settings.fields.id_names import misnamed
from settings.fields.ids import is_of_type
from settings.sections.network import ExistingNetwork, Network
from settings.subnets import AZURE_RESERVED, NoRoom, Subnet, addresses_needed, allot, prefix_for
from settings.words import did_you_mean, repeated

NETWORK = "secure-aks:network"


def check(draft: Draft, network: Network) -> Iterator[Finding]:
    """Yield subnets that are too small, pools without one, and pins that do not hold."""
    pools = tuple(draft.pools.values())
    yield from _pins(draft, network)
    if network.existing:
        yield from _existing(draft, network.existing)
    try:
        for subnet in allot(network, pools):
            yield from _fits(draft, network, subnet)
    except NoRoom as error:
        remedy = "write a larger addressSpace, a longer subnetPrefix, or `subnets: shared`"
        yield Finding(f"{NETWORK}.addressSpace", str(error), remedy)


def _fits(draft: Draft, network: Network, subnet: Subnet) -> Iterator[Finding]:
    pools = [pool for pool in draft.pools.values() if pool.name in subnet.pools]
    need, cidr = addresses_needed(pools), IPv4Network(subnet.cidr)
    if need <= cidr.num_addresses:
        return
    nodes, surge = sum(pool.max_nodes for pool in pools), sum(pool.surge_nodes for pool in pools)
    why = (
        f"the subnet {subnet.name} ({cidr}) has {cidr.num_addresses} addresses, and {need} are needed: "
        f"{nodes} nodes, {surge} surge nodes and {AZURE_RESERVED} of Azure's own"
    )
    remedy = f"write a /{prefix_for(need)} or larger, or let the pools grow less"
    yield Finding(_place(draft, network, subnet), why, remedy)


def _place(draft: Draft, network: Network, subnet: Subnet) -> str:
    if network.existing:
        index = [entry.id for entry in network.existing.subnets].index(subnet.id or "")
        return f"{NETWORK}.existing.subnets[{index}].cidr"
    for path, pool in draft.pools.items():
        if pool.subnet and subnet.pools == (pool.name,):
            return f"{path}.subnet"
    return f"{NETWORK}.{'subnetPrefix' if network.subnet_prefix else 'addressSpace'}"


def _pins(draft: Draft, network: Network) -> Iterator[Finding]:
    pinned = [(path, pool.subnet) for path, pool in draft.pools.items() if pool.subnet]
    for index, (path, cidr) in enumerate(pinned):
        place = f"{path}.subnet"
        if not network.address_space or network.subnets == "shared":
            why = "only subnets that are created one for each pool can be pinned"
            yield Finding(place, why, "remove the key, or write `subnets: per-pool` under secure-aks:network")
        elif not cidr.subnet_of(network.address_space):
            why = f"{cidr} is not part of the address space {network.address_space}"
            yield Finding(place, why, "write a part of it")
        for other, taken in pinned[:index]:
            if cidr.overlaps(taken):
                yield Finding(
                    place, f"{cidr} overlaps {taken} of {other}", "pin ranges apart from each other"
                )


def _existing(draft: Draft, existing: ExistingNetwork) -> Iterator[Finding]:
    path = f"{NETWORK}.existing.subnets"
    networks: set[str] = set()
    for index, subnet in enumerate(existing.subnets):
        if wrong := misnamed(subnet.id):
            yield Finding(f"{path}[{index}].id", *wrong)
        elif is_of_type(subnet.id, "Microsoft.Network", "virtualNetworks", "subnets"):
            networks.add(subnet.id.lower().rpartition("/subnets/")[0])
            yield from _names(f"{path}[{index}].id", subnet.id)
        else:
            remedy = "write /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.Network/virtualNetworks/<network>/subnets/<subnet>"
            yield Finding(f"{path}[{index}].id", f"{subnet.id!r} is not the id of a subnet", remedy)
    for index, subnet in enumerate(existing.subnets):
        if not any(subnet.cidr.subnet_of(space) for space in existing.address_spaces):
            why = f"{subnet.cidr} is in none of the network's address spaces"
            yield Finding(
                f"{path}[{index}].cidr", why, "write the range that the subnet has, or add its space"
            )
    if len(networks) > 1:
        why = "AKS wants the pools of a cluster in one virtual network, and these are several"
        yield Finding(path, why, "name subnets of one virtual network")
    ids = [(f"{path}[{index}].id", subnet.id) for index, subnet in enumerate(existing.subnets)]
    for place, _, first in repeated(ids):
        yield Finding(
            place, f"the subnet is named by {first} already", "name each subnet once, with all its pools"
        )
    yield from _pools(draft, existing)


def _names(path: str, id_: str) -> Iterator[Finding]:
    _, _, _, _, group, *_, network, _, name = id_.split("/")
    if name.lower() in service_subnets():
        why = f"the subnet {name} is for a service of Azure's own, and nodes have no place there"
        yield Finding(path, why, "name a subnet that is there for nodes")
    longest = limits()["nodeLabel"]
    for what, text in (("resource group", group), ("virtual network", network), ("subnet", name)):
        if len(text) > longest:
            why = f"the name of the {what} is a label of every node, and has {len(text)} characters"
            yield Finding(path, why, f"name one of {longest} characters at most")


def _pools(draft: Draft, existing: ExistingNetwork) -> Iterator[Finding]:
    path = f"{NETWORK}.existing.subnets"
    entries = [
        (f"{path}[{index}].pools[{number}]", name)
        for index, subnet in enumerate(existing.subnets)
        for number, name in enumerate(subnet.pools)
    ]
    for place, name, first in repeated(entries):
        yield Finding(place, f"the pool {name!r} is in {first} already", "name each pool once")
    if not draft.complete:
        return
    for place, name in entries:
        if name not in draft.pool_names:
            yield Finding(place, f"there is no pool {name!r}", did_you_mean(name, draft.pool_names))
    rest = [f"{path}[{index}].pools" for index, subnet in enumerate(existing.subnets) if not subnet.pools]
    for place in rest[1:]:
        yield Finding(place, f"{rest[0]} takes all the other pools already", "name the pools of this one")
    missing = sorted(draft.pool_names - {name for _, name in entries})
    if missing and not rest:
        why = f"no subnet is named for {', '.join(missing)}"
        yield Finding(
            path, why, "add them to `pools` of a subnet, or add a subnet without `pools` for the rest"
        )
