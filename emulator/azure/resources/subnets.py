"""Microsoft.Network/virtualNetworks/subnets."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from emulator.azure.errors import bad_request
from emulator.azure.resource_type import Put, ResourceType
from emulator.azure.resources.address_space import etag, inside, parse, prefixes_of
from emulator.azure.shapes import at, rows
from emulator.cloud.events import POOL_TYPE

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props
    from emulator.cloud.state import Resource, State

GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/"
"""Where the paths of Microsoft.Network begin."""
SUBNETS = "Microsoft.Network/virtualNetworks/subnets"


def put_subnet(put: Put) -> Props:
    """Refuse a subnet outside its network, over another one, or with a link to nothing."""
    prefixes = [parse(p, put.name) for p in prefixes_of(put.body)]
    parent = put.state.get(put.id.rsplit("/", 2)[0])
    space = [ip_network(p) for p in rows(parent.properties if parent else {}, "addressSpace.addressPrefixes")]
    if not prefixes or not all(any(inside(p, s) for s in space) for p in prefixes):
        raise bad_request(
            "NetcfgInvalidSubnet",
            f"Subnet '{put.name}' is not valid in its virtual network: {prefixes_of(put.body)} is outside of it.",
        )
    for other in put.state.children(put.id.rsplit("/", 2)[0], SUBNETS):
        taken = [ip_network(p) for p in prefixes_of(other.properties)]
        if other.id.lower() != put.id.lower() and any(a.overlaps(b) for a in prefixes for b in taken):
            raise bad_request(
                "NetcfgSubnetRangesOverlap",
                f"Subnet '{put.name}' is not valid because its IP address range overlaps with that of an existing subnet: '{other.name}'.",
            )
    if put.before and prefixes_of(put.old) != prefixes_of(put.body) and _users(put.state, put.id):
        raise bad_request(
            "InUsePrefixCannotBeDeleted",
            f"Subnet {put.name} is in use by {_users(put.state, put.id)[0].id}; its prefix cannot be changed.",
        )
    for key in ("networkSecurityGroup", "routeTable", "natGateway"):
        link = at(put.body, f"{key}.id")
        if link and put.state.get(link) is None:
            raise bad_request(
                "InvalidResourceReference", f"Resource {link} referenced by resource {put.id} was not found."
            )
    return put.body | {
        "name": put.name,
        "provisioningState": "Succeeded",
        "privateEndpointNetworkPolicies": put.body.get("privateEndpointNetworkPolicies") or "Disabled",
        "privateLinkServiceNetworkPolicies": put.body.get("privateLinkServiceNetworkPolicies") or "Enabled",
        "etag": etag(put),
    }


def _users(state: State, subnet_id: str) -> list[Resource]:
    return [
        r
        for r in state.of_type(POOL_TYPE)
        if str(r.properties.get("vnetSubnetID", "")).lower() == subnet_id.lower()
    ]


def remove_subnet(state: State, subnet: Resource) -> None:
    """Refuse to delete a subnet with nodes in it."""
    if users := _users(state, subnet.id):
        raise bad_request(
            "InUseSubnetCannotBeDeleted",
            f"Subnet {subnet.name} is in use by {users[0].id} and cannot be deleted.",
        )


SUBNET = ResourceType(
    "network:Subnet",
    GROUP + "virtualNetworks/{virtualNetworkName}/subnets/{subnetName}",
    ("etag", "name", "provisioningState", "purpose", "ipConfigurations"),
    located=False,
    put=put_subnet,
    remove=remove_subnet,
)
