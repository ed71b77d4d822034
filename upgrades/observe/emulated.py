"""What gates see of an emulated stack: its nodes as its Azure has them, or its control plane's, when it has a real one."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from settings.subnets import AZURE_RESERVED
from upgrades.view import Node, View

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from settings.subnets import Subnet
    from upgrades.fleet import Cluster

NO_CLUSTER = "the emulator runs no workloads; with --control-plane it does"
NO_AZURE = "the emulator has none"


def view(cluster: Cluster, subnets: Sequence[Subnet], now: datetime, kubeconfig: Path | None = None) -> View:
    """Return the view. With a kubeconfig it is read from there; else every pool is whole and nothing runs on it."""
    nodes = tuple(
        Node(f"aks-{pool.name}-{number}", pool.name, pool.version)
        for pool in cluster.pools
        for number in range(pool.nodes)
    )
    seen = View(
        at=now,
        nodes=nodes,
        free_addresses=free_addresses(cluster, subnets),
        absent=dict.fromkeys(("alerts", "free_cores"), NO_AZURE),
    )
    if kubeconfig is None:
        nothing = dict.fromkeys(
            ("expiries", "budgets", "pods", "workloads", "webhooks", "deprecated"), NO_CLUSTER
        )
        return replace(seen, absent={**seen.absent, **nothing})
    from kubernetes import config  # noqa: PLC0415  # the client is slow to load

    from upgrades.observe.kubernetes import read  # noqa: PLC0415

    clients: Any = config  # carries no types
    found = read(clients.new_client_from_config(str(kubeconfig)))
    return replace(seen, unread=found.unread, **found.parts)


def free_addresses(cluster: Cluster, subnets: Sequence[Subnet]) -> dict[str, int]:
    """Return the addresses left in each pool's subnet, beside the nodes that run and Azure's reserved ones."""
    left: dict[str, int] = {}
    for subnet in subnets:
        used = sum(pool.nodes for pool in cluster.pools if pool.name in subnet.pools)
        free = ip_network(subnet.cidr).num_addresses - AZURE_RESERVED - used
        left.update(dict.fromkeys(subnet.pools, free))
    return left
