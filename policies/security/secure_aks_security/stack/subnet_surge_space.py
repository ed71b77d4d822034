"""Subnets that run out of addresses in the middle of an upgrade."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from math import ceil
from typing import Any

from secure_aks_security.judging.resources import Resource
from secure_aks_security.judging.values import holds_unknown, is_unknown
from secure_aks_security.shapes import items, mapping
from secure_aks_security.stack.azure import CLUSTER, POOL
from secure_aks_security.stack.base import Report, Stack, StackRule

_SUBNET = "azure-native:network:Subnet"
_RESERVED = 5  # addresses Azure keeps of every subnet
_DEFAULT_SURGE = "10%"  # AKS's own
_DEFAULT_PODS = 30  # likewise, for pods with addresses of the subnet
_READ = ("count", "maxCount", "enableAutoScaling", "maxPods", "scaleSetPriority", "upgradeSettings")


class SubnetSurgeSpace(StackRule):
    """Every subnet must have room for its pools at their largest while all of them surge."""

    id = "subnet-surge-space"
    title = "Subnets must have room for surge nodes"
    why = "An upgrade that finds no address for its surge node stops half-way, with the pool on two versions."
    remedy = "Give the subnet a larger addressPrefix (secure-aks:network.addressSpace), or its pools fewer nodes or less surge."
    link = "https://learn.microsoft.com/azure/aks/upgrade-aks-cluster"
    watched = (CLUSTER, POOL, _SUBNET)

    def check(self, stack: Stack, report: Report) -> None:
        """Report each subnet of the stack that is too small for the pools that use it."""
        subnets = {subnet.urn: subnet for subnet in stack.of_type(_SUBNET)}
        overlay = any(_is_overlay(cluster) for cluster in stack.of_type(CLUSTER))
        users = defaultdict[str, list[tuple[str, Mapping[str, Any]]]](list)
        for name, pool, urns, subnet_id in _pools(stack):
            for urn, subnet in subnets.items():
                if urn in urns or (subnet_id and subnet.properties.get("id") == subnet_id):
                    users[urn].append((name, pool))
        for urn, pools in users.items():
            unknown = [name for name, pool in pools if holds_unknown([pool.get(key) for key in _READ])]
            for name in unknown:
                report.unknown(f"[{self.id}] the size of the pool {name} is not known before the update")
            if not unknown:
                needs = [(name, _addresses(pool, overlay=overlay)) for name, pool in pools]
                self._judge(stack, subnets[urn], needs, report)

    def _judge(self, stack: Stack, subnet: Resource, pools: list[tuple[str, int]], report: Report) -> None:
        prefix = subnet.properties.get("addressPrefix") or next(
            iter(items(subnet.properties.get("addressPrefixes"))), None
        )
        if not isinstance(prefix, str) or is_unknown(prefix):
            report.unknown(f"[{self.id}] the addressPrefix of {subnet.name} is not known before the update")
            return
        room = ip_network(prefix, strict=False).num_addresses - _RESERVED
        need = sum(addresses for _, addresses in pools)
        if need > room and not stack.exempt(self.id, subnet):
            users = ", ".join(f"{name} {addresses}" for name, addresses in pools)
            words = f"the subnet {subnet.name} ({prefix}) has {room} addresses and its pools need {need} ({users})"
            report.violation(self.say(words), subnet.urn)


def _is_overlay(cluster: Resource) -> bool:
    """Tell whether pods have addresses of their own network, so that a node needs but one."""
    profile = mapping(cluster.properties.get("networkProfile"))
    return profile.get("networkPluginMode") == "overlay" or profile.get("networkPlugin") == "none"


def _pools(stack: Stack) -> Iterator[tuple[str, Mapping[str, Any], list[str], Any]]:
    """Yield each pool's name, properties, the URNs its subnet comes from, and the subnet's id where it is known."""
    for pool in stack.of_type(POOL):
        subnet_id = pool.properties.get("vnetSubnetID")
        yield pool.name, pool.properties, list(pool.depends.get("vnetSubnetID", [])), subnet_id
    for cluster in stack.of_type(CLUSTER):
        inline = items(cluster.properties.get("agentPoolProfiles"))
        for item in map(mapping, inline):
            # All inline pools together have one list of dependencies; with one pool it is exact.
            urns = list(cluster.depends.get("agentPoolProfiles", [])) if len(inline) == 1 else []
            yield str(item.get("name")), item, urns, item.get("vnetSubnetID")


def _addresses(pool: Mapping[str, Any], *, overlay: bool) -> int:
    """Return the most addresses a pool takes of its subnet: one a node, and one a pod where those have none of their own."""
    return _nodes(pool) * (1 if overlay else int(pool.get("maxPods") or _DEFAULT_PODS) + 1)


def _nodes(pool: Mapping[str, Any]) -> int:
    """Return the most nodes of a pool, surge included; AKS gives a spot pool none."""
    largest = pool.get("maxCount") if pool.get("enableAutoScaling") else pool.get("count")
    nodes = largest if isinstance(largest, int) else 1
    if pool.get("scaleSetPriority") == "Spot":
        return nodes
    surge = str(mapping(pool.get("upgradeSettings")).get("maxSurge") or _DEFAULT_SURGE)
    amount = surge.removesuffix("%")
    if not amount.isdecimal():
        return nodes
    return nodes + (ceil(nodes * int(amount) / 100) if surge.endswith("%") else int(amount))
