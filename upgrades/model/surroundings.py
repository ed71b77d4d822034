"""What stands around a cluster as gates look at it: states, locks and outbound ways in Azure, room for pods, alerts, what expires."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Alert:
    """A firing alert."""

    name: str
    severity: str = ""


@dataclass(frozen=True, slots=True)
class Expiry:
    """A certificate or credential and its last day; None when that can be seen by nobody but its keeper."""

    what: str
    on: date | None


@dataclass(frozen=True, slots=True)
class ResourceState:
    """The cluster (`target` is the control plane) or a pool in Azure's words; empty where Azure says nothing.

    `provisioning` is ARM's provisioning state, `power` is Running or Stopped; `id` is the ARM id, for commands to paste.
    """

    target: str
    provisioning: str = "Succeeded"
    power: str = "Running"
    id: str = ""


@dataclass(frozen=True, slots=True)
class Lock:
    """A resource lock that reaches the cluster or its nodes: `level` is CanNotDelete or ReadOnly, `scope` what it stands on."""

    name: str
    level: str
    scope: str
    id: str = ""


PORTS_OF_AN_ADDRESS = 64_000
"""Outbound ports of one public address of a load balancer (AKS, "Use a public standard load balancer")."""


@dataclass(frozen=True, slots=True)
class Outbound:
    """The load balancer's way out: its addresses, the ports each node has reserved (0: Azure deals them out), all nodes."""

    addresses: int = 0
    ports_per_node: int = 0
    nodes: int = 0

    @property
    def most_nodes(self) -> int | None:
        """The nodes for which the reserved ports are enough; None where none are reserved."""
        return self.addresses * PORTS_OF_AN_ADDRESS // self.ports_per_node if self.ports_per_node else None


@dataclass(frozen=True, slots=True)
class Restriction:
    """A pool whose VM size Azure gives nobody (of this subscription) in a region or in some zones, with Azure's reason."""

    pool: str
    vm_size: str
    where: str
    reason: str


BLOCK = 16
"""Addresses that Azure CNI gives a node at a time of a subnet for pods (AKS, dynamic and static block allocation)."""
SPARE = 8
"""A node with fewer left than that asks for the next batch (the same, dynamic allocation)."""


@dataclass(frozen=True, slots=True)
class PodRoom:
    """A pool whose pods have a subnet of their own: the addresses `free` there (None: not told), and how a node takes them.

    `blocks` are what a node takes as it comes, all that it ever has (static allocation); 0: one batch of addresses, and more as
    its pods come (dynamic), up to `most_pods`.
    """

    free: int | None
    most_pods: int
    blocks: int = 0

    @property
    def first(self) -> int:
        """The addresses without which a node has none for its pods."""
        return (self.blocks or 1) * BLOCK

    def full(self, pods: int | None) -> int:
        """Return the addresses of a node with so many pods; with as many as it may have when that is not told."""
        if self.blocks:
            return self.first
        there = self.most_pods if pods is None else min(pods, self.most_pods)
        return -(-(there + SPARE) // BLOCK) * BLOCK
