"""Checks before and after a step: one small class a file, in force by being listed in `GATES`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .addresses import Addresses
from .addresses_for_all import AddressesForAll
from .alerts import Alerts
from .also_changes import AlsoChanges
from .bare_pods import BarePods
from .budgets import Budgets
from .channel import Channel
from .cores import Cores
from .cores_for_all import CoresForAll
from .evictions import Evictions
from .expiries import Expiries
from .grace_periods import GracePeriods
from .local_volumes import LocalVolumes
from .locks import Locks
from .new_alerts import NewAlerts
from .new_failures import NewFailures
from .nodes_ready import NodesReady
from .operation import Operation
from .outbound_ports import OutboundPorts
from .pool_upgraded import PoolUpgraded
from .power import Power
from .promotion import Promotion
from .provisioning import Provisioning
from .quarantined import Quarantined
from .read_apis import ReadApis
from .removed_apis import RemovedApis
from .replicas_back import ReplicasBack
from .single_replicas import SingleReplicas
from .unbudgeted import Unbudgeted
from .unprobed import Unprobed
from .unspread import Unspread
from .vm_sizes import VmSizes
from .webhooks import Webhooks
from .what_changes import WhatChanges
from .window import Window
from .zonal_volumes import ZonalVolumes

if TYPE_CHECKING:
    from .base import Gate

GATES: tuple[Gate, ...] = (
    Provisioning(),
    Power(),
    Channel(),
    Locks(),
    Budgets(),
    Evictions(),
    NodesReady(),
    Quarantined(),
    LocalVolumes(),
    BarePods(),
    SingleReplicas(),
    GracePeriods(),
    ZonalVolumes(),
    Unbudgeted(),
    Unprobed(),
    Unspread(),
    Addresses(),
    AddressesForAll(),
    OutboundPorts(),
    Cores(),
    CoresForAll(),
    VmSizes(),
    RemovedApis(),
    ReadApis(),
    WhatChanges(),
    AlsoChanges(),
    Webhooks(),
    Alerts(),
    Window(),
    Promotion(),
    Expiries(),
    Operation(),
    PoolUpgraded(),
    NewFailures(),
    NewAlerts(),
    ReplicasBack(),
)
"""Every gate, in the order in which they are reported."""
