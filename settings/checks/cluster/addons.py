"""Add-ons that need something of the cluster."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding

PATH = "secure-aks:cluster.addons"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield add-ons that the cluster cannot have."""
    if draft.cluster and draft.cluster.addons.cost_analysis and draft.cluster.tier == "Free":
        why = "AKS gives cost analysis to the tiers Standard and Premium, and this is Free"
        yield Finding(
            f"{PATH}.costAnalysis", why, "remove it, or write `tier: Standard` under secure-aks:cluster"
        )
