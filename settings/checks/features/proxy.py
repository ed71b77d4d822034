"""Proxies and authorities."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.words import repeated

PATH = "secure-aks:cluster"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield what AKS gives no cluster with Windows pools, and what is said twice."""
    if not (cluster := draft.cluster):
        return
    windows = next((f"{pool.name} ({path})" for path, pool in draft.pools.items() if not pool.is_linux), None)
    asked = {"httpProxy": cluster.http_proxy, "trustedCertificates": cluster.trusted_certificates}
    for key, said in asked.items():
        if said and windows:
            why = f"AKS gives it to no cluster with Windows pools, and {windows} is one"
            yield Finding(f"{PATH}.{key}", why, "remove it, or make the Windows pool in another cluster")
    direct = cluster.http_proxy.no_proxy if cluster.http_proxy else ()
    lists = {"httpProxy.noProxy": direct, "trustedCertificates": cluster.trusted_certificates}
    for key, values in lists.items():
        places = [(f"{PATH}.{key}[{index}]", value) for index, value in enumerate(values)]
        for place, _, first in repeated(places):
            yield Finding(place, f"it is {first} already", "name each once")
