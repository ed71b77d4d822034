"""How much of the internet a list of address ranges lets in."""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Any

from secure_aks_security.judging.values import is_unknown

_WIDEST = 24  # bits left to a host of IPv4: one /8 in all
_WIDEST_6 = 104  # likewise a /24 of IPv6, what a large provider has
_MAPPED = 96  # bits before the IPv4 address in an IPv6 address that stands for one


def open_ranges(ranges: Iterable[Any]) -> list[str]:
    """Return, in words, the ranges that together let in more than any one organisation has, and those that are none.

    An unknown comes back as it is: what it will be may be anything.
    """
    found: list[str] = []
    networks: list[IPv4Network | IPv6Network] = []
    for text in ranges:
        network = None if is_unknown(text) else _network(text)
        if network is not None:
            networks.append(network)
        else:
            found.append(text if is_unknown(text) else f"{text} is no range")
    for collapsed, bits in zip(_collapsed(networks), (_WIDEST, _WIDEST_6), strict=True):
        if sum(network.num_addresses for network in collapsed) > 2**bits:
            found.append(", ".join(str(network) for network in collapsed))
    return found


def everything(ranges: Iterable[Any]) -> bool:
    """Tell whether the ranges together are every address of IPv4 or of IPv6; what is unknown is none of them."""
    networks = [network for text in ranges if not is_unknown(text) and (network := _network(text))]
    return any(network.prefixlen == 0 for collapsed in _collapsed(networks) for network in collapsed)


def _collapsed(
    networks: list[IPv4Network | IPv6Network],
) -> tuple[list[IPv4Network], list[IPv6Network]]:
    """Return the fewest networks of IPv4, and of IPv6, that are all of these."""
    four = collapse_addresses(network for network in networks if isinstance(network, IPv4Network))
    six = collapse_addresses(network for network in networks if isinstance(network, IPv6Network))
    return list(four), list(six)


def _network(text: Any) -> IPv4Network | IPv6Network | None:
    address, slash, bits = str(text).strip().partition("/")
    try:
        # AKS reads 0.0.0.0/00 as 0.0.0.0/0.
        network = ip_network(f"{address}/{int(bits)}" if slash else address, strict=False)
    except ValueError:
        return None
    return _mapped(network) or network


def _mapped(network: IPv4Network | IPv6Network) -> IPv4Network | None:
    """Return the range of IPv4 that one of IPv6 stands for, as ::ffff:0:0/96 does for all of them."""
    if isinstance(network, IPv4Network) or network.prefixlen < _MAPPED:
        return None
    address = network.network_address.ipv4_mapped
    return IPv4Network((int(address), network.prefixlen - _MAPPED)) if address is not None else None
