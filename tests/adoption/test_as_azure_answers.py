"""A cluster as Azure itself answers for `az aks create` with nothing said: everything spelt out, some of it in letters of its own."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from cli.adopt import command
from cli.adopt.found import Asked, Found
from cli.adopt.read import read
from cli.adopt.sections.cluster import cluster_section
from cli.adopt.spelling import spelt
from tests.adoption.test_import import _in_this_process
from tests.adoption.workflows import ROOT
from tests.emulator.arm.wire import ADMINS, CLUSTER, TODAY

if TYPE_CHECKING:
    from cli.adopt.result import Result

NODES = "/subscriptions/2fdb9d2d-4828-5daa-abca-f4eaa34a0f1c/resourceGroups/MC_rg_aks_westeurope/providers"
ADDRESS = f"{NODES}/Microsoft.Network/publicIPAddresses/0b6f"
KUBELET = f"{NODES}/Microsoft.ManagedIdentity/userAssignedIdentities/aks-agentpool"
POOL: dict[str, Any] = {
    "id": f"{CLUSTER}/agentPools/nodepool1",
    "name": "nodepool1",
    "properties": {
        "count": 3, "vmSize": "Standard_DS2_v2", "osDiskSizeGB": 128, "osDiskType": "Managed", "kubeletDiskType": "OS", "maxPods": 250,
        "type": "VirtualMachineScaleSets", "enableAutoScaling": False, "scaleDownMode": "Delete", "provisioningState": "Succeeded",
        "powerState": {"code": "Running"}, "orchestratorVersion": "1.35.6", "currentOrchestratorVersion": "1.35.6", "enableNodePublicIP": False,
        "mode": "System", "enableEncryptionAtHost": False, "enableUltraSSD": False, "osType": "Linux", "osSKU": "Ubuntu",
        "nodeImageVersion": "AKSUbuntu-2204gen2containerd-202611.10.0", "upgradeSettings": {"maxSurge": "10%", "maxUnavailable": "0"},
        "enableFIPS": False, "networkProfile": {}, "securityProfile": {"sshAccess": "LocalUser", "enableVTPM": False, "enableSecureBoot": False},
        "eTag": "a-b", "nodeLabels": None, "nodeTaints": None, "tags": None, "spotMaxPrice": None, "artifactStreamingProfile": {"enabled": False},
    },
}  # fmt: skip
AKS: dict[str, Any] = {
    "id": CLUSTER, "name": "aks", "location": "westeurope", "kind": "Base", "tags": None, "sku": {"name": "Base", "tier": "Free"},
    "identity": {"type": "SystemAssigned", "principalId": "1", "tenantId": "2"},
    "properties": {
        "provisioningState": "Succeeded", "powerState": {"code": "Running"}, "kubernetesVersion": "1.35.6", "currentKubernetesVersion": "1.35.6",
        "dnsPrefix": "aks-rg-2fdb9d", "fqdn": "aks-rg-2fdb9d-x.hcp.westeurope.azmk8s.io", "maxAgentPools": 100, "resourceUID": "6",
        "linuxProfile": {"adminUsername": "azureuser", "ssh": {"publicKeys": [{"keyData": "ssh-rsa AAA"}]}},
        "windowsProfile": {"adminUsername": "azureuser", "enableCSIProxy": True}, "servicePrincipalProfile": {"clientId": "msi"},
        "nodeResourceGroup": "MC_rg_aks_westeurope", "enableRBAC": True, "supportPlan": "KubernetesOfficial",
        "networkProfile": {
            "networkPlugin": "azure", "networkPluginMode": "overlay", "networkPolicy": "none", "networkDataplane": "azure", "loadBalancerSku": "standard",
            "loadBalancerProfile": {"managedOutboundIPs": {"count": 1}, "effectiveOutboundIPs": [{"id": ADDRESS}], "backendPoolType": "nodeIPConfiguration"},
            "podCidr": "10.244.0.0/16", "serviceCidr": "10.0.0.0/16", "dnsServiceIP": "10.0.0.10", "outboundType": "loadBalancer",
            "podCidrs": ["10.244.0.0/16"], "serviceCidrs": ["10.0.0.0/16"], "ipFamilies": ["IPv4"], "podLinkLocalAccess": "IMDS",
        },
        "addonProfiles": None, "identityProfile": {"kubeletidentity": {"resourceId": KUBELET, "clientId": "a", "objectId": "b"}},
        "disableLocalAccounts": False, "securityProfile": {}, "oidcIssuerProfile": {"enabled": False}, "workloadAutoScalerProfile": {},
        "storageProfile": {"diskCSIDriver": {"enabled": True}, "fileCSIDriver": {"enabled": True}, "snapshotController": {"enabled": True}},
        "autoUpgradeProfile": {"nodeOSUpgradeChannel": "NodeImage"}, "metricsProfile": {"costAnalysis": {"enabled": False}},
        "nodeProvisioningProfile": {"mode": "Manual", "defaultNodePools": "Auto"}, "bootstrapProfile": {"artifactSource": "Direct"},
        "ingressProfile": {"gatewayAPI": {"installation": "Disabled"}}, "publicNetworkAccess": "Enabled", "status": {}, "apiServerAccessProfile": None,
    },
}  # fmt: skip


class Answers:
    """Azure, with one cluster and nothing around it."""

    subscription = "2fdb9d2d-4828-5daa-abca-f4eaa34a0f1c"

    def cluster(self, group: str, name: str) -> dict[str, Any]:
        assert (group, name) == ("rg", "aks")
        return AKS

    def pools(self, group: str, name: str) -> list[dict[str, Any]]:
        assert (group, name) == ("rg", "aks")
        return [POOL]

    def listed(self, path: str, version: str, **query: str) -> list[Any]:
        assert path
        assert version
        assert set(query) <= {"$filter"}
        return []


@pytest.fixture(scope="module")
def done() -> Result:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECURE_AKS_CLOCK", TODAY)
        patch.setattr("upgrades.observe.azure.reader.Azure", lambda _: Answers())
        patch.setattr(command, "registered", _in_this_process)
        asked = Asked("found", "dev", {"platform": ADMINS}, date.fromisoformat(TODAY))
        return command._imported(f"{CLUSTER}/", asked, "", ROOT)


def test_it_is_imported_and_what_azure_says_by_itself_is_no_difference(done):
    assert done.refused == ()
    assert {one.path for one in done.differences if one.risk.level != "none"} == {
        "securityProfile.sshAccess",
        "oidcIssuerProfile.enabled",
    }
    assert not {one.path for one in done.differences if one.wanted is None}


def test_a_value_is_spelt_as_the_api_takes_it():
    said = {"networkProfile": {"loadBalancerProfile": {"backendPoolType": "NODEIP"}}, "unknown": {"a": "b"}}
    profile = {"loadBalancerProfile": {"backendPoolType": "NodeIP"}}
    assert spelt("cluster", said) == {"networkProfile": profile, "unknown": {"a": "b"}}
    assert spelt("pool", {"osType": "linux", "tags": {"osType": "linux"}}) == {
        "osType": "Linux",
        "tags": {"osType": "linux"},
    }


def test_what_is_read_has_the_apis_spelling():
    found = read(Answers(), CLUSTER)  # pyright: ignore[reportArgumentType]
    assert (
        found.properties["networkProfile"]["loadBalancerProfile"]["backendPoolType"] == "NodeIPConfiguration"
    )


def test_what_has_no_default_of_ours_is_said_outright():
    """Isolated outbound traffic, AKS's own pools of node auto-provisioning, and groups whose ids begin alike."""
    alike = [ADMINS, f"{ADMINS[:8]}-0000-0000-0000-000000000001"]
    told = cluster_section(
        Found(
            CLUSTER,
            {
                **AKS,
                "properties": AKS["properties"]
                | {
                    "aadProfile": {"adminGroupObjectIDs": alike},
                    "networkProfile": {"outboundType": "none"},
                    "nodeProvisioningProfile": {"mode": "Auto"},
                },
            },
            (POOL,),
        ),
        {},
    )
    assert told["outboundType"] == "none"
    assert told["nodeProvisioning"] == {"defaultPools": "Auto"}
    assert [one["name"] for one in told["breakGlass"]] == [f"administrators-{one}" for one in alike]
