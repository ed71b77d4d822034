"""What gates look at: a cluster's state at one moment, as plain values. Reading it is the business of `observe`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from secure_aks_lifecycle.version import Version

    from settings.sections.maintenance import Maintenance

    from .promotion import Leader


SYSTEM_NAMESPACES = {"kube-system", "kube-node-lease", "kube-public", "gatekeeper-system", "calico-system"}
"""Namespaces that AKS itself looks after: nobody but AKS can change how their workloads are built."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node: its pool, kubelet version, zone (empty: none), and whether it is Ready and takes pods.

    `pressures` are the conditions that tell of a lack, such as DiskPressure; a `quarantined` node is one that AKS could
    not drain and has set aside (label `kubernetes.azure.com/upgrade-status: Quarantined`).
    """

    name: str
    pool: str
    version: Version
    ready: bool = True
    schedulable: bool = True
    zone: str = ""
    pressures: tuple[str, ...] = ()
    quarantined: bool = False


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
    """A pod: where it runs and what keeps it from moving. `owner` is empty for a bare pod.

    `grace_seconds` is how long it may take to end, `volume_zones` are the zones to which its volumes bind it.
    """

    namespace: str
    name: str
    pool: str
    owner: str = ""
    phase: str = "Running"
    ready: bool = True
    local_volumes: tuple[str, ...] = ()
    node: str = ""
    grace_seconds: int = 30
    volume_zones: frozenset[str] = frozenset()

    @property
    def is_drained(self) -> bool:
        """Tell whether a drain has to evict it: a DaemonSet's and a static pod stay, one that has ended just goes."""
        return self.phase in {"Pending", "Running"} and not self.owner.startswith(("DaemonSet/", "Node/"))

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
    """A Deployment, StatefulSet or DaemonSet that has pods on the pools named.

    `budgeted`: a PodDisruptionBudget counts its pods; `probed`: each of its containers has a readiness probe; `spread`:
    its pods are told to keep apart (spread constraints or anti-affinity). All are True where that is not read.
    """

    kind: str
    namespace: str
    name: str
    desired: int
    ready: int
    pools: frozenset[str] = frozenset()
    budgeted: bool = True
    probed: bool = True
    spread: bool = True

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
    """An API in use that a minor removes, as the API server's own metric or the stack's resources tell.

    `written`: somebody writes by it (create, update, patch, delete), which is what AKS counts; True where that is not told.
    """

    api: str
    removed_in: str
    source: str
    written: bool = True


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


@dataclass(frozen=True, slots=True)
class Outbound:
    """The load balancer's way out: its addresses, the ports each node has reserved (0: Azure deals them out), all nodes."""

    addresses: int = 0
    ports_per_node: int = 0
    nodes: int = 0


@dataclass(frozen=True, slots=True)
class Eviction:
    """A pod whose eviction the API server refused when it was asked without doing it, and in which words."""

    namespace: str
    pod: str
    pool: str
    refusal: str


@dataclass(frozen=True, slots=True)
class Restriction:
    """A pool whose VM size Azure gives nobody (of this subscription) in a region or in some zones, with Azure's reason."""

    pool: str
    vm_size: str
    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class View:
    """A cluster at one moment.

    A part that could not be read is None, and `unread` says why under the part's name: a gate that needs it is
    then neither passed nor failed but unknown. `absent` names parts that do not exist where the stack runs, such as
    a Prometheus that no stack names, with the reason: a gate that needs one has nothing to check, and says so.
    `free_addresses` and `free_cores` are by pool, as are `node_counts`, in which a pool that was scaled since counts right.
    `maintenance` says when the stack takes upgrades; where it is None, `window_open` and `next_window` say so.
    `auto_upgrade` is the channel that moves versions, as Azure has it; `uses` are things that the cluster runs and that a
    new version may break, by the names in the lifecycle pack's `data/changes.yaml`.
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
    maintenance: Maintenance | None = None
    node_counts: Mapping[str, int] | None = None
    states: tuple[ResourceState, ...] | None = ()
    auto_upgrade: str | None = "none"
    locks: tuple[Lock, ...] | None = ()
    outbound: Outbound | None = Outbound()
    evictions: tuple[Eviction, ...] | None = ()
    restrictions: tuple[Restriction, ...] | None = ()
    uses: frozenset[str] | None = frozenset()
    unread: Mapping[str, str] = field(default_factory=dict[str, str])
    absent: Mapping[str, str] = field(default_factory=dict[str, str])
