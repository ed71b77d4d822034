"""More clusters that others made: what a template of azd, a Terraform module with kubenet, and AKS Automatic leave behind, and one of many kinds of nodes."""

from __future__ import annotations

from tests.adoption.clusters import (
    ENTRA,
    IDENTITY,
    KEY,
    NODES,
    NODES_IDENTITY,
    SYSTEM,
    USER,
    WINDOW,
    WORKSPACE,
    Made,
    logs,
)
from tests.emulator.arm.wire import ADMINS, GROUP

GATEWAY = f"{GROUP}/providers/Microsoft.Network/applicationGateways/agw"
ZONE = f"{GROUP}/providers/Microsoft.Network/dnszones/shop.example.com"
SIZES = {
    "scale": {"manual": [{"size": "Standard_D4s_v5", "count": 2}, {"size": "Standard_D8s_v5", "count": 1}]}
}
SECRETS = {"enabled": True, "config": {"enableSecretRotation": "true", "rotationPollInterval": "2m"}}
AZD = Made(
    "a template of azd",
    {
        "dnsPrefix": "aks-hx2k7q-dns",
        "aadProfile": ENTRA,
        "disableLocalAccounts": True,
        "enableRBAC": True,
        "publicNetworkAccess": "Enabled",
        "nodeResourceGroup": "rg-mc-hx2k7q",
        "autoUpgradeProfile": {"upgradeChannel": "stable"},
        "addonProfiles": {
            "azurepolicy": {"enabled": True, "config": {"version": "v2"}},
            "azureKeyvaultSecretsProvider": SECRETS,
            "omsagent": {"enabled": True, "config": {"logAnalyticsWorkspaceResourceID": WORKSPACE}},
        },
        "networkProfile": {
            "networkPlugin": "azure",
            "networkPolicy": "azure",
            "loadBalancerSku": "standard",
            "outboundType": "loadBalancer",
        },
        "ingressProfile": {"webAppRouting": {"enabled": True, "dnsZoneResourceIds": [ZONE]}},
        "workloadAutoScalerProfile": {"keda": {"enabled": True}},
        "oidcIssuerProfile": {"enabled": True},
    },
    SYSTEM
    | {
        "name": "npsystem",
        "vmSize": "Standard_DS2_v2",
        "count": 3,
        "osDiskType": "Managed",
        "osDiskSizeGB": 0,
        "maxPods": 110,
        "nodeTaints": ["CriticalAddonsOnly=true:NoSchedule"],
        "upgradeSettings": {"maxSurge": "33%"},
        "availabilityZones": ["1", "2", "3"],
    },
    {"npuser": USER | {"count": 1, "enableAutoScaling": True, "minCount": 1, "maxCount": 10}},
    tier="Standard",
    tags={"azd-env-name": "shop-dev"},
    diagnostics={
        "default-diagnostics": logs(
            "cluster-autoscaler", "kube-controller-manager", "kube-audit-admin", "guard"
        )
        | {"metrics": [{"category": "AllMetrics", "enabled": True}]}
    },
    pulls=True,
)
KUBENET = Made(
    "Terraform with kubenet and an application gateway",
    {
        "dnsPrefix": "tf-aks",
        "identityProfile": {"kubeletidentity": {"resourceId": NODES_IDENTITY}},
        "linuxProfile": KEY,
        "aadProfile": {"managed": True, "enableAzureRBAC": False, "adminGroupObjectIDs": [ADMINS]},
        "addonProfiles": {
            "ingressApplicationGateway": {"enabled": True, "config": {"applicationGatewayId": GATEWAY}},
            "aciConnectorLinux": {"enabled": False},
            "httpApplicationRouting": {"enabled": False},
            "omsagent": {"enabled": True, "config": {"logAnalyticsWorkspaceResourceID": WORKSPACE, "useAADAuth": "False"}},
        },
        "networkProfile": {
            "networkPlugin": "kubenet",
            "networkPolicy": "calico",
            "podCidr": "10.240.0.0/16",
            "serviceCidr": "10.2.0.0/16",
            "dnsServiceIP": "10.2.0.10",
            "outboundType": "loadBalancer",
            "loadBalancerProfile": {"managedOutboundIPs": {"count": 1}, "allocatedOutboundPorts": 1024, "idleTimeoutInMinutes": 30},
        },
        "httpProxyConfig": {"httpProxy": "http://proxy.example:3128/", "httpsProxy": "http://proxy.example:3128/", "noProxy": ["10.0.0.0/8"]},
        "autoScalerProfile": {"balance-similar-node-groups": "true", "scale-down-unneeded-time": "5m", "max-graceful-termination-sec": "900"},
        "storageProfile": {"diskCSIDriver": {"enabled": True}, "fileCSIDriver": {"enabled": False}, "snapshotController": {"enabled": False}},
    },
    SYSTEM | {"name": "default", "enableAutoScaling": True, "minCount": 2, "maxCount": 4, "count": 2, "vnetSubnetID": NODES, "availabilityZones": ["1", "2"], "enableUltraSSD": True, "tags": {"managed": "terraform"}, "kubeletDiskType": "OS", "kubeletConfig": {"cpuManagerPolicy": "static", "imageGcHighThreshold": 85, "imageGcLowThreshold": 80}},
    {
        "blue": USER | {"count": 2, "vnetSubnetID": NODES, "nodeTaints": ["color=blue:NoSchedule"], "nodeLabels": {"color": "blue"}, "scaleDownMode": "Deallocate", "enableFIPS": True},
    },
    identity={"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}},
    tags={"terraform": "true", "Environment": "Production"},
    windows={"default": {"timeInWeek": [{"day": "Saturday", "hourSlots": [22, 23]}], "notAllowedTime": [{"start": "2026-12-20T00:00:00Z", "end": "2027-01-03T00:00:00Z"}]}},
)  # fmt: skip
AUTOMATIC = Made(
    "AKS Automatic",
    {
        "dnsPrefix": "auto",
        "aadProfile": ENTRA,
        "disableLocalAccounts": True,
        "autoUpgradeProfile": {"upgradeChannel": "stable", "nodeOSUpgradeChannel": "NodeImage"},
        "addonProfiles": {"azurepolicy": {"enabled": True}, "azureKeyvaultSecretsProvider": SECRETS},
        "networkProfile": {
            "networkPlugin": "azure",
            "networkPluginMode": "overlay",
            "networkDataplane": "cilium",
            "networkPolicy": "cilium",
            "outboundType": "managedNATGateway",
        },
        "nodeProvisioningProfile": {"mode": "Auto", "defaultNodePools": "Auto"},
        "nodeResourceGroupProfile": {"restrictionLevel": "ReadOnly"},
        "ingressProfile": {"webAppRouting": {"enabled": True, "nginx": {"defaultIngressControllerType": "AnnotationControlled"}}},
        "oidcIssuerProfile": {"enabled": True},
        "securityProfile": {"workloadIdentity": {"enabled": True}, "imageCleaner": {"enabled": True, "intervalHours": 168}},
        "workloadAutoScalerProfile": {"keda": {"enabled": True}, "verticalPodAutoscaler": {"enabled": True}},
        "azureMonitorProfile": {"metrics": {"enabled": True}},
    },
    SYSTEM | {"name": "systempool", "count": 3, "osSKU": "AzureLinux", "osDiskType": "Ephemeral", "availabilityZones": ["1", "2", "3"], "securityProfile": {"sshAccess": "Disabled", "enableSecureBoot": False, "enableVTPM": False}, "nodeTaints": ["CriticalAddonsOnly=true:NoSchedule"], "upgradeSettings": {"maxSurge": "10%", "maxUnavailable": "0"}},
    sku="Automatic",
    tier="Standard",
)  # fmt: skip
MIXED = Made(
    "Windows, spot and stopped nodes",
    {
        "dnsPrefix": "mixed",
        "linuxProfile": KEY,
        "aadProfile": ENTRA,
        "windowsProfile": {"adminUsername": "azureuser", "licenseType": "Windows_Server", "enableCSIProxy": True, "gmsaProfile": {"enabled": True}},
        "autoUpgradeProfile": {"upgradeChannel": "node-image"},
        "networkProfile": {
            "networkPlugin": "azure",
            "networkPluginMode": "overlay",
            "networkPolicy": "none",
            "ipFamilies": ["IPv4", "IPv6"],
            "podCidr": "10.244.0.0/16",
            "podCidrs": ["10.244.0.0/16", "fd12:3456:789a::/64"],
            "serviceCidr": "10.0.0.0/16",
            "serviceCidrs": ["10.0.0.0/16", "fd12:3456:789b::/108"],
            "dnsServiceIP": "10.0.0.10",
        },
        "addonProfiles": {"openServiceMesh": {"enabled": False}, "ACCSGXDevicePlugin": {"enabled": False}},
    },
    SYSTEM | {"name": "agentpool", "count": 2, "vmSize": "Standard_D4s_v5", "upgradeSettings": {"maxSurge": "1", "drainTimeoutInMinutes": 45}},
    {
        "win22": {"mode": "User", "osType": "Windows", "osSKU": "Windows2022", "vmSize": "Standard_D4s_v5", "count": 2, "type": "VirtualMachineScaleSets", "windowsProfile": {"disableOutboundNat": False}},
        "spot": USER | {"scaleSetPriority": "Spot", "scaleSetEvictionPolicy": "Deallocate", "spotMaxPrice": -1, "count": 0, "nodeLabels": {"kubernetes.azure.com/scalesetpriority": "spot"}, "nodeTaints": ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"]},
        "sizes": {"mode": "User", "osType": "Linux", "osSKU": "Ubuntu", "type": "VirtualMachines", "virtualMachinesProfile": SIZES},
        "gateway": USER | {"mode": "Gateway", "count": 2, "gatewayProfile": {"publicIPPrefixSize": 31}},
        "idle": USER | {"count": 3, "powerState": {"code": "Stopped"}},
        "arm": USER | {"vmSize": "Standard_D4ps_v5", "count": 1, "osDiskType": "Managed", "osDiskSizeGB": 128, "enableEncryptionAtHost": True},
    },
    tags={"CostCenter": "4711"},
    windows={"aksManagedNodeOSUpgradeSchedule": {"maintenanceWindow": WINDOW | {"schedule": {"absoluteMonthly": {"dayOfMonth": 15, "intervalMonths": 1}}, "durationHours": 8, "utcOffset": "+05:30", "startDate": "2026-01-01"}}},
    diagnostics={"to-storage": {"storageAccountId": f"{GROUP}/providers/Microsoft.Storage/storageAccounts/contosologs", "logs": [{"category": "kube-audit", "enabled": True}, {"category": "kube-apiserver", "enabled": False}]}},
)  # fmt: skip
MORE = (AZD, KUBENET, MIXED)
