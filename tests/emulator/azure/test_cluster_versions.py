"""Versions of a control plane: what AKS accepts and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.azure_provider import Azure, Made, refused, system_profile, system_version

LTS = {"supportPlan": "AKSLongTermSupport", "sku": {"name": "Base", "tier": "Premium"}}


def test_a_new_cluster_runs_its_version_and_its_inline_pool_too(azure: Azure) -> None:
    made = azure.cluster("1.35.5")
    assert made.outputs["currentKubernetesVersion"] == "1.35.5"
    assert azure.running() == {"": "1.35.5", "system": "1.35.5"}


@pytest.mark.parametrize("version", ["1.35.99", "1.36.0", "1.37.0", "1.99.1", "2.1.0"])
def test_a_version_that_aks_does_not_know(azure: Azure, version: str) -> None:
    with refused("K8sVersionNotSupported", version):
        azure.cluster(version)


@pytest.mark.parametrize("version", ["1.27.16", "1.32.11", "1.33.13"])
def test_a_version_that_aks_no_longer_offers(azure: Azure, version: str) -> None:
    with refused("K8sVersionNotSupported", version):
        azure.cluster(version)


def test_a_version_is_offered_from_its_first_day_to_its_last(
    azure: Azure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-05-31")
    with refused("K8sVersionNotSupported"):
        azure.cluster("1.36.2")
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2027-03-31T23:59:59")
    azure.cluster("1.35.6")
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2027-04-01")
    with refused("K8sVersionNotSupported"):
        azure.cluster("1.35.6", resourceName="late")


@pytest.mark.parametrize("version", ["latest", "1", "1.35.6.1", "v1.35.6", ""])
def test_what_is_no_version(azure: Azure, version: str) -> None:
    with refused("InvalidParameter"):
        azure.cluster(version)


def test_long_term_support_offers_older_minors_and_needs_premium(azure: Azure) -> None:
    with refused("K8sVersionNotSupported", "long-term support only"):
        azure.cluster("1.33.13")
    with refused("InvalidParameter", "Premium"):
        azure.cluster("1.33.13", supportPlan="AKSLongTermSupport")
    assert azure.cluster("1.33.13", **LTS).outputs["currentKubernetesVersion"] == "1.33.13"


def test_two_parts_become_three_and_naming_the_minor_again_upgrades_nothing(azure: Azure) -> None:
    made = azure.cluster("1.35")
    assert made.outputs["kubernetesVersion"] == "1.35.7"
    older = azure.cluster("1.35.5", resourceName="older", nodeResourceGroup="older-nodes")
    assert azure.update(older, kubernetesVersion="1.35").outputs["currentKubernetesVersion"] == "1.35.5"


def test_two_parts_drift_after_every_refresh(azure: Azure) -> None:
    made = azure.cluster("1.35")
    read = azure.read(made)
    assert read is not None
    assert read[1]["kubernetesVersion"] == "1.35.7"
    diff = azure.provider.diff("x::x::azure-native:containerservice:ManagedCluster::c", read[1], made.inputs)
    assert diff.diffs == {"kubernetesVersion": "update"}


@pytest.mark.parametrize("target", ["1.34.9", "1.35.6"])
def test_the_next_patch_and_the_next_minor(azure: Azure, target: str) -> None:
    made = azure.cluster("1.34.8")
    assert azure.update(made, kubernetesVersion=target).outputs["currentKubernetesVersion"] == target
    assert azure.running() == {"": target, "system": "1.34.8"}


def test_a_skipped_minor(azure: Azure) -> None:
    made = azure.cluster("1.34.9")
    with refused("OperationNotAllowed", "cannot be skipped"):
        azure.update(made, kubernetesVersion="1.36.2")
    assert azure.running()[""] == "1.34.9"


@pytest.mark.parametrize("target", ["1.35.5", "1.34.9"])
def test_a_way_down(azure: Azure, target: str) -> None:
    made = azure.cluster("1.35.6")
    with refused("OperationNotAllowed", "Downgrading"):
        azure.update(made, kubernetesVersion=target)


def test_long_term_support_may_skip_within_the_skew(azure: Azure) -> None:
    made = azure.cluster("1.33.13", **LTS)
    azure.cloud.configure(skew_minors=2)
    with refused("OperationNotAllowed", "cannot be skipped"):
        azure.update(made, kubernetesVersion="1.36.2")
    azure.update(made, kubernetesVersion="1.35.6")


def test_pools_left_too_far_behind(azure: Azure) -> None:
    made = azure.update(
        azure.update(azure.cluster("1.33.13", **LTS), kubernetesVersion="1.34.9"), kubernetesVersion="1.35.6"
    )
    azure.cloud.configure(skew_minors=2)
    with refused("NodePoolMcVersionIncompatible", "more than 2 versions less"):
        azure.update(made, kubernetesVersion="1.36.2")
    azure.cloud.configure(skew_minors=3)
    azure.update(made, kubernetesVersion="1.36.2")


def test_a_cluster_on_a_removed_version_can_still_be_changed_and_upgraded(
    azure: Azure, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = azure.cluster("1.34.9")
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-12-24")
    made = azure.update(made, tags={"owner": "platform"})
    azure.update(made, kubernetesVersion="1.35.6")


def test_every_minor_of_the_data_in_legal_steps(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = [
        ("2023-08-01", "1.27.3"), ("2024-01-10", "1.28.5"), ("2024-04-01", "1.29.2"), ("2024-08-01", "1.30.3"),
        ("2024-11-01", "1.31.2"), ("2025-05-01", "1.32.5"), ("2025-08-10", "1.33.2"), ("2025-12-01", "1.34.2"),
        ("2026-04-01", "1.35.1"), ("2026-07-20", "1.36.2"),
    ]  # fmt: skip
    monkeypatch.setenv("SECURE_AKS_CLOCK", walk[0][0])
    made = azure.cluster(walk[0][1])
    pool = azure.pool("general", orchestratorVersion=walk[0][1])
    for day, version in walk[1:]:
        monkeypatch.setenv("SECURE_AKS_CLOCK", day)
        made = azure.update(made, kubernetesVersion=version)
        pool = azure.update(pool, orchestratorVersion=version)
        azure.create("resources:Deployment", f"d{version}", **system_version(version))
    assert azure.running() == {"": "1.36.2", "general": "1.36.2", "system": "1.36.2"}


GENERAL = {"name": "general", "mode": "User", "vmSize": "Standard_D4ds_v5", "count": 2}


def left_behind(azure: Azure, monkeypatch: pytest.MonkeyPatch, version: str = "1.31.9", **more: Any) -> Made:
    """A cluster of two pools whose minor has no support any more."""
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2025-05-01")
    made = azure.cluster(version, **more)
    azure.pool("general", orchestratorVersion=version)
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    return made


def whole(azure: Azure, made: Made, plane: str, system: str | None, general: str | None) -> None:
    pools = [(system_profile(), system), (GENERAL, general)]
    profiles = [pool | ({"orchestratorVersion": version} if version else {}) for pool, version in pools]
    azure.update(made, kubernetesVersion=plane, agentPoolProfiles=profiles)


def test_out_of_support_a_whole_cluster_goes_to_the_lowest_supported_minor(
    azure: Azure, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = left_behind(azure, monkeypatch)
    whole(azure, made, "1.34.10", "1.34.10", "1.34.10")
    assert azure.running() == {"": "1.34.10", "system": "1.34.10", "general": "1.34.10"}


@pytest.mark.parametrize(
    "versions",
    [
        ("1.34.10", None, None),
        ("1.34.10", "1.34.10", None),
        ("1.34.10", "1.34.10", "1.31.9"),
        ("1.35.7", "1.35.7", "1.35.7"),
        ("1.33.13", "1.33.13", "1.33.13"),
    ],
)
def test_it_goes_nowhere_else_and_in_no_parts(
    azure: Azure, monkeypatch: pytest.MonkeyPatch, versions: tuple[str, str | None, str | None]
) -> None:
    made = left_behind(azure, monkeypatch)
    with refused("OperationNotAllowed", "cannot be skipped"):
        whole(azure, made, *versions)
    assert set(azure.running().values()) == {"1.31.9"}


def test_with_support_or_with_lts_a_whole_cluster_skips_nothing_more(
    azure: Azure, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = left_behind(azure, monkeypatch, "1.30.11", **LTS)
    with refused("OperationNotAllowed", "cannot be skipped"):
        whole(azure, made, "1.34.10", "1.34.10", "1.34.10")
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-07-20")
    supported = azure.cluster("1.34.9", resourceName="new", nodeResourceGroup="new-nodes")
    profiles = [system_profile() | {"orchestratorVersion": "1.36.2"}]
    with refused("OperationNotAllowed", "cannot be skipped"):
        azure.update(supported, kubernetesVersion="1.36.2", agentPoolProfiles=profiles)
