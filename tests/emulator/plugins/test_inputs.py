"""What the provider does before Azure is asked: names, locations, missing inputs, differences, previews, reading."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.cloud.cloud import Cloud
from emulator.errors import ProviderError
from emulator.properties.values import UNKNOWN
from tests.emulator.azure_provider import Azure, refused, urn


def test_names_are_made_up_as_azure_native_does(azure: Azure) -> None:
    group = azure.create("resources:ResourceGroup", "group")
    assert group.inputs["resourceGroupName"].startswith("group")
    assert len(group.inputs["resourceGroupName"]) == len("group") + 8
    azure.group()
    cluster = azure.cluster()
    pool = azure.check(
        "containerservice:AgentPool", "general", {"resourceGroupName": "rg", "resourceName": "aks"}
    )
    assert pool["agentPoolName"] == "general"
    inputs = {"scope": cluster.id, "roleDefinitionId": "/x", "principalId": "y"}
    assert len(azure.check("authorization:RoleAssignment", "a", inputs)["roleAssignmentName"]) == 36


def test_a_made_up_name_stays_and_a_second_one_differs(azure: Azure) -> None:
    first = azure.create("resources:ResourceGroup", "group")
    assert azure.check("resources:ResourceGroup", "group", {}, first.inputs) == first.inputs
    again = azure.check("resources:ResourceGroup", "group", {})
    assert again["resourceGroupName"] != first.inputs["resourceGroupName"]


def test_the_same_name_in_every_empty_cloud(azure: Azure) -> None:
    names = [
        Azure(Cloud()).check("resources:ResourceGroup", "group", {})["resourceGroupName"] for _ in range(2)
    ]
    assert names[0] == names[1] == azure.check("resources:ResourceGroup", "group", {})["resourceGroupName"]


def test_the_location_comes_from_the_provider_or_the_resource_group() -> None:
    inputs = {"resourceGroupName": "rg", "virtualNetworkName": "v"}
    assert Azure(Cloud()).check("network:VirtualNetwork", "v", inputs)["location"] == "westeurope"
    without = Azure(Cloud(), location=None)
    without.create("resources:ResourceGroup", "rg", resourceGroupName="rg", location="northeurope")
    assert without.check("network:VirtualNetwork", "v", inputs)["location"] == "northeurope"
    unknown = without.check("network:VirtualNetwork", "v", inputs | {"resourceGroupName": UNKNOWN})
    assert unknown["location"] is UNKNOWN
    assert (
        without.check("network:VirtualNetwork", "v", inputs, {"location": "eastus"})["location"] == "eastus"
    )


@pytest.mark.parametrize(
    ("type_", "missing"),
    [
        ("containerservice:ManagedCluster", ["resourceGroupName"]),
        ("containerservice:AgentPool", ["resourceGroupName", "resourceName"]),
        ("network:Subnet", ["resourceGroupName", "virtualNetworkName"]),
        ("authorization:RoleAssignment", ["scope", "principalId", "roleDefinitionId"]),
        ("monitor:DiagnosticSetting", ["resourceUri"]),
        ("containerservice:FleetMember", ["resourceGroupName", "fleetName", "clusterResourceId"]),
        ("resources:Deployment", ["resourceGroupName", "properties"]),
    ],
)
def test_what_is_required(azure: Azure, type_: str, missing: list[str]) -> None:
    _, failures = azure.provider.check(urn(type_, "x"), None, {})
    assert [f.property for f in failures] == missing
    assert failures[0].reason == f"missing required property '{missing[0]}'"


def test_a_type_that_the_emulator_does_not_know(azure: Azure) -> None:
    _, failures = azure.provider.check(urn("web:WebApp", "x"), None, {})
    assert [f.reason for f in failures] == ["the emulator does not stand in for azure-native:web:WebApp"]
    with pytest.raises(ProviderError, match="web:WebApp"):
        azure.provider.create(urn("web:WebApp", "x"), {}, preview=False)


def test_an_explicit_api_version_is_the_same_type(azure: Azure) -> None:
    checked, failures = azure.provider.check(urn("resources/v20240301:ResourceGroup", "x"), None, {})
    assert failures == []
    assert checked["resourceGroupName"]


# Differences.


@pytest.mark.parametrize(
    ("changes", "replaces", "first"),
    [
        ({"kubernetesVersion": "1.35.6"}, [], False),
        ({"tags": {"a": "b"}}, [], False),
        ({"location": "West Europe"}, [], False),
        ({"location": "northeurope"}, ["location"], True),
        ({"dnsPrefix": "x"}, ["dnsPrefix"], True),
        ({"windowsProfile": {"adminUsername": "x"}}, ["windowsProfile"], True),
        ({"networkProfile": {"networkPlugin": "azure"}}, ["networkProfile.networkPluginMode"], True),
        ({"resourceName": "other"}, ["resourceName"], False),
    ],
)
def test_what_replaces_a_cluster(
    azure: Azure,
    changes: dict[str, Any],
    replaces: list[str],
    first: bool,  # noqa: FBT001 - the expectation of a case
) -> None:
    diff = azure.diff(azure.cluster(), **changes)
    assert diff.replaces == replaces
    assert diff.delete_before_replace is first


@pytest.mark.parametrize(
    ("changes", "replaces"),
    [
        ({"orchestratorVersion": "1.35.6"}, []),
        ({"availabilityZones": ["1"]}, []),
        ({"vmSize": "Standard_D8ds_v5"}, ["vmSize"]),
        ({"agentPoolName": "other"}, ["agentPoolName"]),
    ],
)
def test_what_replaces_a_pool(azure: Azure, changes: dict[str, Any], replaces: list[str]) -> None:
    azure.cluster()
    assert azure.diff(azure.pool(), **changes).replaces == replaces


def test_no_difference(azure: Azure) -> None:
    diff = azure.diff(azure.cluster())
    assert diff.changes is False
    assert (
        azure.diff(azure.cluster(resourceName="b", nodeResourceGroup="b"), location="West Europe").changes
        is False
    )


# Previews.


def test_a_preview_touches_nothing_and_knows_what_the_program_says(azure: Azure) -> None:
    inputs = {"resourceGroupName": UNKNOWN, "resourceName": "aks", "kubernetesVersion": "1.35.6"}
    checked = azure.check("containerservice:ManagedCluster", "c", inputs)
    id_, outputs = azure.provider.create(urn("containerservice:ManagedCluster", "c"), checked, preview=True)
    assert id_ == ""
    assert outputs["kubernetesVersion"] == "1.35.6"
    assert outputs["currentKubernetesVersion"] is UNKNOWN
    assert outputs["name"] is UNKNOWN
    assert azure.cloud.view().resources == {}


def test_a_preview_of_an_update_keeps_what_stays(azure: Azure) -> None:
    made = azure.cluster("1.35.5")
    name = urn(made.type, made.name)
    same = azure.provider.update(
        name, made.id, made.outputs, made.inputs | {"tags": {"a": "b"}}, preview=True
    )
    assert same["name"] == "aks"
    assert same["currentKubernetesVersion"] == "1.35.5"
    news = made.inputs | {"kubernetesVersion": "1.35.6"}
    moved = azure.provider.update(name, made.id, made.outputs, news, preview=True)
    assert moved["fqdn"] == made.outputs["fqdn"]
    assert moved["currentKubernetesVersion"] is UNKNOWN
    assert azure.running()[""] == "1.35.5"


def test_a_preview_refuses_a_pool_that_is_wrong_in_itself(azure: Azure) -> None:
    inputs = {
        "resourceGroupName": UNKNOWN,
        "resourceName": UNKNOWN,
        "agentPoolName": "windows",
        "osType": "Windows",
        "osSKU": "Windows2025",
        "enableFIPS": True,
        "count": 2,
        "vnetSubnetID": UNKNOWN,
    }
    with refused("WindowsAgentPoolNameTooLong"):
        azure.provider.create(urn("containerservice:AgentPool", "win"), inputs, preview=True)
    azure.provider.create(
        urn("containerservice:AgentPool", "win"), inputs | {"agentPoolName": "win"}, preview=True
    )


def test_the_autoscalers_profile_has_hyphens_at_azure_and_none_in_a_program(azure: Azure) -> None:
    azure.group()
    cluster = azure.cluster(autoScalerProfile={"scaleDownUnneededTime": "5m", "expander": "priority"})
    there = azure.cloud.get(cluster.id)
    assert there
    assert there.properties["autoScalerProfile"] == {"scale-down-unneeded-time": "5m", "expander": "priority"}
    assert cluster.outputs["autoScalerProfile"] == cluster.inputs["autoScalerProfile"]
