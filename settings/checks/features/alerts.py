"""Alerts on managed Prometheus' metrics: each once, and each of something."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.words import repeated

PATH = "secure-aks:cluster.monitoring.prometheus.alerts"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield an alert named twice, and pools at their maximum as the only alert where no pool grows."""
    if not draft.cluster or not (alerts := draft.cluster.monitoring.alerts):
        return
    for place, _, first in repeated([(f"{PATH}[{index}]", alert) for index, alert in enumerate(alerts)]):
        yield Finding(place, f"it is {first} already", "name each once")
    grows = any(pool.min_nodes < pool.max_nodes for pool in draft.pools.values())
    if draft.complete and set(alerts) == {"pool-at-maximum"} and not grows:
        why = "no pool is autoscaled between two numbers of nodes, so nothing would be watched"
        yield Finding(PATH, why, "write `[node-not-ready]`, or `[]` for no alert at all")
