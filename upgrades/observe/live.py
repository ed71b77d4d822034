"""What gates see of a real cluster: its API server, and Azure."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kubernetes import config
from ruamel.yaml import YAML

from settings.subnets import plan as subnets
from upgrades.observe.emulated import free_addresses
from upgrades.observe.kubernetes import read
from upgrades.view import View

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from settings import StackSettings
    from upgrades.fleet import Cluster


def live_view(cluster: Cluster, settings: StackSettings, outputs: Mapping[str, Any], now: datetime) -> View:
    """Read a cluster through its stack's kubeconfig. What cannot be read is unknown, with the reason."""
    reader: Any = YAML(typ="safe")  # carries no types
    clients: Any = config
    found = read(clients.new_client_from_config_dict(reader.load(outputs["kubeconfig"].value)))
    nodes = found.parts["nodes"]
    running = Counter[str](node.pool for node in nodes or ())
    pools = tuple(replace(pool, nodes=running[pool.name]) for pool in cluster.pools)
    room = free_addresses(replace(cluster, pools=pools), subnets(settings)) if nodes is not None else None
    return View(at=now, free_addresses=room, unread=found.unread, **found.parts)
