"""What Azure refuses of an `extra` whose values have the right shape, each by itself."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any

from settings.checks.finding import Finding
from settings.existing import list_of, mapping
from settings.words import shown

_COMMUNITY = re.compile(r"12076:2[0-9]{4}")
_LABEL = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?")


def together_findings(path: str, extra: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what is refused; what has another shape is passed over."""
    yield from _ports(f"{path}.networkProfile.allowedHostPorts", mapping(extra.get("networkProfile")))
    yield from _servers(f"{path}.dhcpOptions.dnsServers", mapping(extra.get("dhcpOptions")))
    yield from _community(f"{path}.bgpCommunities", mapping(extra.get("bgpCommunities")))
    name = extra.get("fqdnSubdomain")
    if isinstance(name, str) and not _LABEL.fullmatch(name):
        why = f"{shown(name)!r} is no label of a DNS name"
        yield Finding(f"{path}.fqdnSubdomain", why, "write 1 to 63 letters, digits and hyphens inside")


def _ports(path: str, profile: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield ranges of ports that end before they begin (API specification of AKS, PortRange)."""
    for index, item in enumerate(list_of(profile.get("allowedHostPorts"))):
        first, last = (mapping(item).get(key) for key in ("portStart", "portEnd"))
        if isinstance(first, int) and isinstance(last, int) and first > last:
            why = f"the range begins at {first}, after its end {last}"
            yield Finding(f"{path}[{index}].portStart", why, "write the lower of the two as `portStart`")


def _servers(path: str, options: Mapping[str, Any]) -> Iterator[Finding]:
    for index, server in enumerate(list_of(options.get("dnsServers"))):
        try:
            ip_address(str(server))
        except ValueError:
            why = f"{shown(str(server))!r} is no IP address"
            yield Finding(f"{path}[{index}]", why, "write the server's address, such as 10.60.0.4")


def _community(path: str, communities: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield a community that is none (Azure documentation, "Configure custom BGP communities for Azure ExpressRoute private peering")."""
    value = communities.get("virtualNetworkCommunity")
    if isinstance(value, str) and not _COMMUNITY.fullmatch(value):
        why = f"{shown(value)!r} is no BGP community of a virtual network"
        yield Finding(f"{path}.virtualNetworkCommunity", why, "write one from 12076:20000 to 12076:29999")
