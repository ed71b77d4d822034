"""What the provider does before Azure is asked: names, locations, missing inputs, differences, previews, reading."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from emulator.cloud import Cloud
from emulator.providers.base import ProviderError
from emulator.values import UNKNOWN
from tests.emulator.providers.helpers import Azure, refused, system_profile, urn


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
        name, made.id, made.outputs, made.inputs, made.inputs | {"tags": {"a": "b"}}, preview=True
    )
    assert same["name"] == "aks"
    assert same["currentKubernetesVersion"] == "1.35.5"
    news = made.inputs | {"kubernetesVersion": "1.35.6"}
    moved = azure.provider.update(name, made.id, made.outputs, made.inputs, news, preview=True)
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
        "count": 2,
        "vnetSubnetID": UNKNOWN,
    }
    with refused("WindowsAgentPoolNameTooLong"):
        azure.provider.create(urn("containerservice:AgentPool", "win"), inputs, preview=True)
    azure.provider.create(
        urn("containerservice:AgentPool", "win"), inputs | {"agentPoolName": "win"}, preview=True
    )


# Reading.


def test_reading_what_did_not_change_changes_no_input(azure: Azure) -> None:
    subnet = (azure.group(), azure.network())[1]
    identity = azure.create(
        "managedidentity:UserAssignedIdentity", "i", resourceGroupName="rg", resourceName="i"
    )
    made = azure.cluster(
        identity={"type": "UserAssigned", "userAssignedIdentities": [identity.id]},
        agentPoolProfiles=[system_profile(vnetSubnetID=subnet.id)],
    )
    read = azure.read(made)
    assert read is not None
    assert read[1] == made.inputs
    assert read[2] == made.outputs


def test_reading_shows_what_somebody_else_did(azure: Azure) -> None:
    azure.cluster()
    pool = azure.pool(nodeLabels={"a": "b"})
    azure.cloud.edit(pool.id, {"count": 9, "nodeLabels": {"a": "c"}})
    read = azure.read(pool)
    assert read is not None
    assert read[1] == pool.inputs | {"count": 9, "nodeLabels": {"a": "c"}}


def test_importing_gives_inputs_from_which_the_resource_can_be_made_again(azure: Azure) -> None:
    azure.cluster()
    pool = azure.pool(nodeLabels={"a": "b"})
    read = azure.provider.read(urn(pool.type, pool.name), pool.id, None)
    assert read is not None
    inputs = read[1]
    assert (inputs["resourceGroupName"], inputs["resourceName"], inputs["agentPoolName"]) == (
        "rg",
        "aks",
        "general",
    )
    assert "nodeImageVersion" not in inputs
    azure.delete(pool)
    azure.provider.create(urn(pool.type, pool.name), inputs, preview=False)


def test_an_id_is_told_from_the_inputs(azure: Azure) -> None:
    made = azure.cluster()
    assert azure.provider.locate(urn(made.type, "x"), made.inputs) == made.id
    assert azure.provider.locate(urn(made.type, "x"), made.inputs | {"resourceName": UNKNOWN}) is None


# Functions.


def test_get_functions(azure: Azure) -> None:
    made = azure.cluster()
    azure.pool()
    where = {"resourceGroupName": "rg", "resourceName": "aks"}
    invoke = azure.provider.invoke
    cluster = invoke("azure-native:containerservice/v20250901:getManagedCluster", where)
    assert cluster["id"] == made.id
    assert [p["name"] for p in cluster["agentPoolProfiles"]] == ["system", "general"]
    pool = invoke("azure-native:containerservice:getAgentPool", where | {"agentPoolName": "general"})
    assert pool["currentOrchestratorVersion"] == "1.35.5"
    with refused("ResourceNotFound", "nobody"):
        invoke("azure-native:containerservice:getManagedCluster", where | {"resourceName": "nobody"})
    with pytest.raises(ProviderError, match="missing argument agentPoolName"):
        invoke("azure-native:containerservice:getAgentPool", where)
    with pytest.raises(ProviderError, match="does not know the function"):
        invoke("azure-native:storage:listStorageAccountKeys", {})


def kubeconfig(answer: dict[str, Any]) -> dict[str, Any]:
    return json.loads(base64.b64decode(answer["kubeconfigs"][0]["value"]))


def test_user_credentials_are_a_call_of_kubelogin(azure: Azure) -> None:
    made = azure.cluster()
    where = {"resourceGroupName": "rg", "resourceName": "aks"}
    tok = "azure-native:containerservice:listManagedClusterUserCredentials"
    config = kubeconfig(azure.provider.invoke(tok, where | {"format": "exec"}))
    assert config["clusters"][0]["cluster"]["server"] == f"https://{made.outputs['fqdn']}:443"
    exec_ = config["users"][0]["user"]["exec"]
    assert exec_["command"] == "kubelogin"
    assert exec_["args"][:2] == ["get-token", "--environment"]
    with refused("BadRequest", "ask for exec"):
        azure.provider.invoke(tok, where)


def test_admin_credentials_are_refused_with_local_accounts(azure: Azure) -> None:
    azure.cluster()
    where = {"resourceGroupName": "rg", "resourceName": "aks"}
    tok = "azure-native:containerservice:listManagedClusterAdminCredentials"
    with refused("BadRequest", "disable local accounts"):
        azure.provider.invoke(tok, where)
    azure.cluster(resourceName="open", nodeResourceGroup="n", disableLocalAccounts=False)
    config = kubeconfig(azure.provider.invoke(tok, where | {"resourceName": "open"}))
    assert set(config["users"][0]["user"]) == {"token"}


def test_configuration(azure: Azure) -> None:
    azure.provider.configure({"subscriptionId": "s", "tenantId": "t", "clientId": "c"})
    who = azure.provider.invoke("azure-native:authorization:getClientConfig", {})
    assert (who["subscriptionId"], who["tenantId"], who["clientId"]) == ("s", "t", "c")
    assert azure.create("resources:ResourceGroup", "r", location="x").id.startswith(
        "/subscriptions/s/resourceGroups/r"
    )


def test_nulls_are_not_inputs(azure: Azure) -> None:
    inputs = {
        "resourceGroupName": "rg",
        "tags": {"a": None, "b": "c"},
        "managedBy": None,
        "list": [{"x": None}],
    }
    checked = azure.check("resources:ResourceGroup", "rg", inputs)
    assert checked == {"resourceGroupName": "rg", "tags": {"b": "c"}, "list": [{}], "location": "westeurope"}


def test_what_azure_adds_inside_of_an_input_is_unknown_in_a_preview(azure: Azure) -> None:
    inputs = {
        "resourceGroupName": "rg",
        "resourceName": "aks",
        "oidcIssuerProfile": {"enabled": True},
        "identity": {"type": "UserAssigned", "userAssignedIdentities": ["/an/identity"]},
        "aadProfile": {"managed": True, "tenantID": "mine"},
    }
    name = urn("containerservice:ManagedCluster", "c")
    outputs = azure.provider.create(name, inputs, preview=True)[1]
    assert outputs["oidcIssuerProfile"] == {"enabled": True, "issuerURL": UNKNOWN}
    assert outputs["aadProfile"]["tenantID"] == "mine"
    assert outputs["identity"]["userAssignedIdentities"] is UNKNOWN
    assert inputs["oidcIssuerProfile"] == {"enabled": True}
    old = outputs | {
        "oidcIssuerProfile": {"enabled": True, "issuerURL": "https://x"},
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {"/an/identity": {"clientId": "c"}}},
    }
    after = azure.provider.update(name, "/x", old, inputs, inputs, preview=True)
    assert after["oidcIssuerProfile"]["issuerURL"] == "https://x"
    assert after["identity"]["userAssignedIdentities"] == {"/an/identity": {"clientId": "c"}}


def test_a_deployment_shows_its_template_in_no_output(azure: Azure) -> None:
    inputs = {
        "resourceGroupName": "rg",
        "deploymentName": "d",
        "properties": {"mode": "Incremental", "template": {}},
    }
    assert (
        azure.provider.create(urn("resources:Deployment", "d"), inputs, preview=True)[1]["properties"]
        is UNKNOWN
    )
