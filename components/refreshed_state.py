"""Undo what `pulumi refresh` does to the inputs of a cluster.

A refresh copies all pools that Azure has, with versions and counts, into the inputs of the cluster in the state. There
`ignore_changes` finds them and sends them with the next change of the cluster, which Azure refuses or, worse, takes as
an order to scale. So after a refresh:

    pulumi stack export | python -m components.refreshed_state | pulumi stack import
"""

import json
import sys
from typing import Any

CLUSTER = "azure-native:containerservice:ManagedCluster"
POOL = "azure-native:containerservice:AgentPool"


def without_copied_pools(exported: dict[str, Any]) -> dict[str, Any]:
    """Return an exported stack in which the clusters' inputs hold their inline pool alone, without version and count.

    Raises ValueError when it is no exported stack.
    """
    try:
        resources = exported["deployment"]["resources"]
    except (KeyError, TypeError):
        raise ValueError("this is not what `pulumi stack export` prints") from None
    others = {r["inputs"]["agentPoolName"] for r in resources if r["type"] == POOL}
    cleaned = [
        {**r, "inputs": _own_pool(r["inputs"], others)} if r["type"] == CLUSTER else r for r in resources
    ]
    return {**exported, "deployment": {**exported["deployment"], "resources": cleaned}}


def _own_pool(inputs: dict[str, Any], others: set[str]) -> dict[str, Any]:
    own = [pool for pool in inputs["agentPoolProfiles"] if pool["name"] not in others]
    return {**inputs, "agentPoolProfiles": [_as_declared(pool) for pool in own]}


def _as_declared(pool: dict[str, Any]) -> dict[str, Any]:
    copied = ["orchestratorVersion", "count"] if pool.get("enableAutoScaling") else ["orchestratorVersion"]
    return {key: value for key, value in pool.items() if key not in copied}


def main() -> int:
    """Read an exported stack, write it cleaned; 1 with a message when it is none."""
    try:
        json.dump(without_copied_pools(json.load(sys.stdin)), sys.stdout, indent=4)
    except ValueError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
