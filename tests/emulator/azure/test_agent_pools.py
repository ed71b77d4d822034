"""Node pools: their versions, sizes and operating systems."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.errors import ProviderError
from tests.emulator.azure_provider import Azure, refused, system_profile

AUTOSCALED = {"enableAutoScaling": True, "minCount": 1, "maxCount": 5, "count": 1}


def test_a_pool_takes_its_control_planes_version_over(azure: Azure) -> None:
    azure.cluster("1.35.5")
    outputs = azure.pool().outputs
    assert outputs["currentOrchestratorVersion"] == outputs["orchestratorVersion"] == "1.35.5"
    assert outputs["nodeImageVersion"] == "AKSUbuntu-2404gen2containerd-202611.23.0"


def test_a_pool_above_its_control_plane(azure: Azure) -> None:
    azure.cluster("1.35.5")
    with refused("NodePoolMcVersionIncompatible", "1.35.6"):
        azure.pool(orchestratorVersion="1.35.6")
    pool = azure.pool(orchestratorVersion="1.35.4")
    with refused("NodePoolMcVersionIncompatible", "1.36.2"):
        azure.update(pool, orchestratorVersion="1.36.2")


def test_a_pool_too_far_behind(azure: Azure) -> None:
    azure.cluster("1.36.2", supportPlan="AKSLongTermSupport", sku={"tier": "Premium"})
    azure.cloud.configure(skew_minors=2)
    with refused("NodePoolMcVersionIncompatible", "more than 2"):
        azure.pool(orchestratorVersion="1.33.13")
    azure.cloud.configure(skew_minors=3)
    azure.pool(orchestratorVersion="1.33.13")


def test_a_version_that_aks_does_not_offer(azure: Azure) -> None:
    azure.cluster("1.35.6")
    with refused("AgentPoolK8sVersionNotSupported", "1.33.13"):
        azure.pool(orchestratorVersion="1.33.13")
    with refused("AgentPoolK8sVersionNotSupported"):
        azure.pool(orchestratorVersion="1.34.77")


def test_a_pool_may_have_the_version_that_its_control_plane_still_runs(
    azure: Azure, monkeypatch: pytest.MonkeyPatch
) -> None:
    azure.cluster("1.34.9")
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-12-24")
    assert azure.pool().outputs["currentOrchestratorVersion"] == "1.34.9"


def test_a_pool_never_goes_back(azure: Azure) -> None:
    azure.cluster("1.35.6")
    pool = azure.pool()
    with refused("AgentPoolUpgradeVersionNotAllowed", "cannot go back"):
        azure.update(pool, orchestratorVersion="1.35.5")


def test_whether_a_pool_may_skip_a_minor_is_a_setting(azure: Azure) -> None:
    cluster = azure.cluster("1.34.9")
    pool = azure.pool()
    cluster = azure.update(cluster, kubernetesVersion="1.35.6")
    azure.update(cluster, kubernetesVersion="1.36.2")
    with refused("AgentPoolUpgradeVersionNotAllowed", "one minor version at a time"):
        azure.update(pool, orchestratorVersion="1.36.2")
    azure.cloud.configure(pool_skips_minors=True)
    assert azure.update(pool, orchestratorVersion="1.36.2").outputs["currentOrchestratorVersion"] == "1.36.2"


def test_an_upgrade_moves_the_node_image_and_another_change_does_not(
    azure: Azure, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster, pool = azure.cluster("1.34.9"), azure.pool()
    assert pool.outputs["nodeImageVersion"].startswith("AKSUbuntu-2204")
    azure.update(cluster, kubernetesVersion="1.35.6")
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-30")
    assert (
        azure.update(pool, nodeLabels={"a": "b"}).outputs["nodeImageVersion"]
        == pool.outputs["nodeImageVersion"]
    )
    upgraded = azure.update(pool, orchestratorVersion="1.35.6").outputs["nodeImageVersion"]
    assert upgraded == "AKSUbuntu-2404gen2containerd-202611.30.0"


def test_a_pool_that_exists_is_not_adopted(azure: Azure) -> None:
    azure.cluster()
    with pytest.raises(
        ProviderError, match=r"cannot create already existing resource '/subscriptions/.*/agentPools/system'"
    ):
        azure.pool("system", mode="System")


def test_a_pool_of_no_cluster(azure: Azure) -> None:
    azure.group()
    with refused("ParentResourceNotFound", "managedClusters/aks"):
        azure.pool()


# Size.


def test_an_autoscaled_pool_keeps_the_number_that_the_autoscaler_set(azure: Azure) -> None:
    azure.cluster()
    pool = azure.pool(**AUTOSCALED)
    assert pool.outputs["count"] == 1
    azure.cloud.edit(pool.id, {"count": 4})
    pool = azure.update(pool, count=None)
    assert azure.update(pool, nodeLabels={"a": "b"}).outputs["count"] == 4
    assert azure.update(pool, maxCount=3).outputs["count"] == 3


@pytest.mark.parametrize("more", [AUTOSCALED, {**AUTOSCALED, "minCount": 0}])
def test_an_autoscaled_pool_is_made_with_a_first_number(azure: Azure, more: dict[str, Any]) -> None:
    azure.cluster()
    with refused("InvalidParameter", "Required parameter agentPoolProfile.count is missing"):
        azure.pool(**{**more, "count": None})
    assert azure.pool(**{**more, "count": more["minCount"]}).outputs["count"] == more["minCount"]


def test_an_autoscaled_inline_pool_is_made_with_a_first_number(azure: Azure) -> None:
    with refused("InvalidParameter", "Required parameter agentPoolProfile.count is missing"):
        azure.cluster("1.35.6", agentPoolProfiles=[system_profile(**{**AUTOSCALED, "count": None})])
    azure.cluster("1.35.6", agentPoolProfiles=[system_profile(**AUTOSCALED)])


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"enableAutoScaling": True}, "both must be given"),
        ({"enableAutoScaling": True, "minCount": 5, "maxCount": 2}, "does not hold"),
        (
            {"enableAutoScaling": True, "minCount": 1, "maxCount": 5, "count": 9},
            "not between minCount 1 and maxCount 5",
        ),
        (
            {"enableAutoScaling": True, "minCount": 0, "maxCount": 5, "mode": "System"},
            "1 <= minCount",
        ),
        ({"count": 1001}, "1001"),
        ({"count": 0, "mode": "System"}, "not between 1"),
        ({"maxPods": 9}, "maxPods"),
        ({"maxPods": 251}, "maxPods"),
    ],
)
def test_sizes_that_are_none(azure: Azure, more: dict[str, Any], words: str) -> None:
    azure.cluster()
    inputs = {k: v for k, v in ({"count": 2} | more).items() if v is not None}
    azure_inputs = inputs if "count" in inputs else inputs | {"count": None}
    with refused("InvalidParameter", words):
        azure.pool(**azure_inputs)


def test_limits_without_an_autoscaler(azure: Azure) -> None:
    azure.cluster()
    with refused("AutoScalingNotEnabled"):
        azure.pool(minCount=1, maxCount=2)


def test_a_user_pool_may_be_empty(azure: Azure) -> None:
    azure.cluster()
    assert azure.pool(count=0).outputs["count"] == 0
