"""What AKS refuses in a cluster's settings, versions apart and beside the table (refusals.yaml, which names the sources)."""

from __future__ import annotations

from datetime import date
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from emulator.azure import refusals
from emulator.azure.errors import change_not_allowed, invalid, refusal
from emulator.azure.shapes import at, each, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emulator.azure.resource_type import Props, Put

_NPM_ON_WINDOWS_ENDS = date(2026, 9, 30)
_DELEGATE = "Microsoft.ContainerService/managedClusters"
_PRIVATE = "apiServerAccessProfile.enablePrivateCluster"


def check(cluster: Props, put: Put) -> None:
    """Refuse settings that are wrong in themselves, and links to resources that do not exist."""
    network = table(cluster, "networkProfile")
    services = ip_network(network["serviceCidr"])
    if ip_address(network["dnsServiceIP"]) not in services:
        raise invalid(
            "networkProfile.dnsServiceIP", f"{network['dnsServiceIP']} is not in the service CIDR {services}"
        )
    if network.get("podCidr") and services.overlaps(ip_network(network["podCidr"])):
        raise invalid("networkProfile.podCidr", f"{network['podCidr']} overlaps the service CIDR {services}")
    refusals.check("cluster", cluster, put)


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
    access = table(cluster, "apiServerAccessProfile")
    subnet = put.state.get(str(access.get("subnetId"))) if access.get("enableVnetIntegration") else None
    if subnet and _DELEGATE not in each(subnet.properties, "delegations[].serviceName"):
        raise refusal("SubnetNotDelegated", access=access)
