"""What Azure refuses of an `extra` whose values have the right shape, each by itself."""

import re
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_address
from typing import Any

from settings.checks.finding import Finding
from settings.existing import list_of, mapping
from settings.words import listed, repeated, shown

_COMMUNITY = re.compile(r"12076:2[0-9]{4}")
_NEEDS = {
    "aciconnectorlinux": ("SubnetName",),
    "ingressapplicationgateway": (
        "applicationGatewayId",
        "applicationGatewayName",
        "subnetId",
        "subnetCIDR",
        "subnetPrefix",
    ),
}
"""Of what an add-on's `config` has one at least (azure-cli, which sets them: the options of `az aks enable-addons`)."""
_LABEL = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?")


def together_findings(path: str, extra: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what is refused; what has another shape is passed over."""
    yield from _ports(f"{path}.networkProfile.allowedHostPorts", mapping(extra.get("networkProfile")))
    yield from _servers(f"{path}.dhcpOptions.dnsServers", mapping(extra.get("dhcpOptions")))
    yield from _community(f"{path}.bgpCommunities", mapping(extra.get("bgpCommunities")))
    yield from _groups(
        f"{path}.networkProfile.applicationSecurityGroups", mapping(extra.get("networkProfile"))
    )
    name = extra.get("fqdnSubdomain")
    if isinstance(name, str) and not _LABEL.fullmatch(name):
        why = f"{shown(name)!r} is no label of a DNS name"
        yield Finding(f"{path}.fqdnSubdomain", why, "write 1 to 63 letters, digits and hyphens inside")


def half_findings(path: str, extra: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what goes with nothing beside it; for an `extra` whose every value has its shape."""
    yield from _addresses(f"{path}.networkProfile", mapping(extra.get("networkProfile")))
    yield from _protection(path, extra)
    yield from _encryption(f"{path}.encryption", extra.get("encryption"))
    yield from _place(f"{path}.extendedLocation", extra.get("extendedLocation"))
    for name, add_on in mapping(extra.get("addonProfiles")).items():
        yield from _add_on(f"{path}.addonProfiles.{name}", name.lower(), mapping(add_on))


def _ports(path: str, profile: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield ranges of ports without an end, or that end before they begin (API specification of AKS, PortRange)."""
    for index, item in enumerate(list_of(profile.get("allowedHostPorts"))):
        for key in ("portStart", "portEnd"):
            if isinstance(item, dict) and key not in item:
                why = f"a range of ports has both ends, and this one no `{key}`"
                yield Finding(f"{path}[{index}].{key}", why, "write it; one port alone is both")
        first, last = (mapping(item).get(key) for key in ("portStart", "portEnd"))
        if isinstance(first, int) and isinstance(last, int) and first > last:
            why = f"the range begins at {first}, after its end {last}"
            yield Finding(f"{path}[{index}].portStart", why, "write the lower of the two as `portStart`")


def _servers(path: str, options: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what is the address of no server that a node reaches (168.63.129.16 is Azure's own and is one)."""
    servers = [
        (f"{path}[{index}]", str(server)) for index, server in enumerate(list_of(options.get("dnsServers")))
    ]
    for place, server in servers:
        try:
            address = ip_address(server)
        except ValueError:
            why = f"{shown(server)!r} is no IP address"
        else:
            if not (
                address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified
            ):
                continue
            why = f"{server} is the address of no server that a node reaches"
        yield Finding(place, why, "write the server's address, such as 10.60.0.4")
    yield from _twice(servers)


def _groups(path: str, profile: Mapping[str, Any]) -> Iterator[Finding]:
    groups = list_of(profile.get("applicationSecurityGroups"))
    yield from _twice((f"{path}[{index}]", str(group)) for index, group in enumerate(groups))


def _twice(named: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    for place, _, first in repeated(named):
        yield Finding(place, f"it is {first.rpartition('.')[2]} again", "remove one of them")


def _addresses(path: str, profile: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield families that no cluster has (API specification of AKS, ipFamilies: IPv4, or IPv4 and IPv6), and addresses of none of them."""
    families = sorted(list_of(profile.get("ipFamilies")))
    if "ipFamilies" in profile and families not in (["IPv4"], ["IPv4", "IPv6"]):
        why = "a cluster has IPv4, or both IPv4 and IPv6, each named once"
        yield Finding(f"{path}.ipFamilies", why, "write [IPv4, IPv6], or remove it for IPv4 alone")
    outbound = mapping(mapping(profile.get("loadBalancerProfile")).get("managedOutboundIPs"))
    count = outbound.get("countIPv6")
    if count and "IPv6" not in families:
        why = "a cluster of IPv4 alone has no outbound addresses of IPv6"
        place = f"{path}.loadBalancerProfile.managedOutboundIPs.countIPv6"
        yield Finding(place, why, f"remove it, or write `ipFamilies: [IPv4, IPv6]` as {path}.ipFamilies")


def _protection(path: str, extra: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield half of a DDoS protection (Azure documentation, "Create and configure Azure DDoS Network Protection")."""
    plan = "id" in mapping(extra.get("ddosProtectionPlan"))
    if extra.get("enableDdosProtection") is True and not plan:
        why = "a network is protected by a plan, and none is named"
        yield Finding(
            f"{path}.enableDdosProtection", why, "name it as `ddosProtectionPlan: {id: ...}`, or remove it"
        )
    if plan and extra.get("enableDdosProtection") is not True:
        why = "the plan protects nothing until the protection is on"
        yield Finding(
            f"{path}.ddosProtectionPlan", why, "write `enableDdosProtection: true` beside it, or remove it"
        )


def _encryption(path: str, said: Any) -> Iterator[Finding]:
    """Yield what virtual network encryption has not (Azure documentation, "What is Azure Virtual Network encryption?", limitations)."""
    if not isinstance(said, dict):
        return
    if mapping(said).get("enabled") is None:
        why = "whether traffic is encrypted is said by `enabled`, and Azure asks for it"
        yield Finding(f"{path}.enabled", why, "write true, or remove `encryption`")
    if mapping(said).get("enforcement") == "DropUnencrypted":
        why = "Azure offers AllowUnencrypted alone, and refuses to drop what is not encrypted"
        yield Finding(f"{path}.enforcement", why, "write AllowUnencrypted")


def _add_on(path: str, name: str, add_on: Mapping[str, Any]) -> Iterator[Finding]:
    if add_on and "enabled" not in add_on:
        why = "whether the add-on is on is said by `enabled`, and Azure asks for it"
        yield Finding(f"{path}.enabled", why, "write true or false")
    needed = {one.lower() for one in _NEEDS.get(name, ())}
    if (
        needed
        and add_on.get("enabled")
        and not needed & {one.lower() for one in mapping(add_on.get("config"))}
    ):
        why = "the add-on is told nowhere to be"
        yield Finding(f"{path}.config", why, f"write {listed(_NEEDS[name])} there")


def _place(path: str, said: Any) -> Iterator[Finding]:
    """Yield half of an edge zone: Azure tells one by its name and its type."""
    for key in ("name", "type") if isinstance(said, dict) else ():
        if not mapping(said).get(key):
            why = f"an extended location has a name and a type, and this one no `{key}`"
            yield Finding(
                f"{path}.{key}", why, "write both, such as `{name: losangeles, type: EdgeZone}`, or remove it"
            )


def _community(path: str, communities: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield a community that is none (Azure documentation, "Configure custom BGP communities for Azure ExpressRoute private peering")."""
    value = communities.get("virtualNetworkCommunity")
    if isinstance(value, str) and not _COMMUNITY.fullmatch(value):
        why = f"{shown(value)!r} is no BGP community of a virtual network"
        yield Finding(f"{path}.virtualNetworkCommunity", why, "write one from 12076:20000 to 12076:29999")
