"""What gates see of an emulated stack: its nodes from the stack's own record, and no API server behind them."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from settings.subnets import AZURE_RESERVED
from upgrades.view import Node, View

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from settings.subnets import Subnet
    from upgrades.fleet import Cluster

NO_CLUSTER = "the emulator runs no workloads; with --control-plane it does"
NO_AZURE = "the emulator has none"


def view(cluster: Cluster, subnets: Sequence[Subnet], now: datetime) -> View:
    """Return the view: every pool whole, on the version that the stack's outputs record."""
    nodes = tuple(
        Node(f"aks-{pool.name}-{number}", pool.name, pool.version)
        for pool in cluster.pools
        for number in range(pool.nodes)
    )
    return View(
        at=now,
        nodes=nodes,
        free_addresses=free_addresses(cluster, subnets),
        absent={
            **dict.fromkeys(("budgets", "pods", "workloads", "webhooks", "deprecated"), NO_CLUSTER),
            **dict.fromkeys(("alerts", "expiries", "free_cores"), NO_AZURE),
        },
    )


def free_addresses(cluster: Cluster, subnets: Sequence[Subnet]) -> dict[str, int]:
    """Return the addresses left in each pool's subnet, beside the nodes that run and Azure's reserved ones."""
    left: dict[str, int] = {}
    for subnet in subnets:
        used = sum(pool.nodes for pool in cluster.pools if pool.name in subnet.pools)
        free = ip_network(subnet.cidr).num_addresses - AZURE_RESERVED - used
        left.update(dict.fromkeys(subnet.pools, free))
    return left
