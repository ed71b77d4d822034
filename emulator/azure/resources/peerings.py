"""Microsoft.Network/virtualNetworks/virtualNetworkPeerings: each side of a peering is a resource of its own."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from emulator.azure.errors import bad_request
from emulator.azure.resource_type import Put, ResourceType
from emulator.azure.resources.address_space import etag
from emulator.azure.resources.subnets import GROUP
from emulator.azure.shapes import at, rows

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props
    from emulator.cloud.state import Resource, State

_TYPE = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings"


def put_peering(put: Put) -> Props:
    """Refuse a peering with nothing, with itself, or with a network whose addresses are the same (Azure's codes)."""
    own = put.id.rsplit("/", 2)[0]
    remote = str(at(put.body, "remoteVirtualNetwork.id") or "")
    there, here = put.state.get(remote), put.state.get(own)
    if there is None:
        raise bad_request(
            "InvalidResourceReference", f"Resource {remote} referenced by resource {put.id} was not found."
        )
    if remote.lower() == own.lower():
        raise bad_request(
            "VnetPeeringWithSelf", f"Cannot create or update peering {put.name}: it is with itself."
        )
    for ours in rows(here.properties if here else {}, "addressSpace.addressPrefixes"):
        for theirs in rows(there.properties, "addressSpace.addressPrefixes"):
            if ip_network(ours).overlaps(ip_network(theirs)):
                raise bad_request(
                    "VnetAddressSpacesOverlap",
                    f"Cannot create or update peering {put.name}: address spaces {ours} and {theirs} overlap.",
                )
    return put.body | {
        "name": put.name,
        "type": _TYPE,
        "provisioningState": "Succeeded",
        "peeringState": "Connected" if _answered(put.state, own, remote) else "Initiated",
        "etag": etag(put),
    }


def present_peering(state: State, peering: Resource) -> Props:
    """Show whether the other side has answered by now."""
    own = peering.id.rsplit("/", 2)[0]
    remote = str(at(peering.properties, "remoteVirtualNetwork.id") or "")
    return {"peeringState": "Connected" if _answered(state, own, remote) else "Initiated"}


def _answered(state: State, own: str, remote: str) -> bool:
    back = (
        str(at(one.properties, "remoteVirtualNetwork.id")).lower() for one in state.children(remote, _TYPE)
    )
    return own.lower() in back


PEERING = ResourceType(
    "network:VirtualNetworkPeering",
    GROUP + "virtualNetworks/{virtualNetworkName}/virtualNetworkPeerings/{virtualNetworkPeeringName}",
    ("etag", "name", "peeringState", "provisioningState", "resourceGuid", "type"),
    located=False,
    put=put_peering,
    present=present_peering,
)
