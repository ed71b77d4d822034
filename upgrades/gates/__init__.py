"""Checks before and after a step: one small class a file, in force by being listed in `GATES`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.after.new_alerts import NewAlerts
from upgrades.gates.after.new_failures import NewFailures
from upgrades.gates.after.pool_upgraded import PoolUpgraded
from upgrades.gates.after.replicas_back import ReplicasBack
from upgrades.gates.azure.addresses import Addresses
from upgrades.gates.azure.addresses_for_all import AddressesForAll
from upgrades.gates.azure.channel import Channel
from upgrades.gates.azure.cores import Cores
from upgrades.gates.azure.cores_for_all import CoresForAll
from upgrades.gates.azure.locks import Locks
from upgrades.gates.azure.operation import Operation
from upgrades.gates.azure.outbound_ports import OutboundPorts
from upgrades.gates.azure.outbound_ports_for_all import OutboundPortsForAll
from upgrades.gates.azure.pod_addresses import PodAddresses
from upgrades.gates.azure.pod_addresses_for_all import PodAddressesForAll
from upgrades.gates.azure.power import Power
from upgrades.gates.azure.provisioning import Provisioning
from upgrades.gates.azure.vm_sizes import VmSizes
from upgrades.gates.changes.also_changes import AlsoChanges
from upgrades.gates.changes.read_apis import ReadApis
from upgrades.gates.changes.removed_apis import RemovedApis
from upgrades.gates.changes.retired import RetiredParts
from upgrades.gates.changes.what_changes import WhatChanges
from upgrades.gates.workloads.add_ons import AddOns
from upgrades.gates.workloads.bare_pods import BarePods
from upgrades.gates.workloads.budgets import Budgets
from upgrades.gates.workloads.evictions import Evictions
from upgrades.gates.workloads.grace_periods import GracePeriods
from upgrades.gates.workloads.local_volumes import LocalVolumes
from upgrades.gates.workloads.never_allowing import NeverAllowing
from upgrades.gates.workloads.new_pool import NewPool
from upgrades.gates.workloads.no_time import NoTime
from upgrades.gates.workloads.quarantined import Quarantined
from upgrades.gates.workloads.single_replicas import SingleReplicas
from upgrades.gates.workloads.unbudgeted import Unbudgeted
from upgrades.gates.workloads.unprobed import Unprobed
from upgrades.gates.workloads.unsettled import Unsettled
from upgrades.gates.workloads.unspread import Unspread
from upgrades.gates.workloads.webhooks import Webhooks
from upgrades.gates.workloads.zonal_volumes import ZonalVolumes

from .alerts import Alerts
from .expiries import Expiries
from .nodes_ready import NodesReady
from .promotion import Promotion
from .window import Window

if TYPE_CHECKING:
    from .base import Gate

GATES: tuple[Gate, ...] = (
    Provisioning(),
    Power(),
    Channel(),
    Locks(),
    Budgets(),
    NeverAllowing(),
    Evictions(),
    NodesReady(),
    Quarantined(),
    AddOns(),
    LocalVolumes(),
    BarePods(),
    SingleReplicas(),
    GracePeriods(),
    ZonalVolumes(),
    NewPool(),
    Unbudgeted(),
    Unprobed(),
    Unspread(),
    NoTime(),
    Unsettled(),
    Addresses(),
    AddressesForAll(),
    PodAddresses(),
    PodAddressesForAll(),
    OutboundPorts(),
    OutboundPortsForAll(),
    Cores(),
    CoresForAll(),
    VmSizes(),
    RemovedApis(),
    ReadApis(),
    WhatChanges(),
    AlsoChanges(),
    RetiredParts(),
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
