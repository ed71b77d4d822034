"""What runs in a cluster as gates look at it: nodes, pods, what guards and what owns them, and who calls for APIs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from secure_aks_lifecycle.versions.version import Version


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
    `missing` is how many of its pods have to become healthy before it allows anything, `never` what of its spec allows none however
    healthy they are (empty: it may).
    """

    namespace: str
    name: str
    allowed: int
    pods: int
    pools: frozenset[str] = frozenset()
    missing: int = 0
    holds: frozenset[tuple[str, str]] = frozenset()
    never: str = ""


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod: where it runs and what keeps it from moving. `owner` is empty for a bare pod.

    `grace_seconds` is how long it may take to end, `volume_zones` are the zones to which its volumes bind it,
    `bound_to` the pool that its nodeSelector names.
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
    bound_to: str = ""

    @property
    def is_drained(self) -> bool:
        """Tell whether a drain has to move it: a DaemonSet's and a static pod stay, one that has ended just goes."""
        return self.phase in {"Pending", "Running"} and not self.stays

    @property
    def stays(self) -> bool:
        """Tell whether a drain leaves it where it is. One that has ended is evicted too: no budget holds it, and a webhook may."""
        return self.owner.startswith(("DaemonSet/", "Node/"))

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
    its pods are told to keep apart (spread constraints or anti-affinity); `settles`: a new pod is available some seconds after
    it is ready (minReadySeconds). All are True where that is not read.
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
    settles: bool = True

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
class Eviction:
    """A pod whose eviction the API server refused when it was asked without doing it, and in which words; not `told`: why it could not be asked."""

    namespace: str
    pod: str
    pool: str
    refusal: str
    told: bool = True
