"""Node pools: names, operating systems, modes, what they keep for life, addresses."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.azure.aks.room import used
from tests.emulator.azure_provider import Azure, refused, system_profile, urn

# Names, operating systems, modes.


@pytest.mark.parametrize("name", ["General", "1st", "a-b", "thirteenchars", "ä"])
def test_names(azure: Azure, name: str) -> None:
    azure.cluster()
    with refused("InvalidParameter", "agentPoolProfile.name"):
        azure.pool(name)


def test_a_windows_name_has_six_characters_at_most(azure: Azure) -> None:
    azure.cluster()
    with refused("WindowsAgentPoolNameTooLong", "windows"):
        azure.pool("windows", osType="Windows", osSKU="Windows2025", enableFIPS=True)
    azure.pool("win", osType="Windows", osSKU="Windows2025", enableFIPS=True)


@pytest.mark.parametrize(
    ("sku", "version", "fits"),
    [
        ("Windows2019", "1.34.9", False),
        ("Windows2022", "1.35.6", True),
        ("Windows2022", "1.36.2", True),
        ("Windows2025", "1.36.2", True),
        ("Windows2016", "1.35.6", False),
        ("Ubuntu", "1.35.6", False),
    ],
)
def test_windows_and_kubernetes(azure: Azure, sku: str, version: str, fits: bool) -> None:  # noqa: FBT001 - the expectation of a case
    azure.cluster(version)
    if fits:
        azure.pool("win", osType="Windows", osSKU=sku, enableFIPS=sku == "Windows2025")
    else:
        with refused("InvalidParameter", sku):
            azure.pool("win", osType="Windows", osSKU=sku)


def test_windows_2019_ends_with_1_32_and_its_pool_cannot_follow(azure: Azure) -> None:
    more = {"supportPlan": "AKSLongTermSupport", "sku": {"tier": "Premium"}}
    cluster = azure.cluster("1.32.11", **more)
    pool = azure.pool("win", osType="Windows", osSKU="Windows2019")
    azure.update(cluster, kubernetesVersion="1.33.13")
    with refused("InvalidParameter", "Windows2019"):
        azure.update(pool, orchestratorVersion="1.33.13")
    with refused("PropertyChangeNotAllowed", "osSKU"):
        azure.update(pool, osSKU="Windows2022")


def test_windows_needs_azure_cni(azure: Azure) -> None:
    azure.cluster(networkProfile={"networkPlugin": "none"})
    with refused("AzureCNIOnlyForWindows"):
        azure.pool("win", osType="Windows", osSKU="Windows2025", enableFIPS=True)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"osType": "Windows", "osSKU": "Windows2025", "enableFIPS": True}, "must run Linux"),
        ({"scaleSetPriority": "Spot"}, "spot"),
        ({"upgradeSettings": {"maxUnavailable": "1"}}, "maxUnavailable"),
    ],
)
def test_what_a_system_pool_cannot_be(azure: Azure, more: dict[str, Any], words: str) -> None:
    azure.cluster()
    with refused("InvalidParameter", words):
        azure.pool("sys2", mode="System", **more)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"osSKU": "Windows2022"}, "Windows2022"),
        ({"workloadRuntime": "KataVmIsolation"}, "AzureLinux"),
        ({"workloadRuntime": "KataVmIsolation", "osSKU": "Ubuntu2404"}, "AzureLinux"),
        ({"upgradeSettings": {"maxSurge": "a third"}}, "maxSurge"),
        ({"upgradeSettings": {"drainTimeoutInMinutes": 4}}, "drainTimeoutInMinutes"),
        ({"upgradeSettings": {"undrainableNodeBehavior": "Delete"}}, "undrainableNodeBehavior"),
        ({"upgradeSettings": {"drainTimeoutInMinutes": 1441}}, "drainTimeoutInMinutes"),
        ({"upgradeSettings": {"nodeSoakDurationInMinutes": 31}}, "nodeSoakDurationInMinutes"),
        ({"scaleSetPriority": "Spot", "upgradeSettings": {"maxSurge": "33%"}}, "surge"),
    ],
)
def test_settings_that_do_not_work(azure: Azure, more: dict[str, Any], words: str) -> None:
    azure.cluster()
    with refused("InvalidParameter", words):
        azure.pool(**more)


def test_a_sandboxed_pool(azure: Azure) -> None:
    azure.cluster()
    azure.pool("sandbox", osSKU="AzureLinux", workloadRuntime="KataVmIsolation")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"availabilityZones": ["1"]}, {"availabilityZones": ["1", "2"]}),
        ({}, {"vmSize": "Standard_D8ds_v5"}),
        ({}, {"osType": "Windows"}),
        ({"maxPods": 50}, {"maxPods": 60}),
        ({"scaleSetPriority": "Spot"}, {"scaleSetPriority": "Regular"}),
    ],
)
def test_what_a_pool_keeps_for_life(azure: Azure, before: dict[str, Any], after: dict[str, Any]) -> None:
    azure.cluster()
    pool = azure.pool(**before)
    with refused("PropertyChangeNotAllowed", next(iter(after))):
        azure.update(pool, **after)


def test_labels_and_taints_that_a_put_leaves_out_are_gone(azure: Azure) -> None:
    azure.cluster()
    pool = azure.pool(nodeLabels={"a": "b"}, nodeTaints=["a=b:NoSchedule"], osDiskSizeGB=256)
    outputs = azure.update(pool, nodeLabels=None, nodeTaints=None, osDiskSizeGB=None).outputs
    assert "nodeLabels" not in outputs
    assert "nodeTaints" not in outputs
    assert outputs["osDiskSizeGB"] == 256


# The last system pool.


def test_the_last_system_pool_stays(azure: Azure) -> None:
    azure.cluster()
    second = azure.pool("sys2", mode="System")
    first = azure.read(second)
    assert first is not None
    azure.delete(second)
    state = azure.cloud.view()
    system = next(r for r in state.resources.values() if r.name == "system")
    with refused("MustDefineAtLeastOneSystemPool", "'system' is the last one"):
        azure.provider.delete(urn("containerservice:AgentPool", "system"), system.id, {})


def test_the_last_system_pool_stays_one(azure: Azure) -> None:
    cluster = azure.cluster()
    with refused("MustDefineAtLeastOneSystemPool"):
        azure.update(cluster, agentPoolProfiles=[system_profile(mode="User")])
    second = azure.pool("sys2", mode="System")
    azure.update(second, mode="User")
    assert {p["name"]: p["mode"] for p in azure.read(cluster)[2]["agentPoolProfiles"]} == {  # type: ignore[index]
        "system": "System",
        "sys2": "User",
    }


# Addresses.


def test_a_subnet_that_does_not_exist(azure: Azure) -> None:
    azure.cluster()
    with refused("SubnetNotFound", "nowhere"):
        azure.pool(
            vnetSubnetID="/subscriptions/x/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/nowhere"
        )


def test_nodes_and_surge_need_addresses(azure: Azure) -> None:
    azure.group()
    subnet = azure.network("10.1.0.0/28")  # 16 less 5: 11 nodes
    azure.cluster(agentPoolProfiles=[system_profile(vnetSubnetID=subnet.id, count=3)])
    surge = {"upgradeSettings": {"maxSurge": "50%"}}
    with refused("InsufficientSubnetSize", "Pre-allocated IPs 12 (nodes and surge) exceeds IPs available 11"):
        azure.pool(count=6, vnetSubnetID=subnet.id, **surge)
    pool = azure.pool(count=5, vnetSubnetID=subnet.id, **surge)
    with refused("InsufficientSubnetSize"):
        azure.update(pool, count=6)


def test_without_overlay_every_pod_needs_an_address(azure: Azure) -> None:
    azure.group()
    subnet = azure.network("10.1.0.0/24")
    azure.cluster(
        networkProfile={"networkPlugin": "azure"},
        agentPoolProfiles=[system_profile(vnetSubnetID=subnet.id, count=2)],
    )
    with refused("InsufficientSubnetSize", "exceeds IPs available 251"):
        azure.pool(count=6, vnetSubnetID=subnet.id)


@pytest.mark.parametrize(
    ("more", "each"), [({}, 16), ({"podIPAllocationMode": "StaticBlock", "maxPods": 32}, 48)]
)
def test_a_subnet_for_pods_gives_each_node_its_share(
    azure: Azure, more: dict[str, object], each: int
) -> None:
    azure.group()
    pods = azure.network("10.1.0.0/24")  # 251
    azure.cluster()
    fits = 251 // each - 2  # and two for the surge
    azure.pool(count=fits, upgradeSettings={"maxSurge": "2"}, podSubnetID=pods.id, **more)
    with refused("InsufficientSubnetSize", "exceeds IPs available 251"):
        azure.pool("more", count=2, podSubnetID=pods.id, **more)
    assert used(azure.cloud.view(), pods.id) == fits * each
    with refused("SubnetNotFound"):
        azure.pool("gone", podSubnetID=f"{pods.id}2")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"osType": "Windows", "osSKU": "Windows2025"}, "FIPS-enabled images only"),
        ({"osSKU": "Ubuntu2404", "enableFIPS": True}, "not supported on Ubuntu2404"),
        ({"osSKU": "AzureLinux", "workloadRuntime": "KataVmIsolation", "enableFIPS": True}, "Pod Sandboxing"),
        (
            {"osType": "Windows", "osSKU": "Windows2022", "securityProfile": {"enableSecureBoot": True}},
            "Trusted Launch is not supported on Windows",
        ),
        (
            {
                "osSKU": "AzureLinux",
                "workloadRuntime": "KataVmIsolation",
                "securityProfile": {"enableVTPM": True},
            },
            "Trusted Launch is not supported with Pod Sandboxing",
        ),
    ],
)
def test_boot_and_cryptography(azure: Azure, more: dict[str, Any], words: str) -> None:
    azure.cluster()
    with refused("InvalidParameter", words):
        azure.pool("pool", **more)


def test_fips_of_a_linux_pool_changes_in_place_and_of_windows_never(azure: Azure) -> None:
    azure.cluster()
    linux = azure.pool("linux", osSKU="AzureLinux")
    azure.update(linux, enableFIPS=True)
    windows = azure.pool("win", osType="Windows", osSKU="Windows2022")
    with refused("PropertyChangeNotAllowed", "enableFIPS"):
        azure.update(windows, enableFIPS=True)
