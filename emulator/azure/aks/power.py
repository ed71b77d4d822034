"""Clusters that are stopped and started (AKS docs, "Stop and start an AKS cluster")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azure.errors import refusal
from emulator.azure.shapes import at
from emulator.cloud.operations import cluster_of

if TYPE_CHECKING:
    from emulator.cloud.state import State


def is_stopped(state: State, id_: str) -> bool:
    """Say whether the cluster that an id lies in is stopped."""
    cluster = state.get(cluster_of(id_) or "")
    return cluster is not None and at(cluster.properties, "powerState.code") == "Stopped"


def refuse_if_stopped(state: State, id_: str) -> None:
    """Refuse to change a stopped cluster or a pool of it: only starting and deleting it are possible."""
    if is_stopped(state, id_):
        raise refusal("OperationNotAllowed.stopped")
