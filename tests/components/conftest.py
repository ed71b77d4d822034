"""The settings of a small cluster that components are built from."""

import pytest

from components.args.logs import AuditArgs
from components.args.network import SubnetArgs
from components.audit_log import AuditLog, AuditLogArgs
from components.cluster_network import ClusterNetwork, ClusterNetworkArgs
from settings.sections.cluster import Cluster
from settings.sections.pools import Pool, SystemPool
from tests.components.helpers import SUBNET, WORKSPACE


@pytest.fixture
def cluster_settings():
    """Make the control plane's settings, with some told otherwise."""

    def make(**changes):
        return Cluster.model_validate({"name": "aks-test", "kubernetes_version": "1.35.6", **changes})

    return make


@pytest.fixture
def pool_settings():
    """Make a pool's settings, with some told otherwise."""

    def make(**changes):
        base = {
            "name": "general",
            "version": "1.35.6",
            "vm_size": "Standard_D4ds_v5",
            "os_sku": "Ubuntu2404",
            "autoscaling": {"min": 1, "max": 5},
        }
        kind = SystemPool if changes.get("mode") == "System" else Pool
        return kind.model_validate({**base, **changes})

    return make


@pytest.fixture
def own_network():
    """Make the network of some pools, in a subnet that exists. To be called in a program."""

    def make(*pools):
        return ClusterNetwork(
            "network", ClusterNetworkArgs("rg", "vnet", [SubnetArgs("nodes", "10.1.0.0/20", pools, SUBNET)])
        )

    return make


@pytest.fixture
def own_audit():
    """Make the audit log in a workspace that exists. To be called in a program."""
    return lambda: AuditLog("audit", AuditLogArgs("rg", "log", AuditArgs(workspace_id=WORKSPACE)))
