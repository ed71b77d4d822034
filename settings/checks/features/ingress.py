"""AKS's own ingress controller."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.words import repeated

PATH = "secure-aks:cluster.ingress.dnsZones"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield DNS zones that do not go together."""
    if not draft.cluster or not (ingress := draft.cluster.ingress):
        return
    zones = [zone.lower() for zone in ingress.dns_zones]
    if len({"/privatednszones/" in zone for zone in zones}) > 1:
        why = "AKS takes public zones or private ones, and these are both"
        yield Finding(PATH, why, "name zones of one kind")
    if len({zone.rpartition("/providers/")[0] for zone in zones}) > 1:
        why = "AKS takes zones of one resource group, and these are in several"
        yield Finding(PATH, why, "name zones of one group, or move the others there")
    for place, _, first in repeated((f"{PATH}[{index}]", zone) for index, zone in enumerate(zones)):
        yield Finding(place, f"the zone is {first} already", "name each zone once")
