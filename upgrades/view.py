"""What gates look at: a cluster's state at one moment, as plain values. Reading it is the business of `observe`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from secure_aks_lifecycle.version import Version

    from .promotion import Leader


SYSTEM_NAMESPACES = {"kube-system", "kube-node-lease", "kube-public", "gatekeeper-system", "calico-system"}
"""Namespaces that AKS itself looks after: nobody but AKS can change how their workloads are built."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node: its pool, kubelet version, and whether it is Ready and takes pods."""

    name: str
    pool: str
    version: Version
    ready: bool = True
    schedulable: bool = True


@dataclass(frozen=True, slots=True)
class Budget:
    """A PodDisruptionBudget with the number of disruptions it allows now and the pods it counts.

    `pools` are those on which it holds a pod that a drain has to evict, `holds` those pods by pool and name;
    `missing` is how many of its pods have to become healthy before it allows anything.
    """

    namespace: str
    name: str
    allowed: int
    pods: int
    pools: frozenset[str] = frozenset()
    missing: int = 0
    holds: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod: where it runs and what keeps it from moving. `owner` is empty for a bare pod."""

    namespace: str
    name: str
    pool: str
    owner: str = ""
    phase: str = "Running"
    ready: bool = True
    local_volumes: tuple[str, ...] = ()

    @property
    def runs(self) -> bool:
        """Tell whether it does what it should: run and be ready, or have ended well."""
        return self.phase == "Succeeded" or (self.phase == "Running" and self.ready)

    @property
    def is_system(self) -> bool:
        """Tell whether it is AKS's own: how it is built is not for the team to change."""
        return self.namespace in SYSTEM_NAMESPACES


@dataclass(frozen=True, slots=True)
class Workload:
    """A Deployment, StatefulSet or DaemonSet that has pods on the pools named."""

    kind: str
    namespace: str
    name: str
    desired: int
    ready: int
    pools: frozenset[str] = frozenset()

    @property
    def is_system(self) -> bool:
        """Tell whether it is AKS's own: how it is built is not for the team to change."""
        return self.namespace in SYSTEM_NAMESPACES


@dataclass(frozen=True, slots=True)
class Webhook:
    """An admission webhook; `ready_backends` is None when its backend is a URL outside the cluster.

    `in_the_way` tells whether an upgrade has to make or change something that it is asked about.
    """

    name: str
    failure_policy: str
    ready_backends: int | None
    in_the_way: bool = True


@dataclass(frozen=True, slots=True)
class DeprecatedApi:
    """An API in use that a minor removes, as the API server's own metric or the stack's resources tell."""

    api: str
    removed_in: str
    source: str


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
class View:
    """A cluster at one moment.

    A part that could not be read is None, and `unread` says why under the part's name: a gate that needs it is
    then neither passed nor failed but unknown. `absent` names parts that do not exist where the stack runs, such as
    a Prometheus that no stack names, with the reason: a gate that needs one has nothing to check, and says so.
    `free_addresses` and `free_cores` are by pool.
    """

    at: datetime
    nodes: tuple[Node, ...] | None = ()
    budgets: tuple[Budget, ...] | None = ()
    pods: tuple[Pod, ...] | None = ()
    workloads: tuple[Workload, ...] | None = ()
    webhooks: tuple[Webhook, ...] | None = ()
    deprecated: tuple[DeprecatedApi, ...] | None = ()
    alerts: tuple[Alert, ...] | None = ()
    expiries: tuple[Expiry, ...] | None = ()
    operations: tuple[str, ...] | None = ()
    free_addresses: Mapping[str, int] | None = None
    free_cores: Mapping[str, int] | None = None
    followed: Leader | None = None
    window_open: bool | None = None
    next_window: datetime | None = None
    unread: Mapping[str, str] = field(default_factory=dict[str, str])
    absent: Mapping[str, str] = field(default_factory=dict[str, str])
