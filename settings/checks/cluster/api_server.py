"""Who reaches the API server."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.facts.data_files import limits, ranges
from settings.sections.cluster import ApiServer
from settings.words import repeated

PATH = "secure-aks:cluster.apiServer"
_WIDEST = 8


def check(draft: Draft) -> Iterator[Finding]:
    """Yield what is wrong with the access to the API server."""
    if not (cluster := draft.cluster):
        return
    server = cluster.api_server
    yield from _ranges(server)
    if server.access == "public":
        why = "anybody on the internet would reach the API server"
        remedy = "write `access: private`, or `ip-restricted` with authorizedIpRanges"
        yield Finding(f"{PATH}.access", why, remedy, "public-api-server", cluster.name)
    if server.access != "private" and "private_dns_zone" in server.model_fields_set:
        why = f"an API server with access {server.access} has no private DNS zone"
        yield Finding(f"{PATH}.privateDnsZone", why, "remove the key, or write `access: private`")


def _ranges(server: ApiServer) -> Iterator[Finding]:
    path = f"{PATH}.authorizedIpRanges"
    if server.access == "ip-restricted" and not server.authorized_ip_ranges:
        why = "access is ip-restricted and no range is named, so Azure would let everybody in"
        yield Finding(path, why, "name the networks that may connect, such as [203.0.113.0/24]")
    if server.access != "ip-restricted" and server.authorized_ip_ranges:
        why = f"ranges mean nothing with access {server.access}"
        yield Finding(path, why, "remove them, or write `access: ip-restricted`")
    most = limits()["authorizedRanges"] - 1
    if len(server.authorized_ip_ranges) > most:
        why = (
            f"Azure takes {most + 1} ranges, of which the cluster's own outbound address is one, and these are "
            f"{len(server.authorized_ip_ranges)}"
        )
        yield Finding(path, why, "join neighbouring ranges into larger ones")
    for index, network in enumerate(server.authorized_ip_ranges):
        if network.prefixlen < _WIDEST:
            why = f"{network} is so wide that it restricts nobody"
            yield Finding(f"{path}[{index}]", why, "name your own networks, such as 203.0.113.0/24")
            continue
        for taken in (*ranges("reserved"), *ranges("private")):
            if network.overlaps(taken.network):
                why = f"{network} is never seen by a public API server: {taken.network} {taken.why}"
                yield Finding(
                    f"{path}[{index}]", why, "name the public addresses behind which people and pipelines are"
                )
                break
    places = [(f"{path}[{index}]", str(network)) for index, network in enumerate(server.authorized_ip_ranges)]
    for place, network, _ in repeated(places):
        yield Finding(place, f"{network} is named twice", "name each range once")
