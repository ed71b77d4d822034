"""Microsoft.Network: virtual networks, their subnets and peerings, network security groups, public IP addresses."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING

from emulator.azure.errors import refusal
from emulator.azure.ids import short_hash
from emulator.azure.refusals import refuse_if_used, users
from emulator.azure.shapes import at, rows
from emulator.cloud.events import POOL_TYPE

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props, Put
    from emulator.cloud.state import Resource, State

Network = IPv4Network | IPv6Network
SUBNETS = "Microsoft.Network/virtualNetworks/subnets"
_PEERINGS = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings"


def prefixes_of(subnet: Props) -> list[str]:
    """Return the prefixes of a subnet."""
    return list(subnet.get("addressPrefixes") or [p for p in [subnet.get("addressPrefix")] if p])


def put_network(put: Put) -> Props:
    """Refuse a network without address space, or one that no longer holds its subnets."""
    space = [_parse(prefix, put.name) for prefix in _space(put.body)]
    for subnet in put.state.children(put.id, SUBNETS):
        for prefix in prefixes_of(subnet.properties):
            if not any(_inside(ip_network(prefix), s) for s in space):
                raise refusal(
                    "InUsePrefixCannotBeDeleted.network", prefix=prefix, subnet=subnet.name, put=put
                )
    return put.body


def remove_network(state: State, network: Resource) -> None:
    """Refuse to delete a network with nodes in one of its subnets."""
    for subnet in state.children(network.id, SUBNETS):
        refuse_if_used("network:Subnet", state, subnet)


def present_network(state: State, network: Resource) -> Props:
    """Show the subnets."""
    return {"subnets": [{"id": s.id} | s.properties for s in state.children(network.id, SUBNETS)]}


def put_subnet(put: Put) -> Props:
    """Refuse a subnet outside its network, over another one, or with a link to nothing."""
    wanted = prefixes_of(put.body)
    prefixes, parent = [_parse(prefix, put.name) for prefix in wanted], put.state.get(put.parent)
    space = [ip_network(prefix) for prefix in _space(parent.properties if parent else {})]
    if not prefixes or not all(any(_inside(p, s) for s in space) for p in prefixes):
        raise refusal("NetcfgInvalidSubnet", put=put, wanted=wanted)
    for other in put.state.children(put.parent, SUBNETS):
        taken = [ip_network(p) for p in prefixes_of(other.properties)]
        if other.id.lower() != put.id.lower() and any(a.overlaps(b) for a in prefixes for b in taken):
            raise refusal("NetcfgSubnetRangesOverlap", put=put, other=other)
    pools = users(put.state, POOL_TYPE, "vnetSubnetID", put.id)
    if put.before and prefixes_of(put.old) != wanted and pools:
        raise refusal("InUsePrefixCannotBeDeleted.subnet", put=put, pools=pools)
    return put.body


def put_peering(put: Put) -> Props:
    """Refuse a peering with nothing, with itself, or with a network whose addresses are the same (Azure's codes)."""
    remote = _remote(put.body)
    there, here = put.state.get(remote), put.state.get(put.parent)
    if remote.lower() == put.parent.lower():
        raise refusal("VnetPeeringWithSelf", put=put)
    for ours in _space(here.properties if here else {}):
        for theirs in _space(there.properties if there else {}):
            if ip_network(ours).overlaps(ip_network(theirs)):
                raise refusal("VnetAddressSpacesOverlap", put=put, ours=ours, theirs=theirs)
    return put.body | _peered(put.state, put.parent, remote)


def present_peering(state: State, peering: Resource) -> Props:
    """Show whether the other side, which is a resource of its own, has answered by now."""
    return _peered(state, peering.id.rsplit("/", 2)[0], _remote(peering.properties))


def put_security_group(put: Put) -> Props:
    """Refuse rules that share a priority and a direction."""
    taken: dict[tuple[object, object], object] = {}
    for rule in rows(put.body, "securityRules"):
        slot = (rule.get("direction"), rule.get("priority"))
        if slot in taken:
            raise refusal("SecurityRuleConflict", other=taken[slot], rule=rule.get("name"), slot=slot)
        taken[slot] = rule.get("name")
    return put.body


def put_address(put: Put) -> Props:
    """Give an address of those that are for documentation."""
    return put.body | {"ipAddress": f"203.0.113.{int(short_hash(put.id, 4), 16) % 254 + 1}"}


def _space(network: Props) -> list[str]:
    return rows(network, "addressSpace.addressPrefixes")


def _parse(text: object, name: str) -> Network:
    """Read a prefix of the resource `name`. Raises ArmError for what is none."""
    try:
        return ip_network(str(text))
    except ValueError as error:
        raise refusal("InvalidCIDRNotation", text=text, name=name, error=error) from None


def _inside(inner: Network, outer: Network) -> bool:
    return (
        inner.version == outer.version and inner.network_address in outer and inner.broadcast_address in outer
    )


def _remote(peering: Props) -> str:
    return str(at(peering, "remoteVirtualNetwork.id") or "")


def _peered(state: State, own: str, remote: str) -> Props:
    back = (_remote(one.properties).lower() for one in state.children(remote, _PEERINGS))
    return {"peeringState": "Connected" if own.lower() in back else "Initiated"}
