"""Address prefixes of networks and subnets."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING

from emulator.azure.errors import bad_request
from emulator.azure.ids import guid

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props, Put

Network = IPv4Network | IPv6Network


def parse(text: object, name: str) -> Network:
    """Read a prefix of the resource `name`. Raises ArmError for what is none."""
    try:
        return ip_network(str(text))
    except ValueError as error:
        raise bad_request(
            "InvalidCIDRNotation", f"The address prefix {text} of {name} is not formatted correctly: {error}."
        ) from None


def prefixes_of(subnet: Props) -> list[str]:
    """Return the prefixes of a subnet."""
    return list(subnet.get("addressPrefixes") or [p for p in [subnet.get("addressPrefix")] if p])


def inside(inner: Network, outer: Network) -> bool:
    """Say whether all of `inner` lies in `outer`."""
    return (
        inner.version == outer.version and inner.network_address in outer and inner.broadcast_address in outer
    )


def etag(put: Put) -> str:
    """Return the entity tag of what is put."""
    return f'W/"{guid(put.id.lower(), repr(sorted((k, repr(v)) for k, v in put.body.items())))}"'
