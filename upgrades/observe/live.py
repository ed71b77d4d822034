"""What gates see of a real cluster: its API server, Azure, and the Prometheus that the stack names."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from kubernetes import config
from ruamel.yaml import YAML

from upgrades.observe.addresses import free_addresses
from upgrades.observe.api_reader import ApiReader, patient
from upgrades.observe.azure import Azure, AzureError
from upgrades.observe.azure_values import credentials, resource_id
from upgrades.observe.kubernetes import read
from upgrades.observe.prometheus import Source, firing
from upgrades.observe.quota import free_cores
from upgrades.running import read as running
from upgrades.view import View

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kubernetes.client import ApiClient

    from settings import StackSettings
    from upgrades.observe.parts import Parts

PROMETHEUS = "SECURE_AKS_PROMETHEUS"
"""Variable with the address of the Prometheus to ask; else it is that of kured in the stack file."""


def live_view(settings: StackSettings, outputs: Mapping[str, Any], now: datetime) -> View:
    """Read a cluster through its stack's kubeconfig and its Azure. What cannot be read is unknown, with the reason."""
    summary = outputs["cluster"].value
    client = _client(outputs["kubeconfig"].value)
    return gathered(settings, client, Azure(resource_id(summary["id"])["subscriptions"]), summary, now)


def gathered(
    settings: StackSettings,
    client: ApiClient,
    azure: Azure,
    summary: Mapping[str, str],
    now: datetime,
) -> View:
    """Return the view; `summary` is the stack's output `cluster`."""
    found = read(client)
    _azure(azure, settings, summary, found)
    absent: dict[str, str] = {}
    source = _prometheus(settings)
    if source:
        found.add("alerts", lambda: firing(source, ApiReader(client)))
    else:
        absent["alerts"] = f"the stack names no Prometheus (kured's, or {PROMETHEUS})"
    return View(at=now, unread=found.unread, absent=absent, **found.parts)


def _azure(azure: Azure, settings: StackSettings, summary: Mapping[str, str], found: Parts) -> None:
    sizes = {pool.name: (pool.vm_size, pool.is_spot) for pool in settings.all_pools}
    found.add("free_cores", lambda: free_cores(azure, summary["location"], sizes))
    names = resource_id(summary["id"])
    try:
        cluster = azure.cluster(names["resourcegroups"], names["managedclusters"])
    except AzureError as error:
        found.fail(("operations", "free_addresses"), error)
        return
    found.add("operations", lambda: running(cluster["properties"]).operations)
    found.add("free_addresses", lambda: free_addresses(azure, cluster))
    if found.parts["expiries"] is not None:
        found.parts["expiries"] += tuple(credentials(cluster))


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
    return patient(clients.new_client_from_config_dict(reader.load(kubeconfig)))
