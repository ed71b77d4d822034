"""What gates see of a real cluster: its API server, Azure, and the Prometheus that the stack names."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx

from upgrades.gates import GATES
from upgrades.model.view import View
from upgrades.observe.azure.parts import CLUSTER_PARTS, of_cluster
from upgrades.observe.azure.quota import free_cores
from upgrades.observe.azure.values import credentials, vm_sizes
from upgrades.observe.cluster.api_reader import ApiReader
from upgrades.observe.cluster.kubernetes import PARTS, read
from upgrades.observe.cluster.login import client_of
from upgrades.observe.cluster.parts import Parts
from upgrades.observe.cluster.retired import retired_in_azure
from upgrades.observe.cluster.uses import in_azure

from .errors import ClusterError, UnreadError
from .prometheus import Source, firing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kubernetes.client import ApiClient

    from settings import StackSettings
    from upgrades.check.values import Observed
    from upgrades.model.surroundings import Alert
    from upgrades.observe.azure.reader import Azure

OF_THE_STACK = {"followed", "window_open", "maintenance"}
"""Parts of a view that its stack tells: see `Session.view`."""
PROMETHEUS = "SECURE_AKS_PROMETHEUS"
"""Variable with the address of the Prometheus to ask; else it is that of kured in the stack file."""


def live_view(  # noqa: PLR0913 - each is a separate source
    settings: StackSettings,
    outputs: Mapping[str, Any],
    azure: Azure,
    now: datetime,
    pool: str = "",
    *,
    closed: str = "",
) -> View:
    """Read a cluster through its stack's kubeconfig and its Azure. What cannot be read is unknown, with the reason.

    `pool` is the one that is about to be drained; the API server is asked about the pods there. `closed` says why there is no API
    server to be asked (empty: there may be one).
    """
    try:
        client = ClusterError(closed) if closed else client_of(outputs["kubeconfig"])
    except ClusterError as error:
        client = error
    return gathered(settings, client, azure, outputs["cluster"], now, pool)


def gathered(  # noqa: PLR0913, PLR0917 - each is a separate source
    settings: StackSettings,
    client: ApiClient | ClusterError,
    azure: Azure,
    summary: Mapping[str, str],
    now: datetime,
    pool: str = "",
) -> View:
    """Return the view; `client` is the API server's, or why there is none, `summary` the stack's output `cluster`."""
    sizes = {one.name: ((one.vm_size,), one.is_spot) for one in settings.all_pools}
    return _view(client, azure, summary, sizes, _prometheus(settings), now, pool)


_NO_STACK = "no stack says it"


def view_of_any(
    observed: Observed, client: ApiClient | ClusterError, azure: Azure, now: datetime, pool: str = ""
) -> View:
    """Return the view of a cluster that no stack has: what a stack would say of its upgrades, nobody says."""
    url = os.environ.get(PROMETHEUS)
    summary = {"id": observed.where, "location": observed.location}
    seen = _view(client, azure, summary, vm_sizes(observed.arm), Source(url) if url else None, now, pool)
    nobody: dict[str, str] = {"followed": _NO_STACK, "window_open": _NO_STACK}
    if not url:
        nobody["alerts"] = f"nobody names a Prometheus; {PROMETHEUS} does"
    return replace(seen, absent={**seen.absent, **nobody})


def _view(  # noqa: PLR0913, PLR0917 - each is a separate source
    client: ApiClient | ClusterError,
    azure: Azure,
    summary: Mapping[str, str],
    sizes: Mapping[str, tuple[tuple[str, ...], bool]],
    source: Source | None,
    now: datetime,
    pool: str,
) -> View:
    if isinstance(client, ClusterError):
        found = Parts()
        found.fail(PARTS, client)
    else:
        found = read(client, pool)
    _azure(azure, sizes, summary, found)
    absent: dict[str, str] = {}
    if source:
        found.add("alerts", lambda: _alerts(source, client))
    else:
        absent["alerts"] = f"the stack names no Prometheus (kured's, or {PROMETHEUS})"
    missing = _gated() - found.parts.keys() - absent.keys()
    found.miss(sorted(missing), "nothing reads it")  # never a pass for want of a value
    return View(at=now, unread=found.unread, absent=absent, **found.parts)


def _gated() -> set[str]:
    """Return the parts of a view that gates read, without those that the stack itself tells."""
    return {part for gate in GATES for part in gate.reads} - OF_THE_STACK


def _azure(
    azure: Azure, sizes: Mapping[str, tuple[tuple[str, ...], bool]], summary: Mapping[str, str], found: Parts
) -> None:
    found.add("free_cores", lambda: free_cores(azure, summary["location"], sizes))
    try:
        cluster = azure.whole_cluster(summary["id"])
    except (UnreadError, ValueError) as error:
        found.fail(CLUSTER_PARTS, error)
        if found.parts["uses"] is not None:  # Azure knows the other half
            found.fail(("uses",), error)
        return
    of_cluster(azure, cluster, summary["location"], found)
    if found.parts["uses"] is not None:
        found.parts["uses"] |= in_azure(cluster)
    if found.parts["retired"] is not None:
        found.parts["retired"] |= retired_in_azure(cluster)
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


def _alerts(source: Source, client: ApiClient | ClusterError) -> list[Alert]:
    if isinstance(client, ClusterError):  # a Prometheus in the cluster is asked through its API server
        raise client
    try:
        return firing(source, ApiReader(client))
    except httpx.HTTPStatusError as error:
        raise UnreadError(
            f"{source.url} answered {error.response.status_code}; is it the Prometheus?"
        ) from None
    except httpx.HTTPError:
        raise UnreadError(
            f"{source.url} cannot be reached; set {PROMETHEUS} to an address that can, or mend kured's `prometheus`"
        ) from None
