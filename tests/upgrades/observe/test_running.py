"""What Azure runs, read off a managed cluster: whole, partial and odd ones."""

from __future__ import annotations

import pytest

from tests.upgrades.builders import cluster, v
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.observe.running import Running, read

WHOLE = {
    "currentKubernetesVersion": "1.35.7",
    "provisioningState": "Succeeded",
    "agentPoolProfiles": [
        {"name": "system", "currentOrchestratorVersion": "1.35.7", "provisioningState": "Upgrading"},
        {"name": "general", "currentOrchestratorVersion": "1.34.7", "provisioningState": "Failed"},
    ],
}


def test_versions_operations_and_failures():
    found = read(WHOLE)
    assert dict(found.versions) == {CONTROL_PLANE: v("1.35.7"), "system": v("1.35.7"), "general": v("1.34.7")}
    assert found.operations == ("system: Upgrading",)
    assert found.failed == ("general",)


@pytest.mark.parametrize(
    "outputs",
    [
        {},
        {"agentPoolProfiles": None},
        {"currentKubernetesVersion": "1.35", "agentPoolProfiles": [{"name": "x"}]},
    ],
)
def test_what_is_not_said_is_not_made_up(outputs):
    assert read(outputs) == Running()


def test_what_is_switched_off_and_the_channel():
    found = read(
        {
            "powerState": {"code": "Running"},
            "autoUpgradeProfile": {"upgradeChannel": "patch"},
            "agentPoolProfiles": [
                {"name": "general", "powerState": {"code": "Stopped"}},
                {"name": "x", "powerState": None},
            ],
        }
    )
    assert (found.stopped, found.channel) == (("general",), "patch")
    assert found.applied_to(cluster("1.34.7")).auto_upgrade == "patch"


def test_a_cluster_gets_what_runs_in_the_place_of_what_is_recorded():
    applied = read(WHOLE).applied_to(cluster("1.34.7"))
    assert applied.control_plane == v("1.35.7")
    assert [str(pool.version) for pool in applied.pools] == ["1.35.7", "1.34.7"]
    assert Running().applied_to(cluster("1.34.7")) == cluster("1.34.7")
