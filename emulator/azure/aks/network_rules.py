"""What AKS refuses between a cluster's network settings and the networks that there are.

Source: AKS documentation, "Customize cluster egress with outbound types", "API Server VNet Integration" and "Secure traffic
between pods by using network policies" (August 2026).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from emulator.azure.errors import ArmError, bad_request, invalid
from emulator.azure.shapes import at, rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emulator.azure.resource_type import Props
    from emulator.cloud.state import State

_NPM_ON_WINDOWS_ENDS = date(2026, 9, 30)
_DELEGATE = "Microsoft.ContainerService/managedClusters"


def check(cluster: Props, pools: Iterable[Props], state: State, on: date) -> None:
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
