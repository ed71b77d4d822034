"""What Cilium gives beyond network policies."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding

PATH = "secure-aks:cluster.advancedNetworking"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield what needs Cilium where there is none, and a section that asks for nothing."""
    if not draft.cluster or not (advanced := draft.cluster.advanced_networking):
        return
    if advanced.policies and draft.cluster.network_policy != "cilium":
        why = f"policies by names and paths are Cilium's, and the engine is {draft.cluster.network_policy}"
        remedy = "write `networkPolicy: cilium` under secure-aks:cluster, or remove it"
        yield Finding(f"{PATH}.policies", why, remedy)
    if not advanced.policies and not advanced.observability:
        yield Finding(PATH, "it asks for nothing", "remove it, or write `observability: true`")
