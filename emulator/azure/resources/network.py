"""Microsoft.Network: virtual networks, their subnets, network security groups."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from emulator.azure.errors import bad_request
from emulator.azure.ids import guid, short_hash
from emulator.azure.resource_type import Put, ResourceType
from emulator.azure.resources.address_space import etag, inside, parse, prefixes_of
from emulator.azure.resources.subnets import GROUP, SUBNET, SUBNETS, remove_subnet
from emulator.azure.shapes import at, rows

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props
    from emulator.cloud.state import Resource, State


def put_network(put: Put) -> Props:
    """Refuse a network without address space, or one that no longer holds its subnets."""
    space = [parse(p, put.name) for p in rows(put.body, "addressSpace.addressPrefixes")]
    if not space:
        raise bad_request(
            "InvalidRequestFormat", f"Virtual network {put.name} needs addressSpace.addressPrefixes."
        )
    for subnet in put.state.children(put.id, SUBNETS):
        for prefix in prefixes_of(subnet.properties):
            if not any(inside(ip_network(prefix), s) for s in space):
                raise bad_request(
                    "InUsePrefixCannotBeDeleted",
                    f"IpPrefix {prefix} is used by subnet {subnet.name} of {put.name} and cannot be left out.",
                )
    return put.body | {
        "name": put.name,
        "type": "Microsoft.Network/virtualNetworks",
        "provisioningState": "Succeeded",
        "resourceGuid": guid(put.id.lower(), "network"),
        "etag": etag(put),
    }


def remove_network(state: State, network: Resource) -> None:
    """Refuse to delete a network with nodes in one of its subnets."""
    for subnet in state.children(network.id, SUBNETS):
        remove_subnet(state, subnet)


def present_network(state: State, network: Resource) -> Props:
    """Show the subnets."""
    return {"subnets": [{"id": s.id} | s.properties for s in state.children(network.id, SUBNETS)]}


def put_security_group(put: Put) -> Props:
    """Refuse rules that share a priority and a direction."""
    taken: dict[tuple[object, object], object] = {}
    for rule in rows(put.body, "securityRules"):
        slot = (rule.get("direction"), rule.get("priority"))
        if slot in taken:
            raise bad_request(
                "SecurityRuleConflict",
                f"Security rules {taken[slot]} and {rule.get('name')} have the same priority {slot[1]} and direction {slot[0]}.",
            )
        taken[slot] = rule.get("name")
    return put.body | {
        "name": put.name,
        "type": "Microsoft.Network/networkSecurityGroups",
        "provisioningState": "Succeeded",
        "resourceGuid": guid(put.id.lower(), "group"),
        "defaultSecurityRules": [
            {"name": n} for n in ("AllowVnetInBound", "AllowAzureLoadBalancerInBound", "DenyAllInBound")
        ],
        "etag": etag(put),
    }


def remove_security_group(state: State, group: Resource) -> None:
    """Refuse to delete a group that guards a subnet."""
    for subnet in state.of_type(SUBNETS):
        if str(at(subnet.properties, "networkSecurityGroup.id")).lower() == group.id.lower():
            raise bad_request(
                "InUseNetworkSecurityGroupCannotBeDeleted",
                f"Network security group {group.name} cannot be deleted: subnet {subnet.id} uses it.",
            )


def put_simple(put: Put) -> Props:
    """Take a body as it is, with the outputs that every resource of Microsoft.Network has."""
    more = (
        {"ipAddress": f"203.0.113.{int(short_hash(put.id, 4), 16) % 254 + 1}"}
        if "/publicIPAddresses/" in put.id
        else {}
    )
    return (
        put.body
        | more
        | {
            "name": put.name,
            "provisioningState": "Succeeded",
            "resourceGuid": guid(put.id.lower()),
            "etag": etag(put),
        }
    )


_COMMON = ("etag", "name", "provisioningState", "resourceGuid", "type")
TYPES = (
    SUBNET,
    ResourceType(
        "network:VirtualNetwork",
        GROUP + "virtualNetworks/{virtualNetworkName}",
        (*_COMMON, "flowLogs"),
        force_new=("location",),
        put=put_network,
        remove=remove_network,
        present=present_network,
    ),
    ResourceType(
        "network:NetworkSecurityGroup",
        GROUP + "networkSecurityGroups/{networkSecurityGroupName}",
        (*_COMMON, "defaultSecurityRules"),
        force_new=("location",),
        put=put_security_group,
        remove=remove_security_group,
    ),
    ResourceType(
        "network:PublicIPAddress",
        GROUP + "publicIPAddresses/{publicIpAddressName}",
        _COMMON,
        force_new=("location", "publicIPAddressVersion", "publicIPPrefix", "sku"),
        put=put_simple,
    ),
    ResourceType(
        "network:NatGateway",
        GROUP + "natGateways/{natGatewayName}",
        _COMMON,
        force_new=("location",),
        put=put_simple,
    ),
    ResourceType(
        "network:RouteTable",
        GROUP + "routeTables/{routeTableName}",
        _COMMON,
        force_new=("location",),
        put=put_simple,
    ),
    ResourceType(
        "privatedns:PrivateZone",
        GROUP + "privateDnsZones/{privateZoneName}",
        ("etag", "name", "provisioningState", "type"),
        put=put_simple,
    ),
    ResourceType(
        "privatedns:VirtualNetworkLink",
        GROUP + "privateDnsZones/{privateZoneName}/virtualNetworkLinks/{virtualNetworkLinkName}",
        ("etag", "name", "provisioningState", "type", "virtualNetworkLinkState"),
        put=put_simple,
    ),
)
