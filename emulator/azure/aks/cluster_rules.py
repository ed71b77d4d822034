"""What AKS refuses in a cluster's settings, versions apart and beside the table (refusals.yaml).

Source: AKS documentation, "Customize cluster egress with outbound types", "API Server VNet Integration" and "Secure traffic
between pods by using network policies" (August 2026).
"""

from __future__ import annotations

from datetime import date
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from emulator.azure import refusals
from emulator.azure.errors import ArmError, bad_request, change_not_allowed, invalid
from emulator.azure.shapes import at, rows, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emulator.azure.resource_type import Props, Put
    from emulator.cloud.state import State

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
            raise bad_request("OperationNotAllowed", f"{path} cannot be disabled once it is enabled.")
    for path in (
        "dnsPrefix",
        "networkProfile.serviceCidr",
        "networkProfile.networkPlugin",
        "nodeResourceGroup",
    ):
        if at(new, path) is not None and at(new, path) != at(old, path):
            raise change_not_allowed(path)
    if bool(at(old, _PRIVATE)) != bool(at(new, _PRIVATE)):  # left out is public
        raise change_not_allowed(_PRIVATE)


def check_pools(cluster: Props, pools: Iterable[Props], state: State, on: date) -> None:
    """Refuse an outbound type, a network policy or an API server's subnet that does not fit."""
    pools = list(pools)
    outbound, policy = at(cluster, "networkProfile.outboundType"), at(cluster, "networkProfile.networkPolicy")
    brought = [pool for pool in pools if pool.get("vnetSubnetID")]
    if outbound == "managedNATGateway" and brought:
        raise invalid(
            "networkProfile.outboundType",
            "managedNATGateway cannot be used with a virtual network of your own",
        )
    if outbound in ("userAssignedNATGateway", "userDefinedRouting") and not brought:
        raise invalid("networkProfile.outboundType", f"{outbound} needs a virtual network of your own")
    windows = any(pool.get("osType") == "Windows" for pool in pools)
    if windows and policy == "cilium":
        raise invalid("networkProfile.networkPolicy", "cilium is not supported on Windows node pools")
    if windows and policy == "azure" and on >= _NPM_ON_WINDOWS_ENDS:
        raise invalid(
            "networkProfile.networkPolicy",
            "Azure Network Policy Manager is no longer supported on Windows node pools",
        )
    guarded = [pool for pool in pools if pool.get("osSKU") == "AzureLinuxOSGuard"]
    if guarded and at(cluster, "autoUpgradeProfile.nodeOSUpgradeChannel") == "Unmanaged":
        raise invalid(
            "autoUpgradeProfile.nodeOSUpgradeChannel",
            "Unmanaged is not supported with the OS SKU AzureLinuxOSGuard",
        )
    _api_server(cluster, state)


def _api_server(cluster: Props, state: State) -> None:
    subnet_id = at(cluster, "apiServerAccessProfile.subnetId")
    if not at(cluster, "apiServerAccessProfile.enableVnetIntegration"):
        return
    if not subnet_id:
        return  # in a network that AKS makes, it makes the subnet too
    subnet = state.get(str(subnet_id))
    if subnet is None:
        raise ArmError(404, "SubnetNotFound", f"The subnet '{subnet_id}' does not exist.")
    delegations: list[Any] = rows(subnet.properties, "delegations")
    if _DELEGATE not in [row.get("serviceName") for row in delegations]:
        raise bad_request(
            "SubnetNotDelegated",
            f"The API server subnet '{subnet_id}' is not delegated to {_DELEGATE}.",
        )
