"""What gates look at: a cluster's state at one moment, as plain values. Reading it is the business of `observe`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .surroundings import Alert, Expiry, Lock, Outbound, PodRoom, ResourceState, Restriction

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from settings.sections.maintenance import Maintenance
    from upgrades.plan.promotion import Leader

    from .workloads import Budget, DeprecatedApi, Eviction, Node, Pod, Webhook, Workload


@dataclass(frozen=True, slots=True)
class View:
    """A cluster at one moment.

    A part that could not be read is None, and `unread` says why under the part's name: a gate that needs it is
    then neither passed nor failed but unknown. `absent` names parts that do not exist where the stack runs, such as
    a Prometheus that no stack names, with the reason: a gate that needs one has nothing to check, and says so.
    `free_addresses` and `free_cores` are by pool, as are `node_counts`, in which a pool that was scaled since counts right;
    `pod_room` is of those whose pods have a subnet of their own.
    `maintenance` says when the stack takes upgrades; where it is None, `window_open` and `next_window` say so.
    `auto_upgrade` is the channel that moves versions, as Azure has it; `uses` are things that the cluster runs and that a
    new version may break, and `retired` those that nobody mends any more, by the names in the lifecycle pack's `data/changes.yaml`.
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
    pod_room: Mapping[str, PodRoom] | None = field(default_factory=dict[str, PodRoom])
    followed: Leader | None = None
    window_open: bool | None = None
    next_window: datetime | None = None
    maintenance: Maintenance | None = None
    node_counts: Mapping[str, int] | None = None
    states: tuple[ResourceState, ...] | None = ()
    auto_upgrade: str | None = "none"
    locks: tuple[Lock, ...] | None = ()
    outbound: Outbound | None = field(default_factory=Outbound)
    evictions: tuple[Eviction, ...] | None = ()
    restrictions: tuple[Restriction, ...] | None = ()
    uses: frozenset[str] | None = frozenset()
    retired: frozenset[str] | None = frozenset()
    unread: Mapping[str, str] = field(default_factory=dict[str, str])
    absent: Mapping[str, str] = field(default_factory=dict[str, str])
