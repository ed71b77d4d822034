"""Checks before and after a step: one small class a file, in force by being listed in `GATES`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .addresses import Addresses
from .alerts import Alerts
from .bare_pods import BarePods
from .budgets import Budgets
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

if TYPE_CHECKING:
    from .base import Gate

GATES: tuple[Gate, ...] = (
    Budgets(),
    NodesReady(),
    LocalVolumes(),
    BarePods(),
    SingleReplicas(),
    Addresses(),
    Cores(),
    RemovedApis(),
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
