"""Clusters that others made: the shapes of what the usual modules and the CLI leave behind, as bodies of PUTs.

Each is written after the module's documentation of what its example creates (autumn 2026), none of it copied.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.emulator.arm.wire import ADMINS, CLUSTER, GROUP, NETWORK, RESOURCES, Wire

Json = dict[str, Any]
VNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet"
NODES, PODS, API = (f"{VNET}/subnets/{name}" for name in ("nodes", "pods", "api"))
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-aks"
NODES_IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-nodes"
WORKSPACE = f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces/logs"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/contoso"
KEY = {"adminUsername": "azureuser", "ssh": {"publicKeys": [{"keyData": "ssh-rsa AAAAB3Nza user@example"}]}}
KEY_OF_ETCD = "https://contoso.vault.azure.net/keys/etcd/0123456789abcdef0123456789abcdef"
ENTRA = {"managed": True, "enableAzureRBAC": True, "adminGroupObjectIDs": [ADMINS]}
SYSTEM: Json = {
    "mode": "System",
    "osType": "Linux",
    "osSKU": "Ubuntu",
    "vmSize": "Standard_D4ds_v5",
    "type": "VirtualMachineScaleSets",
}
USER: Json = SYSTEM | {"mode": "User"}
WINDOW = {
    "schedule": {"weekly": {"dayOfWeek": "Sunday", "intervalWeeks": 1}},
    "startTime": "02:00",
    "durationHours": 4,
    "utcOffset": "+00:00",
}


@dataclass(frozen=True)
class Made:
    """A cluster that somebody made: its properties and pools, and what stands around it."""

    name: str
    properties: Json
    system: Json
    pools: dict[str, Json] = field(default_factory=dict[str, Json])
    identity: Json = field(default_factory=lambda: {"type": "SystemAssigned"})
    tier: str = "Free"
    sku: str = "Base"
    tags: Json = field(default_factory=dict[str, Any])
    windows: dict[str, Json] = field(default_factory=dict[str, Json])
    diagnostics: dict[str, Json] = field(default_factory=dict[str, Json])
    admin: str = ""
    """The option that names a group of administrators, where the cluster has none."""
    pulls: bool = False

    def put(self, wire: Wire) -> str:
        """Make it, with its network, identity, workspace and registry; return its id."""
        wire.put(GROUP, {"location": "westeurope"}, RESOURCES)
        subnets = {"nodes": "10.224.0.0/20", "pods": "10.225.0.0/16", "api": "10.224.16.0/28"}
        wire.put(
            VNET,
            {
                "location": "westeurope",
                "properties": {"addressSpace": {"addressPrefixes": ["10.224.0.0/12"]}},
            },
            NETWORK,
        )
        hop = {
            "addressPrefix": "0.0.0.0/0",
            "nextHopType": "VirtualAppliance",
            "nextHopIpAddress": "10.224.17.4",
        }
        out = {"name": "out", "properties": hop}
        table = f"{VNET.rpartition('/virtualNetworks/')[0]}/routeTables/out"
        wire.put(table, {"location": "westeurope", "properties": {"routes": [out]}}, NETWORK)
        for name, prefix in subnets.items():
            body: Json = {"addressPrefix": prefix}
            if (
                name == "nodes"
                and self.properties["networkProfile"].get("outboundType") == "userDefinedRouting"
            ):
                body["routeTable"] = {"id": table}
            if name == "api":
                body["delegations"] = [
                    {"name": "aks", "serviceName": "Microsoft.ContainerService/managedClusters"}
                ]
            wire.put(f"{VNET}/subnets/{name}", {"properties": body}, NETWORK)
        for identity in (IDENTITY, NODES_IDENTITY):
            wire.put(identity, {"location": "westeurope"}, "2023-01-31")
        wire.put(WORKSPACE, {"location": "westeurope", "properties": {"retentionInDays": 30}}, "2023-09-01")
        profile = {"name": next(iter([self.system["name"]])), **self.system}
        wire.put(
            CLUSTER,
            {
                "location": "westeurope",
                "identity": self.identity,
                "sku": {"name": self.sku, "tier": self.tier},
                "tags": self.tags,
                "properties": {
                    "kubernetesVersion": "1.35.6",
                    "agentPoolProfiles": [profile],
                    **self.properties,
                },
            },
        )
        for name, pool in self.pools.items():
            wire.put(f"{CLUSTER}/agentPools/{name}", {"properties": pool})
        for name, window in self.windows.items():
            wire.put(f"{CLUSTER}/maintenanceConfigurations/{name}", {"properties": window})
        for name, setting in self.diagnostics.items():
            path = f"{CLUSTER}/providers/Microsoft.Insights/diagnosticSettings/{name}"
            wire.put(path, {"properties": setting}, "2021-05-01-preview")
        if self.pulls:
            self._pulls(wire)
        return CLUSTER

    @staticmethod
    def _pulls(wire: Wire) -> None:
        wire.put(
            REGISTRY, {"location": "westeurope", "sku": {"name": "Premium"}, "properties": {}}, "2023-07-01"
        )
        kubelet = wire.get(CLUSTER)["properties"]["identityProfile"]["kubeletidentity"]["objectId"]
        role = f"{GROUP.rpartition('/resourceGroups')[0]}/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d"
        said = {"roleDefinitionId": role, "principalId": kubelet, "principalType": "ServicePrincipal"}
        path = f"{REGISTRY}/providers/Microsoft.Authorization/roleAssignments/11111111-2222-4333-8444-555555555555"
        wire.put(path, {"properties": said}, "2022-04-01")


def logs(*categories: str, workspace: str = WORKSPACE) -> Json:
    return {"workspaceId": workspace, "logs": [{"category": name, "enabled": True} for name in categories]}


CLI = Made(
    "the CLI's defaults",
    {
        "dnsPrefix": "aks-rg-2fdb9d",
        "linuxProfile": KEY,
        "networkProfile": {
            "networkPlugin": "azure",
            "networkPluginMode": "overlay",
            "loadBalancerSku": "standard",
        },
        "nodeResourceGroup": "MC_rg_aks_westeurope",
    },
    SYSTEM
    | {"name": "nodepool1", "count": 3, "vmSize": "Standard_D2s_v3", "upgradeSettings": {"maxSurge": "10%"}},
    admin=f"platform-admins={ADMINS}",
)
TERRAFORM = Made(
    "terraform-azurerm-aks, startup",
    {
        "dnsPrefix": "prefix",
        "linuxProfile": KEY,
        "aadProfile": ENTRA,
        "disableLocalAccounts": True,
        "addonProfiles": {
            "azurePolicy": {"enabled": True},
            "omsagent": {"enabled": True, "config": {"logAnalyticsWorkspaceResourceID": WORKSPACE}},
        },
        "networkProfile": {
            "networkPlugin": "azure",
            "networkPolicy": "azure",
            "serviceCidr": "10.0.0.0/16",
            "dnsServiceIP": "10.0.0.10",
        },
        "apiServerAccessProfile": {"enablePrivateCluster": True, "privateDNSZone": "system"},
    },
    SYSTEM
    | {
        "name": "testnodepool",
        "count": 2,
        "osDiskSizeGB": 60,
        "maxPods": 100,
        "vnetSubnetID": NODES,
        "availabilityZones": ["1", "2"],
        "nodeLabels": {"node1": "label1"},
    },
    tier="Standard",
    tags={"Agent": "agentTag"},
    identity={"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}},
)
AVM = Made(
    "the AVM module, default",
    {
        "dnsPrefix": "aksavm",
        "aadProfile": ENTRA,
        "autoUpgradeProfile": {"upgradeChannel": "stable", "nodeOSUpgradeChannel": "NodeImage"},
        "oidcIssuerProfile": {"enabled": True},
        "securityProfile": {"workloadIdentity": {"enabled": True}},
        "networkProfile": {
            "networkPlugin": "azure",
            "networkPluginMode": "overlay",
            "networkDataplane": "cilium",
            "networkPolicy": "cilium",
            "podCidr": "192.168.0.0/16",
        },
        "autoScalerProfile": {"expander": "least-waste"},
    },
    SYSTEM
    | {
        "name": "agentpool",
        "enableAutoScaling": True,
        "minCount": 2,
        "maxCount": 5,
        "count": 2,
        "availabilityZones": ["1", "2", "3"],
    },
    {
        "linuxpool": USER
        | {
            "enableAutoScaling": True,
            "minCount": 1,
            "maxCount": 3,
            "count": 1,
            "osSKU": "AzureLinux",
            "nodeTaints": ["team=a:NoSchedule"],
        }
    },
    tier="Standard",
    windows={"aksManagedNodeOSUpgradeSchedule": {"maintenanceWindow": WINDOW}},
)
CONSTRUCTION = Made(
    "AKS-Construction",
    {
        "dnsPrefix": "az-k8s-dns",
        "aadProfile": ENTRA,
        "addonProfiles": {
            "omsagent": {"enabled": True, "config": {"logAnalyticsWorkspaceResourceID": WORKSPACE}},
            "azureKeyvaultSecretsProvider": {
                "enabled": True,
                "config": {"enableSecretRotation": "true", "rotationPollInterval": "2m"},
            },
        },
        "networkProfile": {
            "networkPlugin": "azure",
            "networkPolicy": "calico",
            "serviceCidr": "172.10.0.0/16",
            "dnsServiceIP": "172.10.0.10",
        },
        "apiServerAccessProfile": {"authorizedIPRanges": ["203.0.113.0/24"]},
        "securityProfile": {
            "defender": {
                "logAnalyticsWorkspaceResourceId": WORKSPACE,
                "securityMonitoring": {"enabled": True},
            }
        },
    },
    SYSTEM
    | {
        "name": "npsystem",
        "count": 2,
        "maxPods": 30,
        "vnetSubnetID": NODES,
        "availabilityZones": ["1", "2", "3"],
        "nodeTaints": ["CriticalAddonsOnly=true:NoSchedule"],
        "upgradeSettings": {"maxSurge": "33%"},
        "osDiskType": "Ephemeral",
        "osDiskSizeGB": 64,
    },
    {
        "npuser01": USER
        | {
            "enableAutoScaling": True,
            "minCount": 1,
            "maxCount": 3,
            "count": 1,
            "maxPods": 30,
            "vnetSubnetID": NODES,
            "podSubnetID": PODS,
        }
    },
    identity={"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}},
    tier="Standard",
    pulls=True,
)
BASELINE = Made(
    "aks-baseline",
    {
        "dnsPrefix": "aks-a0008",
        "aadProfile": ENTRA | {"enableAzureRBAC": False},
        "disableLocalAccounts": True,
        "autoUpgradeProfile": {"upgradeChannel": "none", "nodeOSUpgradeChannel": "NodeImage"},
        "addonProfiles": {"azurepolicy": {"enabled": True, "config": {"version": "v2"}}},
        "networkProfile": {
            "networkPlugin": "azure",
            "networkPluginMode": "overlay",
            "networkDataplane": "cilium",
            "networkPolicy": "cilium",
            "outboundType": "userDefinedRouting",
            "serviceCidr": "172.16.0.0/16",
            "dnsServiceIP": "172.16.0.10",
        },
        "oidcIssuerProfile": {"enabled": True},
        "securityProfile": {
            "workloadIdentity": {"enabled": True},
            "imageCleaner": {"enabled": True, "intervalHours": 120},
        },
        "apiServerAccessProfile": {"authorizedIPRanges": ["203.0.113.0/24"]},
        "nodeResourceGroup": "rg-aks-nodepools",
        "workloadAutoScalerProfile": {"keda": {"enabled": True}},
        "azureMonitorProfile": {"metrics": {"enabled": True}},
        "ingressProfile": {"webAppRouting": {"enabled": False}},
    },
    SYSTEM
    | {
        "name": "npsystem",
        "enableAutoScaling": True,
        "minCount": 3,
        "maxCount": 4,
        "count": 3,
        "vnetSubnetID": NODES,
        "availabilityZones": ["1", "2", "3"],
        "osSKU": "AzureLinux",
        "nodeTaints": ["CriticalAddonsOnly=true:NoSchedule"],
        "upgradeSettings": {"maxSurge": "33%"},
        "osDiskType": "Ephemeral",
        "osDiskSizeGB": 80,
    },
    {
        "npuser01": USER
        | {
            "enableAutoScaling": True,
            "minCount": 2,
            "maxCount": 5,
            "count": 2,
            "vnetSubnetID": NODES,
            "availabilityZones": ["1", "2", "3"],
            "osSKU": "AzureLinux",
        }
    },
    identity={"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}},
    tier="Standard",
    tags={"Business unit": "BU0001", "Application identifier": "a0008"},
    windows={
        "aksManagedNodeOSUpgradeSchedule": {"maintenanceWindow": WINDOW},
        "default": {"maintenanceWindow": WINDOW | {"startTime": "10:00"}},
    },
    diagnostics={
        "default": logs("cluster-autoscaler", "kube-controller-manager", "kube-audit-admin", "guard")
    },
)
PULUMI = Made(
    "Pulumi's Azure template",
    {
        "dnsPrefix": "kubernetes",
        "linuxProfile": KEY,
        "aadProfile": ENTRA | {"enableAzureRBAC": False},
        "networkProfile": {
            "networkPlugin": "azure",
            "networkPolicy": "azure",
            "serviceCidr": "10.96.0.0/16",
            "dnsServiceIP": "10.96.0.10",
        },
    },
    SYSTEM | {"name": "systempool1", "count": 3, "vnetSubnetID": NODES, "osDiskSizeGB": 30},
)
EVERYTHING = Made(
    "one with everything on",
    {
        "dnsPrefix": "all",
        "aadProfile": ENTRA | {"enableAzureRBAC": False},
        "disableLocalAccounts": True,
        "supportPlan": "AKSLongTermSupport",
        "linuxProfile": KEY,
        "windowsProfile": {"adminUsername": "azureuser", "enableCSIProxy": True},
        "autoUpgradeProfile": {"upgradeChannel": "patch", "nodeOSUpgradeChannel": "SecurityPatch"},
        "addonProfiles": {
            "azurePolicy": {"enabled": True},
            "azureKeyvaultSecretsProvider": {"enabled": True, "config": {"enableSecretRotation": "true", "rotationPollInterval": "5m"}},
            "omsagent": {"enabled": True, "config": {"logAnalyticsWorkspaceResourceID": WORKSPACE, "useAADAuth": "true"}},
        },
        "networkProfile": {"networkPlugin": "azure", "networkPluginMode": "overlay", "networkPolicy": "calico", "loadBalancerProfile": {"managedOutboundIPs": {"count": 2}, "idleTimeoutInMinutes": 10}},
        "oidcIssuerProfile": {"enabled": True},
        "securityProfile": {
            "workloadIdentity": {"enabled": True},
            "azureKeyVaultKms": {"enabled": True, "keyId": KEY_OF_ETCD, "keyVaultNetworkAccess": "Public"},
            "imageCleaner": {"enabled": True, "intervalHours": 72},
            "defender": {"logAnalyticsWorkspaceResourceId": WORKSPACE, "securityMonitoring": {"enabled": True}},
        },
        "apiServerAccessProfile": {"enablePrivateCluster": True, "privateDNSZone": "none", "enablePrivateClusterPublicFQDN": True, "enableVnetIntegration": True, "subnetId": API, "disableRunCommand": True},
        "workloadAutoScalerProfile": {"keda": {"enabled": True}, "verticalPodAutoscaler": {"enabled": True}},
        "metricsProfile": {"costAnalysis": {"enabled": True}},
        "autoScalerProfile": {"expander": "priority"},
        "storageProfile": {"blobCSIDriver": {"enabled": True}},
        "serviceMeshProfile": {"mode": "Istio", "istio": {"revisions": ["asm-1-27"]}},
        "azureMonitorProfile": {"metrics": {"enabled": True, "kubeStateMetrics": {"metricLabelsAllowlist": "", "metricAnnotationsAllowList": ""}}},
        "nodeResourceGroupProfile": {"restrictionLevel": "ReadOnly"},
    },
    SYSTEM | {"name": "system", "enableAutoScaling": True, "minCount": 3, "maxCount": 5, "count": 3, "vnetSubnetID": NODES, "availabilityZones": ["1", "2", "3"], "enableEncryptionAtHost": True, "securityProfile": {"enableSecureBoot": True, "enableVTPM": True, "sshAccess": "Disabled"}, "upgradeSettings": {"maxSurge": "33%", "drainTimeoutInMinutes": 60, "nodeSoakDurationInMinutes": 5, "undrainableNodeBehavior": "Cordon"}},
    {
        "win": {"mode": "User", "osType": "Windows", "osSKU": "Windows2022", "vmSize": "Standard_D8ds_v5", "count": 2, "vnetSubnetID": NODES},
        "spot": USER | {"scaleSetPriority": "Spot", "scaleSetEvictionPolicy": "Delete", "spotMaxPrice": 0.5, "enableAutoScaling": True, "minCount": 0, "maxCount": 10, "count": 1, "vnetSubnetID": NODES, "nodeLabels": {"kubernetes.azure.com/scalesetpriority": "spot", "team": "batch"}, "nodeTaints": ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"]},
        "kata": USER | {"osSKU": "AzureLinux", "workloadRuntime": "KataVmIsolation", "vmSize": "Standard_D8s_v5", "count": 1, "vnetSubnetID": NODES, "nodeLabels": {"secure-aks/namespace": "partners"}, "nodeTaints": ["secure-aks/namespace=partners:NoSchedule"], "kubeletConfig": {"podMaxPids": 4096}, "linuxOSConfig": {"sysctls": {"vmMaxMapCount": 262144}}},
    },
    identity={"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}},
    tier="Premium",
    windows={
        "default": {"maintenanceWindow": WINDOW},
        "aksManagedAutoUpgradeSchedule": {"maintenanceWindow": WINDOW | {"schedule": {"relativeMonthly": {"weekIndex": "Last", "dayOfWeek": "Saturday", "intervalMonths": 1}}, "startTime": "08:00"}},
        "aksManagedNodeOSUpgradeSchedule": {"maintenanceWindow": WINDOW | {"schedule": {"daily": {"intervalDays": 1}}, "startTime": "16:00"}},
    },
    diagnostics={"audit": logs("kube-audit", "guard") | {"logAnalyticsDestinationType": "Dedicated"}},
    pulls=True,
)  # fmt: skip
MESS = Made(
    "one that is a mess",
    {
        "dnsPrefix": "OLD-dns",
        "linuxProfile": KEY,
        "networkProfile": {
            "networkPlugin": "kubenet",
            "podCidr": "10.244.0.0/16",
            "networkPolicy": "calico",
            "outboundType": "managedNATGateway",
            "natGatewayProfile": {"managedOutboundIPProfile": {"count": 3}, "idleTimeoutInMinutes": 10},
        },
        "addonProfiles": {"httpApplicationRouting": {"enabled": True}, "kubeDashboard": {"enabled": False}},
        "autoUpgradeProfile": {"upgradeChannel": "rapid", "nodeOSUpgradeChannel": "None"},
    },
    SYSTEM
    | {
        "name": "agentpool",
        "count": 1,
        "vmSize": "Standard_DS2_v2",
        "enableNodePublicIP": True,
        "maxPods": 110,
    },
    {
        "sys2": SYSTEM | {"count": 1, "vmSize": "Standard_D2s_v3"},
        "old": USER
        | {
            "count": 4,
            "orchestratorVersion": "1.34.9",
            "tags": {"who": "knows"},
            "maxPods": 250,
            "nodeLabels": {"app": "legacy"},
        },
        "tiny": USER | {"count": 0, "maxPods": 15, "osDiskSizeGB": 30},
    },
    admin=f"platform-admins={ADMINS}",
    tags={"environment": "who knows", "owner": "left"},
    diagnostics={
        "everything": {"workspaceId": WORKSPACE, "logs": [{"categoryGroup": "allLogs", "enabled": True}]}
    },
    windows={
        "default": {"timeInWeek": [{"day": "Monday", "hourSlots": [1, 2]}]},
        "aksManagedAutoUpgradeSchedule": {"maintenanceWindow": WINDOW},
        "aksManagedNodeOSUpgradeSchedule": {"maintenanceWindow": WINDOW},
    },
)
ALL = (CLI, TERRAFORM, AVM, CONSTRUCTION, BASELINE, PULUMI, EVERYTHING, MESS)
