"""Reading resources, and azure-native's functions."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from emulator.errors import ProviderError
from emulator.properties.values import UNKNOWN
from tests.emulator.azure_provider import Azure, refused, system_profile, urn

# Reading.


def test_reading_what_did_not_change_changes_no_input(azure: Azure) -> None:
    subnet = (azure.group(), azure.network())[1]
    identity = azure.create(
        "managedidentity:UserAssignedIdentity", "own", resourceGroupName="rg", resourceName="own"
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
    with refused("AuthorizationFailed", "Microsoft.Resources/subscriptions/resourceGroups/"):
        azure.create("resources:ResourceGroup", "r", location="x")
    azure.provider.configure({"subscriptionId": "s"})
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
    after = azure.provider.update(name, "/x", old, inputs, preview=True)
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
