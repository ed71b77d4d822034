"""Happy-path objects and one-line mutations of them."""

import copy
import re
from typing import Any

from tests.security.platform import CONTROLLERS

DELETE = object()
"""As a mutation's value: take the field away."""

DIGEST = "sha256:" + "0" * 64
IMAGE = f"mcr.microsoft.com/app:1.2.3@{DIGEST}"
BREAK_GLASS = "11111111-2222-3333-4444-555555555555"
DEPLOYERS = "6f1c0d1e-2f3a-4b5c-8d9e-0a1b2c3d4e5f"
"""Object id of a group that applies a stack."""

CONFIG: dict[str, Any] = {
    "secure-aks:teams": [
        {"name": "app"},
        {"name": "app-relaxed", "podSecurity": "baseline"},
        {"name": "app-denied-relaxed", "podSecurity": "baseline"},
        {"name": "app-hostile", "isolation": "sandbox"},
    ],
    "secure-aks:cluster": {
        "kubernetesVersion": "1.36.3",
        "podCidr": "10.244.0.0/17",
        "backup": {"snapshotGroup": "snapshots.of(aks)"},
        "breakGlass": [{"name": "admins", "objectId": BREAK_GLASS}, {"name": "made-by-us"}],
    },
    "secure-aks:platform": [
        {
            "name": "keeper",
            "serviceAccounts": [
                {"name": "keeper", "roles": ["keeper-reads-*", "keeper"], "rights": ["read-secrets"]},
                {"name": "applier", "rights": ["cluster-admin"]},
            ],
            "images": ["quay.io/keeper/"],
        },
        *(controller.ENTRY for controller in CONTROLLERS.values()),
    ],
    "secure-aks:admission": {"systemNamespaces": ["aks-istio-system"]},
    "secure-aks:profiles": {"seccomp": ["p"], "apparmor": ["p", {"name": "k8s-apparmor-example-deny-write"}]},
    "secure-aks:policies": {
        "security": {
            "pod-seccomp-declared": {"otherSeccompProfiles": ["by/hand.json"]},
            "pod-apparmor-declared": {"otherAppArmorProfiles": ["by-hand"]},
            "pod-image-registry": {"allowedRegistries": ["mcr.microsoft.com/", "team.azurecr.io/"]},
            "pod-image-digest": "mandatory",
            "pod-cpu-limit": "mandatory",
            "pod-localhost-profile": {"localhostProfileNamespaces": ["app-profiled"]},
            "cluster-azure-rbac": "mandatory",
            "cluster-private": "mandatory",
            "cluster-secret-store": "mandatory",
            "cluster-container-insights": "mandatory",
            "cluster-disk-encryption-set": "mandatory",
            "cluster-kms": "mandatory",
            "cluster-outbound-firewall": "mandatory",
            "pool-ephemeral-os-disk": "mandatory",
            "pool-fips": "mandatory",
            "pool-processes": "mandatory",
            "pool-user-nodes": "mandatory",
            "pool-system-taint": "mandatory",
            "pool-zones": {"minimumZones": 2},
            "pod-secret-env": {"harmlessVariables": ["CANDY_TOKEN"]},
            "config-secret": {"harmlessKeys": ["CANDY_TOKEN"]},
            "cluster-authenticator": {"allowedIssuers": ["https://issuer.example/shop"]},
            "cluster-trusted-access": {
                "allowedRoles": ["Microsoft.MachineLearningServices/workspaces/inference-v1"]
            },
        }
    },
}
"""The stack file of every case; rules that are off elsewhere are on here."""


def container(name: str = "app") -> dict[str, Any]:
    """A container that no rule refuses."""
    return {
        "name": name,
        "image": IMAGE,
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"cpu": "1", "memory": "32Mi"}},
    }


def pod() -> dict[str, Any]:
    """A pod that no rule refuses."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web", "namespace": "app"},
        "spec": {
            "automountServiceAccountToken": False,
            "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [container()],
        },
    }


def workload(kind: str) -> dict[str, Any]:
    """A workload of this kind whose pods no rule refuses."""
    spec = pod()["spec"]
    labels = {"app": "web"}
    template = {"metadata": {"labels": labels}, "spec": spec}
    metadata = {"name": "web", "namespace": "app"}
    selector = {"matchLabels": labels}
    if kind in {"Job", "CronJob"}:
        spec["restartPolicy"] = "Never"
    else:
        spec["containers"][0]["readinessProbe"] = {"tcpSocket": {"port": 80}}
    bodies: dict[str, Any] = {
        "PodTemplate": ("v1", {"template": template}),
        "ReplicationController": ("v1", {"spec": {"selector": labels, "template": template}}),
        "Job": ("batch/v1", {"spec": {"template": template}}),
        "CronJob": (
            "batch/v1",
            {"spec": {"schedule": "0 * * * *", "jobTemplate": {"spec": {"template": template}}}},
        ),
    }
    version, body = bodies.get(kind, ("apps/v1", {"spec": {"selector": selector, "template": template}}))
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **body}


def role(kind: str = "Role") -> dict[str, Any]:
    """A Role (or ClusterRole) that no rule refuses."""
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": kind,
        "metadata": {"name": "reader", **({"namespace": "app"} if kind == "Role" else {})},
        "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]}],
    }


def binding(kind: str = "RoleBinding", group: str = BREAK_GLASS) -> dict[str, Any]:
    """A RoleBinding (or ClusterRoleBinding) that no rule refuses."""
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": kind,
        "metadata": {"name": "readers", **({"namespace": "app"} if kind == "RoleBinding" else {})},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": group}],
    }


def secret() -> dict[str, Any]:
    """A Secret that no rule refuses."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "keys", "namespace": "app"},
        "stringData": {"key": "value"},
    }


def config_map() -> dict[str, Any]:
    """A ConfigMap that no rule refuses."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "settings", "namespace": "app"},
        "data": {"LOG_LEVEL": "info"},
    }


def trusted_access() -> dict[str, Any]:
    """A right of a backup vault that no rule refuses."""
    role = "Microsoft.DataProtection/backupVaults/backup-operator"
    return {"resourceName": "dev", "sourceResourceId": "/subscriptions/s/vault", "roles": [role]}


def grafana() -> dict[str, Any]:
    """A managed Grafana that no rule refuses."""
    return {
        "workspaceName": "pictures",
        "properties": {"apiKey": "Disabled", "publicNetworkAccess": "Disabled"},
    }


def alerts() -> dict[str, Any]:
    """A rule group whose alert tells somebody."""
    group = {"actionGroupId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/actionGroups/a"}
    rule = {"alert": "NodeNotReady", "enabled": True, "expression": "up == 0", "actions": [group]}
    return {"ruleGroupName": "alerts", "rules": [rule]}


def activity_alert() -> dict[str, Any]:
    """An alert of the activity log that tells somebody."""
    return {
        "activityLogAlertName": "health",
        "enabled": True,
        "actions": {"actionGroups": [{"actionGroupId": "a"}]},
    }


def action_group() -> dict[str, Any]:
    """A group of one person."""
    return {
        "actionGroupName": "oncall",
        "groupShortName": "oncall",
        "enabled": True,
        "emailReceivers": [{"name": "a", "emailAddress": "oncall@example.com"}],
    }


def backup_vault() -> dict[str, Any]:
    """A vault of backups that no rule refuses."""
    soft = {"state": "On", "retentionDurationInDays": 14}
    security = {"softDeleteSettings": soft, "immutabilitySettings": {"state": "Unlocked"}}
    return {"vaultName": "backups", "properties": {"securitySettings": security}}


def extension() -> dict[str, Any]:
    """Flux as an extension that no rule refuses."""
    settings = {"multiTenancy.enforce": "true"}
    return {"extensionName": "flux", "extensionType": "microsoft.flux", "configurationSettings": settings}


def flux() -> dict[str, Any]:
    """A repository that no rule refuses."""
    return {"fluxConfigurationName": "gitops", "gitRepository": {"url": "https://example.com/fleet"}}


def assignment() -> dict[str, Any]:
    """A role that no rule refuses: to read the secrets of one vault."""
    vault = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv"
    roles = "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions"
    return {
        "scope": vault,
        "roleDefinitionId": f"{roles}/4633458b-17de-408a-b874-0445c86b69e6",
        "principalId": "p",
    }


def authenticator() -> dict[str, Any]:
    """An issuer of tokens that no rule refuses."""
    issuer = {"url": "https://issuer.example/shop", "audiences": ["aks"]}
    return {"resourceName": "dev", "jwtAuthenticatorName": "shop", "properties": {"issuer": issuer}}


def service() -> dict[str, Any]:
    """A Service that no rule refuses."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": "app"},
        "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]},
    }


def namespace() -> dict[str, Any]:
    """A Namespace that no rule refuses."""
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "app-new", "labels": labels}}


def window() -> dict[str, Any]:
    """A MaintenanceConfiguration that no rule refuses."""
    return {
        "configName": "default",
        "resourceName": "aks-prod",
        "resourceGroupName": "rg",
        "maintenanceWindow": {"durationHours": 4, "startTime": "01:00"},
    }


def pool(**properties: Any) -> dict[str, Any]:
    """The properties of a node pool that no rule refuses, as an AgentPool and an inline profile have them."""
    return {
        "mode": "User",
        "osType": "Linux",
        "type": "VirtualMachineScaleSets",
        "enableEncryptionAtHost": True,
        "enableFIPS": True,
        "kubeletConfig": {"podMaxPids": 4096},
        "enableAutoScaling": True,
        "minCount": 3,
        "maxCount": 6,
        "maxPods": 110,
        "availabilityZones": ["1", "2", "3"],
        "osDiskType": "Ephemeral",
        "upgradeSettings": {
            "maxSurge": "33%",
            "drainTimeoutInMinutes": 30,
            "nodeSoakDurationInMinutes": 5,
        },
        "securityProfile": {"sshAccess": "Disabled"},
        **properties,
    }


def pool_template() -> dict[str, Any]:
    """An ARM deployment of a node pool that no rule refuses."""
    kind = "Microsoft.ContainerService/managedClusters/agentPools"
    group = {"type": "Microsoft.Network/networkSecurityGroups", "name": "nsg", "properties": {}}
    item = {"type": kind, "name": "aks/system", "properties": pool()}
    return {
        "resourceGroupName": "rg",
        "properties": {"mode": "Incremental", "template": {"resources": [group, item]}},
    }


def agent_pool() -> dict[str, Any]:
    """An AgentPool that no rule refuses."""
    return {"agentPoolName": "general", "resourceName": "aks", "resourceGroupName": "rg", **pool()}


def cluster() -> dict[str, Any]:
    """A ManagedCluster that no rule refuses."""
    return {
        "resourceName": "aks-prod",
        "dnsPrefix": "aks-prod",
        "sku": {"name": "Base", "tier": "Standard"},
        "identity": {"type": "UserAssigned"},
        "disableLocalAccounts": True,
        "enableRBAC": True,
        "aadProfile": {"managed": True, "enableAzureRBAC": True, "adminGroupObjectIDs": [BREAK_GLASS]},
        "apiServerAccessProfile": {
            "enablePrivateCluster": True,
            "enablePrivateClusterPublicFQDN": False,
            "disableRunCommand": True,
        },
        "networkProfile": {
            "networkPlugin": "azure",
            "networkPolicy": "cilium",
            "loadBalancerSku": "standard",
            "outboundType": "userDefinedRouting",
        },
        "oidcIssuerProfile": {"enabled": True},
        "securityProfile": {
            "workloadIdentity": {"enabled": True},
            "imageCleaner": {"enabled": True},
            "defender": {"securityMonitoring": {"enabled": True}},
            "azureKeyVaultKms": {"enabled": True, "keyVaultNetworkAccess": "Private"},
        },
        "addonProfiles": {
            "azurepolicy": {"enabled": True},
            "omsagent": {"enabled": True},
            "azureKeyvaultSecretsProvider": {"enabled": True, "config": {"enableSecretRotation": "true"}},
        },
        "autoUpgradeProfile": {"upgradeChannel": "none", "nodeOSUpgradeChannel": "NodeImage"},
        "nodeResourceGroupProfile": {"restrictionLevel": "ReadOnly"},
        "diskEncryptionSetID": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/diskEncryptionSets/d",
        "agentPoolProfiles": [
            {"name": "system", **pool(mode="System", nodeTaints=["CriticalAddonsOnly=true:NoSchedule"])}
        ],
    }


_SHORT = {
    "C": "spec.containers[0]",
    "I": "spec.initContainers[0]",
    "E": "spec.ephemeralContainers[0]",
    "P": "spec.securityContext",
    "S": "spec",
    "M": "metadata",
    "A": "agentPoolProfiles[0]",
}
_PART = re.compile(r"([^.\[]+)|\[(\d+)\]")


def mutate(original: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A copy with values set at paths such as `C.securityContext.privileged` (C, I, E: the first container)."""
    changed = copy.deepcopy(original)
    for path, value in changes.items():
        head, _, rest = path.partition(".")
        if head == "I" and "initContainers" not in changed["spec"]:
            changed["spec"]["initContainers"] = [container("init")]
        if head == "E" and "ephemeralContainers" not in changed["spec"]:
            changed["spec"]["ephemeralContainers"] = [{**container("debug"), "resources": {}}]
        _set(changed, ".".join(part for part in (_SHORT.get(head, head), rest) if part), value)
    return changed


def _set(root: dict[str, Any], path: str, value: Any) -> None:
    # A dot inside a key is written as ~.
    parts = [key.replace("~", ".") if key else int(index) for key, index in _PART.findall(path)]
    target: Any = root
    for part in parts[:-1]:
        if isinstance(target, dict) and part not in target:
            target[part] = {}
        target = target[part]
    if value is DELETE:
        del target[parts[-1]]
    elif isinstance(target, list) and parts[-1] == len(target):
        target.append(value)
    else:
        target[parts[-1]] = value
