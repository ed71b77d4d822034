"""An emulated Azure to talk to as an engine does: check, then create, update or delete."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from emulator.errors import ProviderError
from emulator.plugins.azure_native import AzureProvider

if TYPE_CHECKING:
    from emulator.cloud.cloud import Cloud
    from emulator.plugins.base import Diff

TODAY = "2026-11-23"
LOCATION = "westeurope"
GROUP = "rg"
CLUSTER = "aks"


def urn(type_: str, name: str) -> str:
    return f"urn:pulumi:dev::secure-aks::azure-native:{type_}::{name}"


@dataclass
class Made:
    """A resource that a test made: what its engine would remember of it."""

    type: str
    name: str
    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]


@dataclass
class Azure:
    """A cloud and its provider."""

    cloud: Cloud
    location: str | None = LOCATION
    provider: AzureProvider = field(init=False)

    def __post_init__(self) -> None:
        self.provider = AzureProvider(self.cloud)
        self.provider.configure({"location": self.location} if self.location else {})

    def check(
        self, type_: str, name: str, inputs: dict[str, Any], olds: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        checked, failures = self.provider.check(urn(type_, name), olds, inputs)
        assert failures == []
        return checked

    def create(self, type_: str, name: str, /, **inputs: Any) -> Made:
        checked = self.check(type_, name, inputs)
        id_, outputs = self.provider.create(urn(type_, name), checked, preview=False)
        return Made(type_, name, id_, checked, outputs)

    def diff(self, made: Made, **changes: Any) -> Diff:
        news = self.check(made.type, made.name, _changed(made.inputs, changes), made.inputs)
        return self.provider.diff(urn(made.type, made.name), made.inputs, news)

    def update(self, made: Made, **changes: Any) -> Made:
        """PUT with changed inputs; None takes an input away."""
        news = self.check(made.type, made.name, _changed(made.inputs, changes), made.inputs)
        outputs = self.provider.update(urn(made.type, made.name), made.id, made.outputs, news, preview=False)
        return Made(made.type, made.name, made.id, news, outputs)

    def delete(self, made: Made) -> None:
        self.provider.delete(urn(made.type, made.name), made.id, made.outputs)

    def read(self, made: Made) -> tuple[str, dict[str, Any], dict[str, Any]] | None:
        return self.provider.read(urn(made.type, made.name), made.id, made.inputs)

    # What most tests need.

    def group(self) -> Made:
        return self.create("resources:ResourceGroup", "rg", resourceGroupName=GROUP)

    def cluster(self, version: str = "1.35.5", /, **more: Any) -> Made:
        """A cluster with one inline system pool, in a resource group of its own."""
        if self.cloud.get(f"/subscriptions/{_subscription(self)}/resourceGroups/{GROUP}") is None:
            self.group()
        inputs: dict[str, Any] = {
            "resourceGroupName": GROUP,
            "resourceName": CLUSTER,
            "kubernetesVersion": version,
            "agentPoolProfiles": [system_profile()],
            "networkProfile": {"networkPlugin": "azure", "networkPluginMode": "overlay"},
            "aadProfile": {"managed": True},
            "disableLocalAccounts": True,
        }
        return self.create("containerservice:ManagedCluster", "cluster", **(inputs | more))

    def pool(self, name: str = "general", /, **more: Any) -> Made:
        inputs: dict[str, Any] = {
            "resourceGroupName": GROUP,
            "resourceName": CLUSTER,
            "agentPoolName": name,
            "vmSize": "Standard_D4ds_v5",
            "count": 2,
        }
        return self.create("containerservice:AgentPool", name, **(inputs | more))

    def network(self, prefix: str = "10.1.0.0/24") -> Made:
        """A network with one subnet; returns the subnet."""
        self.create(
            "network:VirtualNetwork",
            "network",
            resourceGroupName=GROUP,
            virtualNetworkName="network",
            addressSpace={"addressPrefixes": ["10.0.0.0/8"]},
        )
        return self.subnet("nodes", prefix)

    def subnet(self, name: str, prefix: str, /, **more: Any) -> Made:
        return self.create(
            "network:Subnet",
            name,
            resourceGroupName=GROUP,
            virtualNetworkName="network",
            subnetName=name,
            addressPrefix=prefix,
            **more,
        )

    def workspace(self) -> Made:
        return self.create(
            "operationalinsights:Workspace",
            "logs",
            resourceGroupName=GROUP,
            workspaceName="logs",
            retentionInDays=30,
        )

    def running(self) -> dict[str, str]:
        """What the control plane ("") and every pool run, by name."""
        state = self.cloud.view()
        out: dict[str, str] = {}
        for resource in state.resources.values():
            properties = resource.properties
            if "currentKubernetesVersion" in properties:
                out[""] = properties["currentKubernetesVersion"]
            if "currentOrchestratorVersion" in properties:
                out[resource.name] = properties["currentOrchestratorVersion"]
        return out


def system_profile(**more: Any) -> dict[str, Any]:
    return {"name": "system", "mode": "System", "count": 2, "vmSize": "Standard_D2ds_v5"} | more


def system_version(version: str) -> dict[str, Any]:
    """A deployment that moves the system pool to a version."""
    properties = {"mode": "System", "count": 2, "orchestratorVersion": version}
    pool = {
        "type": "Microsoft.ContainerService/managedClusters/agentPools",
        "apiVersion": "2025-09-01",
        "name": "aks/system",
        "properties": properties,
    }
    return {
        "resourceGroupName": "rg",
        "properties": {"mode": "Incremental", "template": {"resources": [pool]}},
    }


def _subscription(azure: Azure) -> str:
    answer = azure.provider.invoke("azure-native:authorization:getClientConfig", {})
    return str(answer["subscriptionId"])


def _changed(inputs: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in (inputs | changes).items() if v is not None}


def refused(code: str, words: str = "") -> Any:
    """Expect ARM's refusal with this code and these words in its message (plain text)."""
    return pytest.raises(ProviderError, match=f'(?s)Code="{re.escape(code)}".*{re.escape(words)}')
