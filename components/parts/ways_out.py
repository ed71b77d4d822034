"""How what leaves a created network leaves it: a NAT gateway, or routes by way of somebody's firewall."""

from collections.abc import Callable, Mapping
from typing import Any

import pulumi

from ..args.network import NatGatewayArgs, NetworkArgs
from .naming import joined
from .token_resource import TokenResource


def ways_out(
    common: Mapping[str, Any],
    network_name: pulumi.Input[str],
    network: NetworkArgs,
    part: Callable[[str], str],
    opts: pulumi.ResourceOptions,
) -> dict[str, Any]:
    """Register what a subnet sends its packets to and return the subnet's properties that say so; none for neither.

    `common` is what all of it has (resource group, tags), `part` names a resource of the component.
    """
    links: dict[str, Any] = {}
    if network.nat_gateway:
        links["natGateway"] = {"id": _gateway(common, network_name, network.nat_gateway, part, opts)}
    if network.routes:
        table = TokenResource(
            "azure-native:network:RouteTable",
            part("routes"),
            {
                **common,
                "routeTableName": joined(network_name, "-", "routes"),
                "routes": [
                    {
                        "name": route.name,
                        "addressPrefix": route.range,
                        "nextHopType": "VirtualAppliance",
                        "nextHopIpAddress": route.by,
                    }
                    for route in sorted(network.routes, key=lambda one: one.name)
                ],
            },
            opts,
        )
        links["routeTable"] = {"id": table.id}
    return links


def _gateway(
    common: Mapping[str, Any],
    network_name: pulumi.Input[str],
    gateway: NatGatewayArgs,
    part: Callable[[str], str],
    opts: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    zones = {"zones": [gateway.zone]} if gateway.zone else {}
    addresses = [
        TokenResource(
            "azure-native:network:PublicIPAddress",
            part(f"nat-{number}"),
            {
                **common,
                **zones,
                "publicIpAddressName": joined(network_name, "-", f"nat-{number}"),
                "publicIPAllocationMethod": "Static",
                "sku": {"name": "Standard", "tier": "Regional"},
            },
            opts,
        )
        for number in range(1, gateway.addresses + 1)
    ]
    made = TokenResource(
        "azure-native:network:NatGateway",
        part("nat"),
        {
            **common,
            **zones,
            "natGatewayName": joined(network_name, "-", "nat"),
            "idleTimeoutInMinutes": gateway.idle_minutes,
            "publicIpAddresses": [{"id": address.id} for address in addresses],
            "sku": {"name": "Standard"},
        },
        opts,
    )
    return made.id
