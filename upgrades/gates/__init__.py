"""Checks before and after a step: one small class a file, in force by being listed in `GATES`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .addresses import Addresses
from .alerts import Alerts
from .azure.addresses_for_all import AddressesForAll
from .azure.channel import Channel
from .azure.cores_for_all import CoresForAll
from .azure.locks import Locks
from .azure.outbound_ports import OutboundPorts
from .azure.power import Power
from .azure.provisioning import Provisioning
from .azure.vm_sizes import VmSizes
from .bare_pods import BarePods
from .budgets import Budgets
from .changes.also_changes import AlsoChanges
from .changes.read_apis import ReadApis
from .changes.what_changes import WhatChanges
from .cores import Cores
from .expiries import Expiries
from .local_volumes import LocalVolumes
from .new_alerts import NewAlerts
from .new_failures import NewFailures
from .nodes_ready import NodesReady
from .operation import Operation
from .pool_upgraded import PoolUpgraded
from .promotion import Promotion
from .removed_apis import RemovedApis
from .replicas_back import ReplicasBack
from .single_replicas import SingleReplicas
from .webhooks import Webhooks
from .window import Window
from .workloads.evictions import Evictions
from .workloads.grace_periods import GracePeriods
from .workloads.quarantined import Quarantined
from .workloads.unbudgeted import Unbudgeted
from .workloads.unprobed import Unprobed
from .workloads.unspread import Unspread
from .workloads.zonal_volumes import ZonalVolumes

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
