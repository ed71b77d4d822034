"""The settings of a small cluster that components are built from."""

import pytest

from settings.cluster import Cluster
from settings.pools import Pool, SystemPool


@pytest.fixture
def cluster_settings():
    """Make the control plane's settings, with some told otherwise."""

    def make(**changes):
        return Cluster(**{"name": "aks-test", "kubernetes_version": "1.35.6", **changes})

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
        return kind(**{**base, **changes})

    return make
