"""What AKS refuses in a cluster's settings, versions apart and beside the table (refusals.yaml, which names the sources)."""

from __future__ import annotations

from datetime import date
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from emulator.azure import refusals
from emulator.azure.errors import change_not_allowed, invalid, refusal
from emulator.azure.resources.network import SUBNETS, prefixes_of
from emulator.azure.shapes import at, each, rows, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emulator.azure.resource_type import Props, Put
    from emulator.cloud.state import Resource, State

_WIDEST = 12
_NPM_ON_WINDOWS_ENDS = date(2026, 9, 30)
_DELEGATE = "Microsoft.ContainerService/managedClusters"
_PRIVATE = "apiServerAccessProfile.enablePrivateCluster"


def check(cluster: Props, put: Put) -> None:
    """Refuse settings that are wrong in themselves, and links to resources that do not exist."""
    refusals.check("cluster", cluster, put)
    network = table(cluster, "networkProfile")
    services, dns = ip_network(network["serviceCidr"]), ip_address(network["dnsServiceIP"])
    if dns not in services or dns in (services[0], services[1]):
        why = f"{dns} is not in the service CIDR {services}, or one of its first two addresses"
        raise invalid("networkProfile.dnsServiceIP", why)
    if services.prefixlen < _WIDEST:
        raise invalid("networkProfile.serviceCidr", f"{services} is not smaller than /{_WIDEST}")
    if network.get("podCidr") and services.overlaps(ip_network(network["podCidr"])):
        raise invalid("networkProfile.podCidr", f"{network['podCidr']} overlaps the service CIDR {services}")


def check_changes(old: Props, new: Props) -> None:
    """Refuse what cannot be switched back, or is set once for all."""
    for path in ("oidcIssuerProfile.enabled", "aadProfile.managed"):
        if at(old, path) and at(new, path) is False:
            raise refusal("OperationNotAllowed.disable", path=path)
    for path in refusals.kept("cluster"):
        if at(new, path) is not None and at(new, path) != at(old, path):
            raise change_not_allowed(path)
    if bool(at(old, _PRIVATE)) != bool(at(new, _PRIVATE)):  # left out is public
        raise change_not_allowed(_PRIVATE)


def check_pools(cluster: Props, pools: Iterable[Props], put: Put) -> None:
    """Refuse an outbound type, a network policy or an API server's subnet that does not fit what there is."""
    after = list(pools)
    refusals.check("clusterWithPools", cluster | {"pools": after}, put)
    windows, policy = (
        any(pool.get("osType") == "Windows" for pool in after),
        at(cluster, "networkProfile.networkPolicy"),
    )
    if windows and policy == "azure" and put.now.date() >= _NPM_ON_WINDOWS_ENDS:
        raise invalid(
            "networkProfile.networkPolicy",
            "Azure Network Policy Manager is no longer supported on Windows node pools",
        )
    _check_networks(cluster, {str(pool.get("vnetSubnetID") or "") for pool in after}, put.state)
    access = table(cluster, "apiServerAccessProfile")
    subnet = put.state.get(str(access.get("subnetId"))) if access.get("enableVnetIntegration") else None
    if subnet and _DELEGATE not in each(subnet.properties, "delegations[].serviceName"):
        raise refusal("SubnetNotDelegated", access=access)


def _check_networks(cluster: Props, subnets: set[str], state: State) -> None:
    """Refuse pools in two networks, networks with addresses of the cluster's own, and a subnet that has not the way out that it is to have.

    Sources: AKS documentation, "Create node pools with unique subnets" and "Customize cluster egress with outbound types"; Azure/AKS 1117 and 1842.
    """
    networks = {subnet.lower().rpartition("/subnets/")[0] for subnet in subnets if subnet}
    if len(networks) > 1:
        raise invalid("agentPoolProfile.vnetSubnetID", "all agent pools have to be in one virtual network")
    own, way_out = table(cluster, "networkProfile"), at(cluster, "networkProfile.outboundType")
    for other in (one for network in networks for one in state.children(network, SUBNETS)):
        for prefix in map(ip_network, prefixes_of(other.properties)):
            if ip_network(own["serviceCidr"]).overlaps(prefix):
                services = own["serviceCidr"]
                raise refusal("ServiceCidrOverlapExistingSubnetsCidr", services=services, subnet=prefix)
            if own.get("podCidr") and ip_network(own["podCidr"]).overlaps(prefix):
                raise invalid("networkProfile.podCidr", f"{own['podCidr']} overlaps the subnet {prefix}")
    for subnet in filter(None, map(state.get, subnets)):
        services = [one for one in each(subnet.properties, "delegations[].serviceName") if one != _DELEGATE]
        if services:
            raise refusal("SubnetIsDelegated", subnet=subnet, services=services)
        if way_out == "userAssignedNATGateway" and not at(subnet.properties, "natGateway.id"):
            raise invalid("networkProfile.outboundType", f"{subnet.id} has no NAT gateway")
        if way_out == "userDefinedRouting":
            _check_routes(subnet, state)


def _check_routes(subnet: Resource, state: State) -> None:
    table_id = str(at(subnet.properties, "routeTable.id") or "")
    found = state.get(table_id)
    if found is None:
        raise refusal("ExistingRouteTableNotAssociatedWithSubnet", subnet=subnet)
    hops = [
        r.get("nextHopType")
        for r in rows(found.properties, "routes")
        if r.get("addressPrefix") == "0.0.0.0/0"
    ]
    if not {"VirtualAppliance", "VirtualNetworkGateway"} & set(hops):
        raise refusal("RouteTableMissingDefaultRoute", table=table_id)
