"""What gates see of a real cluster: its API server, Azure, and the Prometheus that the stack names."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kubernetes import config
from ruamel.yaml import YAML

from settings.subnets import plan as subnets
from upgrades.observe.api_reader import ApiReader
from upgrades.observe.azure import Azure
from upgrades.observe.azure_values import resource_id
from upgrades.observe.emulated import free_addresses
from upgrades.observe.kubernetes import KubernetesParts, part, read
from upgrades.observe.prometheus import Source, firing
from upgrades.observe.quota import free_cores
from upgrades.running import read as running
from upgrades.view import View

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kubernetes.client import ApiClient

    from settings import StackSettings
    from upgrades.fleet import Cluster

PROMETHEUS = "SECURE_AKS_PROMETHEUS"
"""Variable with the address of the Prometheus to ask; else it is that of kured in the stack file."""


def live_view(cluster: Cluster, settings: StackSettings, outputs: Mapping[str, Any], now: datetime) -> View:
    """Read a cluster through its stack's kubeconfig and its Azure. What cannot be read is unknown, with the reason."""
    summary = outputs["cluster"].value
    client = _client(outputs["kubeconfig"].value)
    return gathered(
        cluster, settings, client, Azure(resource_id(summary["id"])["subscriptions"]), summary, now
    )


def gathered(  # noqa: PLR0913, PLR0917 - each is a source of its own
    cluster: Cluster,
    settings: StackSettings,
    client: ApiClient,
    azure: Azure,
    summary: Mapping[str, str],
    now: datetime,
) -> View:
    """Return the view; `summary` is the stack's output `cluster`."""
    found = read(client)
    nodes = found.parts["nodes"]
    on_pool = Counter[str](node.pool for node in nodes or ())
    pools = tuple(replace(pool, nodes=on_pool[pool.name]) for pool in cluster.pools)
    room = free_addresses(replace(cluster, pools=pools), subnets(settings)) if nodes is not None else None
    _azure(azure, settings, summary, found)
    absent: dict[str, str] = {}
    source = _prometheus(settings)
    if source:
        part("alerts", lambda: firing(source, ApiReader(client)), found)
    else:
        absent["alerts"] = f"the stack names no Prometheus (kured's, or {PROMETHEUS})"
    return View(at=now, free_addresses=room, unread=found.unread, absent=absent, **found.parts)


def _azure(azure: Azure, settings: StackSettings, summary: Mapping[str, str], found: KubernetesParts) -> None:
    sizes = {pool.name: (pool.vm_size, pool.is_spot) for pool in settings.all_pools}

    def operations() -> tuple[str, ...]:
        names = resource_id(summary["id"])
        cluster = azure.cluster(names["resourcegroups"], names["managedclusters"])
        return running(cluster["properties"]).operations

    part("operations", operations, found)
    part("free_cores", lambda: free_cores(azure, summary["location"], sizes).items(), found)
    if found.parts["free_cores"] is not None:
        found.parts["free_cores"] = dict(found.parts["free_cores"])


def _prometheus(settings: StackSettings) -> Source | None:
    """Return where to ask for alerts; kured's filter counts here too."""
    kured = settings.node_updates.kured
    declared = kured.prometheus if kured else None
    url = os.environ.get(PROMETHEUS) or (declared.url if declared else None)
    if url is None:
        return None
    if declared is None:
        return Source(url)
    return Source(url, declared.pattern, only=declared.alert_filter_match_only)


def _client(kubeconfig: str) -> ApiClient:
    reader: Any = YAML(typ="safe")  # carries no types
    clients: Any = config
    return clients.new_client_from_config_dict(reader.load(kubeconfig))
