"""One cluster on the emulator's Azure, which has rules of its own, written apart from the pack's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.versions.version import Version, parse_minor

from emulator.azure.aks.versions import minors
from emulator.cloud.cloud import Cloud
from emulator.errors import ProviderError
from emulator.plugins.azure_native.provider import AzureProvider

if TYPE_CHECKING:
    from secure_aks_lifecycle.stack.record import ClusterState
    from secure_aks_lifecycle.versions.skew import Rules

_POOL = {"resourceGroupName": "rg", "resourceName": "aks", "count": 2, "vmSize": "Standard_D4ds_v5"}


class EmulatedAks:
    """The cluster `aks`: made in a state, then asked to go to another one, step by step."""

    def __init__(self, state: ClusterState, *, lts: bool = False, rules: Rules | None = None) -> None:
        self._lts = lts
        cloud = Cloud()
        if rules:
            cloud.configure(skew_minors=rules.skew_minors, pool_skips_minors=rules.pool_skips_minors)
        self._provider = AzureProvider(cloud)
        self._provider.configure({"location": "westeurope"})
        self._ids: dict[str, str] = {}
        self._create("resources:ResourceGroup", "rg", {"resourceGroupName": "rg"})
        lowest = min(pool.version for pool in state.pools.values())
        system = next(name for name, pool in state.pools.items() if pool.mode == "System")
        inline = {"name": system, "mode": "System", "count": 2, "vmSize": "Standard_D4ds_v5"}
        self._create(
            "containerservice:ManagedCluster",
            "aks",
            self._cluster(str(lowest)) | {"agentPoolProfiles": [inline]},
        )
        self._ids[system] = f"{self._ids['aks']}/agentPools/{system}"
        for name, pool in state.pools.items():
            if name != system:
                self._create(
                    "containerservice:AgentPool", name, self._pool(name, replace(pool, version=lowest))
                )
        for version in way(lowest, state.control_plane):
            self._update("containerservice:ManagedCluster", "aks", self._cluster(str(version)))
        for name, pool in state.pools.items():
            for version in way(lowest, pool.version):
                self._update(
                    "containerservice:AgentPool", name, self._pool(name, replace(pool, version=version))
                )
        self.state = state

    def refusal(self, after: ClusterState) -> str | None:
        """Take the changes in the order of the program: control plane, system pool, other pools. None: all done."""
        try:
            if after.control_plane != self.state.control_plane:
                self._update(
                    "containerservice:ManagedCluster", "aks", self._cluster(str(after.control_plane))
                )
            for name, pool in sorted(after.pools.items(), key=lambda item: item[1].mode != "System"):
                if pool != self.state.pools[name]:
                    self._update("containerservice:AgentPool", name, self._pool(name, pool))
        except ProviderError as error:
            return str(error)
        self.state = after
        return None

    def _cluster(self, version: str) -> dict[str, Any]:
        return {
            "resourceGroupName": "rg",
            "location": "westeurope",
            "resourceName": "aks",
            "kubernetesVersion": version,
            "dnsPrefix": "aks",
            "sku": {"name": "Base", "tier": "Premium" if self._lts else "Standard"},
            "supportPlan": "AKSLongTermSupport" if self._lts else "KubernetesOfficial",
            "identity": {"type": "SystemAssigned"},
            "networkProfile": {
                "networkPlugin": "azure",
                "networkPluginMode": "overlay",
                "serviceCidr": "10.0.0.0/16",
                "dnsServiceIP": "10.0.0.10",
                "podCidr": "10.244.0.0/16",
            },
        }

    def _pool(self, name: str, pool: Any) -> dict[str, Any]:
        properties: dict[str, Any] = {
            "agentPoolName": name,
            "orchestratorVersion": str(pool.version),
            "mode": pool.mode,
            "osType": pool.os_type,
        }
        if pool.os_sku == "Windows2025":
            properties["enableFIPS"] = True  # it has FIPS images only
        return _POOL | properties | ({"osSKU": pool.os_sku} if pool.os_sku else {})

    def _create(self, token: str, name: str, inputs: dict[str, Any]) -> None:
        checked, failures = self._provider.check(_urn(token, name), None, inputs)
        assert not failures, failures
        self._ids[name], _ = self._provider.create(_urn(token, name), checked, preview=False)

    def _update(self, token: str, name: str, inputs: dict[str, Any]) -> None:
        self._provider.update(_urn(token, name), self._ids[name], {}, inputs, preview=False)


def way(start: Version, end: Version) -> list[Version]:
    """The versions from one to another, a minor at a time, by this Azure's own list."""
    between = [minor for minor in minors() if start.minor < parse_minor(minor.name) < end.minor]
    steps = [Version(*minor.patches[0]) for minor in between]
    return [*steps, end] if start != end else []


def _urn(token: str, name: str) -> str:
    return f"urn:pulumi:prod::secure-aks::azure-native:{token}::{name}"
