"""Who makes nodes: the cluster autoscaler in its pools, or node auto-provisioning outside of them."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding

PATH = "secure-aks:cluster"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield an autoscaler without a pool, and a node auto-provisioning that AKS does not give such a cluster."""
    if not (cluster := draft.cluster):
        return
    scaled = {path: pool for path, pool in draft.pools.items() if pool.autoscaling}
    if cluster.autoscaler and draft.complete and not scaled:
        why = "no pool is autoscaled, so nobody decides by it"
        yield Finding(f"{PATH}.autoscaler", why, "remove it, or give a pool `autoscaling: {min: 2, max: 5}`")
    if not cluster.node_provisioning:
        return
    place = f"{PATH}.nodeProvisioning"
    for path, pool in scaled.items():
        why = f"two autoscalers would make nodes for the same pods: {pool.name} is autoscaled"
        yield Finding(place, why, f"write `count` in place of `autoscaling` in {path}, or remove it")
    for path, pool in draft.pools.items():
        if not pool.is_linux:
            why = f"AKS gives it to no cluster with Windows pools, and {pool.name} is one ({path})"
            yield Finding(place, why, "remove it, or the pool")
    if cluster.network_policy == "calico":
        why = "its nodes have no Calico, so network policies would not hold on them"
        yield Finding(place, why, "write `networkPolicy: cilium` under secure-aks:cluster, or remove it")
