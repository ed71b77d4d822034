"""How many pools and nodes one cluster takes."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.facts.data_files import limits

PATH = "secure-aks:pools"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield more pools or nodes than AKS, or the network policy engine, takes."""
    most = limits()["pools"]
    if len(draft.pools) > most:
        why = (
            f"AKS takes {most} pools of a cluster, the system pool included, and these are {len(draft.pools)}"
        )
        yield Finding(PATH, why, f"keep {most - 1} beside the system pool at most")
    nodes = sum(pool.max_nodes + pool.surge_nodes for pool in draft.pools.values())
    most = limits()["nodes"]
    if nodes > most:
        why = f"AKS takes {most:,} nodes of a cluster, and the pools may have {nodes:,} with their surge"
        yield Finding(PATH, why, "let the pools grow less, or make a second cluster")
    most = limits()["npmNodes"]
    if draft.cluster and draft.cluster.network_policy == "azure" and nodes > most:
        why = f"Azure Network Policy Manager takes {most} nodes, and the pools may have {nodes:,} with their surge"
        yield Finding(
            "secure-aks:cluster.networkPolicy",
            why,
            "write `networkPolicy: calico`, or cilium where all pools are Linux",
        )
