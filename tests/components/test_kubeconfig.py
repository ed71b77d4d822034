"""A kubeconfig without a credential."""

import base64
import json

import pytest

from components.parts.kubeconfig import exec_kubeconfig
from tests.components.helpers import SERVER, TENANT, azure_kubeconfig


def make(azure, login="azurecli"):
    encoded = base64.b64encode(json.dumps(azure).encode()).decode()
    return json.loads(exec_kubeconfig(encoded, "aks-test", login))


def arguments(config):
    verb, *options = config["users"][0]["user"]["exec"]["args"]
    assert verb == "get-token"
    return dict(zip(options[::2], options[1::2], strict=True))


def test_server_and_authority_are_azures():
    config = make(azure_kubeconfig())

    assert config["clusters"] == [
        {"name": "aks-test", "cluster": {"server": SERVER, "certificate-authority-data": "Q0E="}}
    ]
    assert config["current-context"] == "aks-test"
    assert config["contexts"] == [
        {"name": "aks-test", "context": {"cluster": "aks-test", "user": "aks-test"}}
    ]


@pytest.mark.parametrize("login", ["azurecli", "workloadidentity", "spn", "msi"])
def test_login_mode_is_the_settings_and_needs_no_client(login):
    assert arguments(make(azure_kubeconfig(), login)) == {
        "--environment": "AzurePublicCloud",
        "--server-id": "server-app",
        "--tenant-id": TENANT,
        "--login": login,
    }


@pytest.mark.parametrize("login", ["devicecode", "interactive"])
def test_a_person_logs_in_through_the_public_client(login):
    assert arguments(make(azure_kubeconfig(), login))["--client-id"] == "client-app"


def test_missing_kubelogin_is_explained():
    execute = make(azure_kubeconfig())["users"][0]["user"]["exec"]

    assert execute["command"] == "kubelogin"
    assert "az aks install-cli" in execute["installHint"]


def test_credentials_beside_the_exec_section_are_left_behind():
    azure = azure_kubeconfig()
    azure["users"][0]["user"] |= {
        "token": "t0ken",
        "client-certificate-data": "c3rt",
        "client-key-data": "k3y",
    }

    text = json.dumps(make(azure))

    assert not any(secret in text for secret in ("t0ken", "c3rt", "k3y", "client-certificate", "client-key"))
    assert set(make(azure)["users"][0]["user"]) == {"exec"}


def test_cluster_without_entra_is_refused():
    with pytest.raises(ValueError, match="aks-test do not go through Entra"):
        make(azure_kubeconfig(username="admin"))


@pytest.mark.parametrize(
    ("host", "environment"),
    [
        ("aks.hcp.westeurope.azmk8s.io", "AzurePublicCloud"),
        ("aks.hcp.usgovvirginia.cx.aks.containerservice.azure.us", "AzureUSGovernmentCloud"),
        ("aks.hcp.chinanorth3.cx.prod.service.azk8s.cn", "AzureChinaCloud"),
    ],
)
def test_before_entra_is_there_the_host_of_the_api_server_tells_the_cloud(host, environment):
    azure = azure_kubeconfig(username="admin")
    azure["clusters"][0]["cluster"]["server"] = f"https://{host}:443"
    encoded = base64.b64encode(json.dumps(azure).encode()).decode()
    made = json.loads(exec_kubeconfig(encoded, "aks-test", "azurecli", tenant_to_be="t"))
    arguments = made["users"][0]["user"]["exec"]["args"]
    assert arguments[arguments.index("--environment") + 1] == environment
