"""Clusters, pools, pods and roles in every other form they can come in, each with the rule that must find it or say it is unseen.

A rule after a question mark must say that it does not know.
"""

import json
from typing import Any

from tests.security.build import agent_pool, cluster, mutate, pod, workload
from tests.security.cases.cluster_api import endpoint_slice, webhooks

C = "Microsoft.ContainerService/managedClusters"
DEPLOYMENT = "azure-native:resources:Deployment"
GENERIC = "azure-native:resources:Resource"
AZAPI = "azapi:index/resource:Resource"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
PRIVILEGED = mutate(pod(), {"C.securityContext.privileged": True})
PUBLIC = {"enableNodePublicIP": True}
BAD_POOL: dict[str, Any] = {"type": f"{C}/agentPools", "name": "aks/one", "properties": PUBLIC}
GOOD = {key: value for key, value in cluster().items() if key not in {"resourceName", "sku", "identity"}}
OPEN = mutate(GOOD, {"disableLocalAccounts": False})
ASSIGNMENT: dict[str, Any] = {
    "type": "Microsoft.Authorization/roleAssignments",
    "name": "g",
    "properties": {
        "roleDefinitionId": f"/providers/Microsoft.Authorization/roleDefinitions/{OWNER}",
        "principalId": "p",
    },
}
RESTRICTED = {"labels": {"pod-security.kubernetes.io/enforce": "restricted"}}
ISSUER = {"issuer": {"url": "https://issuer.other", "audiences": ["aks"]}}
SWITCH = {"parameters": {"o": {"type": "bool", "defaultValue": False}}, "resources": [{**BAD_POOL, "properties": {"enableNodePublicIP": "[parameters('o')]"}}]}  # fmt: skip


def template(*resources: Any, **more: Any) -> dict[str, Any]:
    """The properties of a deployment of these resources."""
    return {"properties": {"template": {"resources": list(resources), **more.pop("template", {})}, **more}}


def arm(*resources: Any, **more: Any) -> tuple[str, dict[str, Any]]:
    """A deployment of these resources."""
    return DEPLOYMENT, template(*resources, **more)


def manifest(
    kind: str, spec: dict[str, Any], version: str = "containerservice.azure.com/v1api20240901"
) -> dict[str, Any]:
    """An object of an operator's."""
    return {
        "apiVersion": version,
        "kind": kind,
        "metadata": {"name": "aks", "namespace": "app"},
        "spec": spec,
    }


def operator(
    kind: str, spec: dict[str, Any], version: str = "containerservice.azure.com/v1api20240901"
) -> tuple[str, dict[str, Any]]:
    """An object of an operator's, with its type token."""
    return f"kubernetes:{version}:{kind}", manifest(kind, spec, version)


DISGUISES: dict[str, tuple[str, dict[str, Any], str]] = {
    "copy of pools": (*arm({"type": C, "name": "aks", "properties": {**{k: v for k, v in GOOD.items() if k != "agentPoolProfiles"}, "copy": [{"name": "agentPoolProfiles", "count": 2, "input": {**PUBLIC, "name": "[concat('p',copyIndex())]"}}]}}), "pool-public-ip"),
    "variables copy": (*arm({**BAD_POOL, "properties": "[variables('v')[0]]"}, template={"variables": {"copy": [{"name": "v", "count": 1, "input": PUBLIC}]}}), "?pool-public-ip"),
    "azapi deployment": (AZAPI, {"type": "Microsoft.Resources/deployments@2021-04-01", "body": {"properties": template(BAD_POOL)["properties"]}}, "pool-public-ip"),
    "generic deployment": (GENERIC, {"resourceProviderNamespace": "Microsoft.Resources", "resourceType": "deployments", "resourceName": "x", "properties": template(BAD_POOL)["properties"]}, "pool-public-ip"),
    "azapi sensitive": (AZAPI, {"type": f"{C}@2025-09-01", "name": "aks", "body": {"properties": GOOD, "sku": cluster()["sku"]}, "sensitiveBody": {"properties": {"disableLocalAccounts": False}}}, "cluster-local-accounts"),
    "generic path": (GENERIC, {"resourceProviderNamespace": "Microsoft.ContainerService/managedClusters/aks", "resourceType": "agentPools", "resourceName": "one", "properties": PUBLIC}, "pool-public-ip"),
    "generic name path": (GENERIC, {"resourceProviderNamespace": "Microsoft.ContainerService", "resourceType": "managedClusters", "resourceName": "aks/agentPools/one", "properties": PUBLIC}, "pool-public-ip"),
    "json template": (DEPLOYMENT, {"properties": {"template": json.dumps({"resources": [BAD_POOL]})}}, "pool-public-ip"),
    "parametersLink": (DEPLOYMENT, {"properties": {"parametersLink": {"uri": "x"}, "template": {"parameters": {"o": {"type": "bool", "defaultValue": False}}, "resources": [{**BAD_POOL, "properties": {"enableNodePublicIP": "[parameters('o')]"}}]}}}, "?pool-public-ip"),
    "param reference": (DEPLOYMENT, {"properties": {"parameters": {"o": {"reference": {"keyVault": {"id": "x"}, "secretName": "s"}}}, "template": {"parameters": {"o": {"type": "bool", "defaultValue": False}}, "resources": [{**BAD_POOL, "properties": {"enableNodePublicIP": "[parameters('o')]"}}]}}}, "?pool-public-ip"),
    "params json text": (DEPLOYMENT, {"properties": {"parameters": json.dumps({"o": {"value": True}}), "template": {"parameters": {"o": {"type": "bool", "defaultValue": False}}, "resources": [{**BAD_POOL, "properties": {"enableNodePublicIP": "[parameters('o')]"}}]}}}, "pool-public-ip"),
    "classic parametersContent": ("azure:core/resourceGroupTemplateDeployment:ResourceGroupTemplateDeployment", {"parametersContent": json.dumps({"o": {"value": True}}), "templateContent": json.dumps({"parameters": {"o": {"type": "bool", "defaultValue": False}}, "resources": [{**BAD_POOL, "properties": {"enableNodePublicIP": "[parameters('o')]"}}]})}, "pool-public-ip"),
    "classic spec": ("azure:core/resourceGroupTemplateDeployment:ResourceGroupTemplateDeployment", {"templateSpecVersionId": "x"}, "unseen-objects"),
    "classic old": ("azure:core/templateDeployment:TemplateDeployment", {"templateBody": json.dumps({"resources": [BAD_POOL]})}, "pool-public-ip"),
    "arm role": (*arm(ASSIGNMENT), "azure-wide-role"),
    "arm role expr": (*arm({**ASSIGNMENT, "properties": {"RoleDefinitionID": f"[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '{OWNER}')]"}}), "azure-wide-role"),
    "arm role expr2": (*arm({**ASSIGNMENT, "properties": {"RoleDefinitionID": "[subscriptionResourceId(subscription().subscriptionId,'Microsoft.Authorization/roleDefinitions', variables('o'))]"}}, template={"variables": {"o": OWNER}}), "azure-wide-role"),
    "arm role old style": (*arm({"type": C + "/providers/roleAssignments", "name": "aks/Microsoft.Authorization/g", "properties": ASSIGNMENT["properties"]}), "azure-wide-role"),
    "arm role child": (*arm({"type": C, "name": "aks", "existing": True, "resources": [{"type": "providers/roleAssignments", "name": "Microsoft.Authorization/g", "properties": ASSIGNMENT["properties"]}]}), "azure-wide-role"),
    "azapi role": (AZAPI, {"type": "Microsoft.Authorization/roleAssignments@2022-04-01", "parentId": "/subscriptions/s", "body": {"properties": ASSIGNMENT["properties"]}}, "azure-wide-role"),
    "azapi contributor at group": (AZAPI, {"type": "Microsoft.Authorization/roleAssignments@2022-04-01", "parentId": "/subscriptions/s/resourceGroups/rg", "body": {"properties": {"roleDefinitionId": CONTRIBUTOR}}}, "azure-wide-role"),
    "generic role": (GENERIC, {"resourceProviderNamespace": "Microsoft.Authorization", "resourceType": "roleAssignments", "resourceName": "g", "properties": ASSIGNMENT["properties"]}, "azure-wide-role"),
    "classic role": ("azure:authorization/assignment:Assignment", {"scope": "/subscriptions/s", "roleDefinitionName": "Owner", "principalId": "x"}, "azure-wide-role"),
    "classic role2": ("azure:role/assignment:Assignment", {"scope": "/subscriptions/s", "roleDefinitionName": "contributor", "principalId": "x"}, "azure-wide-role"),
    "classic cluster admin": ("azure:authorization/assignment:Assignment", {"scope": "/subscriptions/s", "roleDefinitionName": "Azure Kubernetes Service RBAC Cluster Admin", "principalId": "x"}, "azure-cluster-role"),
    "aso cluster admin": (*operator("RoleAssignment", {"owner": {"kind": "ResourceGroup", "group": "resources.azure.com", "name": "rg"}, "roleDefinitionReference": {"wellKnownName": "Azure Kubernetes Service RBAC Admin"}}, "authorization.azure.com/v1api20220401"), "azure-cluster-role"),
    "webhook in a list": ("kubernetes:core/v1:List", {"items": [mutate(webhooks(), {"webhooks[0].clientConfig": {"url": "https://x"}})]}, "webhook-outside"),
    "webhook of the first version": ("kubernetes:admissionregistration.k8s.io/v1beta1:MutatingWebhookConfiguration", {**mutate(webhooks(), {"webhooks[0].clientConfig.service.namespace": "app"}), "kind": "MutatingWebhookConfiguration"}, "webhook-of-team"),
    "webhook by a patch": ("kubernetes:admissionregistration.k8s.io/v1:ValidatingWebhookConfigurationPatch", {"metadata": {"name": "check"}, "webhooks": [{"name": "check", "clientConfig": {"url": "https://x"}}]}, "webhook-outside"),
    "another who answers, by a patch": ("kubernetes:apiregistration.k8s.io/v1:APIServicePatch", {"metadata": {"name": "v1.x"}, "spec": {"service": {"namespace": "app"}}}, "api-service-of-team"),
    "slice of the first version": ("kubernetes:discovery.k8s.io/v1beta1:EndpointSlice", mutate(endpoint_slice(), {"endpoints[0].addresses": ["168.63.129.16"]}), "endpoint-addresses"),
    "arm extension": (*arm({"type": "Microsoft.KubernetesConfiguration/extensions", "name": "x", "scope": "aks", "properties": {}}), "unseen-objects"),
    "arm flux old": (*arm({"type": C + "/providers/fluxConfigurations", "name": "aks/Microsoft.KubernetesConfiguration/x", "properties": {}}), "unseen-objects"),
    "arm script": (*arm({"type": "Microsoft.Resources/deploymentScripts", "name": "x"}), "unseen-objects"),
    "native script": ("azure-native:resources/v20231001:AzureCliScript", {}, "unseen-objects"),
    "azapi ext": (AZAPI, {"type": "Microsoft.KubernetesConfiguration/extensions@2023-05-01", "body": {}}, "unseen-objects"),
    "twice": ("azure-native:containerservice:ManagedCluster", mutate(cluster(), {"addonProfiles.kubeDashboard": {"enabled": True}, "addonProfiles.KUBEDASHBOARD": {"enabled": False}}), "cluster-dashboard"),
    "twice policy": ("azure-native:containerservice:ManagedCluster", mutate(cluster(), {"addonProfiles.azurePolicy": {"enabled": False}}), "cluster-azure-policy"),
    "fleet ns": ("azure-native:containerservice:FleetManagedNamespace", {"fleetName": "f", "managedNamespaceName": "shop", "properties": {"managedNamespaceProperties": {"labels": {}}}}, "namespace-pod-security"),
    "ns preview": ("azure-native:containerservice:Namespace", {"resourceName": "a", "namespaceName": "kube-system", "properties": RESTRICTED}, "namespace-reserved"),
    "aso cluster": (*operator("ManagedCluster", {**OPEN, "sku": {"tier": "Standard"}}), "cluster-local-accounts"),
    "aso inline pool": (*operator("ManagedCluster", mutate(GOOD, {"A.enableNodePublicIP": True})), "pool-public-ip"),
    "aso pool": (*operator("ManagedClustersAgentPool", PUBLIC), "pool-public-ip"),
    "aso trusted": (*operator("TrustedAccessRoleBinding", {"roles": ["Microsoft.X/all"], "sourceResourceReference": {"armId": "/x"}}), "cluster-trusted-access"),
    "aso window": (*operator("MaintenanceConfiguration", {"maintenanceWindow": {"durationHours": 2}}), "maintenance-window-length"),
    "aso role": (*operator("RoleAssignment", {"owner": {"kind": "ResourceGroup", "group": "resources.azure.com", "name": "rg"}, "roleDefinitionReference": {"wellKnownName": "Owner"}}, "authorization.azure.com/v1api20220401"), "azure-wide-role"),
    "aso ext": (*operator("Extension", {}, "kubernetesconfiguration.azure.com/v1api20230501"), "unseen-objects"),
    "capz": (*operator("AzureManagedControlPlane", {}, "infrastructure.cluster.x-k8s.io/v1beta1"), "unseen-objects"),
    "capz tmpl": (*operator("AzureManagedControlPlaneTemplate", {}, "infrastructure.cluster.x-k8s.io/v1beta1"), "unseen-objects"),
    "capz aso": (*operator("AzureASOManagedControlPlane", {"resources": [manifest("ManagedCluster", OPEN)]}, "infrastructure.cluster.x-k8s.io/v1beta1"), "cluster-local-accounts"),
    "aso in list": ("kubernetes:core/v1:List", {"items": [manifest("ManagedCluster", OPEN)]}, "cluster-local-accounts"),
    "aso in yaml": ("kubernetes:yaml/v2:ConfigGroup", {"yaml": json.dumps(manifest("ManagedCluster", OPEN))}, "cluster-local-accounts"),
    "aso patch": ("kubernetes:containerservice.azure.com/v1api20240901:ManagedClusterPatch", manifest("ManagedCluster", {"disableLocalAccounts": False}), "cluster-local-accounts"),
    "crossplane": (*operator("KubernetesCluster", {}, "containerservice.azure.upbound.io/v1beta1"), "unseen-objects"),
    "tf cluster": ("azurerm:index/kubernetesCluster:KubernetesCluster", {}, "unseen-objects"),
    "tf k8s": ("kubernetes:index/podV1:PodV1", {}, "unseen-objects"),
    "tf kubectl": ("kubectl:index/manifest:Manifest", {"yamlBody": json.dumps(PRIVILEGED)}, "unseen-objects"),
    "classic flux": ("azure:containerservice/fluxConfiguration:FluxConfiguration", {}, "unseen-objects"),
    "classic ext": ("azure:containerservice/kubernetesClusterExtension:KubernetesClusterExtension", {}, "unseen-objects"),
    "configmap that is a pod": ("kubernetes:core/v1:ConfigMap", PRIVILEGED, "pod-privileged"),
    "custom that is a pod": ("kubernetes:example.com/v1:Thing", PRIVILEGED, "pod-privileged"),
    "pod of foreign group": ("kubernetes:servicebus.azure.com/v1:Namespace", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "x"}}, "namespace-pod-security"),
    "podpatch that is a deployment": ("kubernetes:core/v1:PodPatch", mutate(workload("Deployment"), {"spec.template.spec": PRIVILEGED["spec"]}), "pod-privileged"),
    "local package deployment": ("azure-native_resources_v20240301:resources:Deployment", template(BAD_POOL), "pool-public-ip"),
    "local stack": ("azure-native_resources_v20240301:resources:DeploymentStackAtSubscription", template(BAD_POOL)["properties"], "pool-public-ip"),
    "stack in stack": (*arm({"type": "Microsoft.Resources/deploymentStacks", "name": "s", "properties": template(BAD_POOL)["properties"]}), "pool-public-ip"),
    "Template twice": (DEPLOYMENT, {"properties": {"template": {"resources": []}, "TEMPLATE": {"resources": [BAD_POOL]}}}, "unseen-objects"),
    "condition expression": (*arm({**BAD_POOL, "condition": "[equals(1,1)]"}), "pool-public-ip"),
    "nested json template": (*arm({"type": "Microsoft.Resources/deployments", "name": "i", "properties": {"template": json.dumps({"resources": [BAD_POOL]})}}), "pool-public-ip"),
    "deployment of ARM's any-case inner": (*arm({"TYPE": "MICROSOFT.RESOURCES/DEPLOYMENTS", "NAME": "i", "PROPERTIES": {"TEMPLATE": {"RESOURCES": [BAD_POOL]}}}), "pool-public-ip"),
    "no namespace by an empty one": ("kubernetes:core/v1:Pod", mutate(pod(), {"M.namespace": ""}), "pod-default-namespace"),
    "a JobSet's pods": (*operator("JobSet", {"replicatedJobs": [{"template": {"spec": {"template": {"spec": PRIVILEGED["spec"]}}}}]}, "jobset.x-k8s.io/v1alpha2"), "pod-privileged"),
    "a CronJob of another's": (*operator("CronThing", {"jobTemplate": {"spec": {"template": {"spec": PRIVILEGED["spec"]}}}}, "example.com/v1"), "pod-privileged"),
    "a ScaledJob's pods": (*operator("ScaledJob", {"jobTargetRef": {"template": {"spec": PRIVILEGED["spec"]}}}, "keda.sh/v1alpha1"), "pod-privileged"),
    "the workers of a leader": (*operator("LeaderWorkerSet", {"leaderWorkerTemplate": {"workerTemplate": {"spec": PRIVILEGED["spec"]}}}, "leaderworkerset.x-k8s.io/v1"), "pod-privileged"),
    "the second task of Volcano's Job": (*operator("Job", {"tasks": [{"template": {"spec": pod()["spec"]}}, {"template": {"spec": PRIVILEGED["spec"]}}]}, "batch.volcano.sh/v1alpha1"), "pod-privileged"),
    "jwt generic": (GENERIC, {"resourceProviderNamespace": "Microsoft.ContainerService", "parentResourcePath": "managedClusters/aks", "resourceType": "jwtAuthenticators", "resourceName": "x", "properties": ISSUER}, "cluster-authenticator"),
}  # fmt: skip
"""By name: a type token, properties, and the rule."""

HARMLESS: dict[str, tuple[str, dict[str, Any]]] = {
    "cert-manager's webhook": (f"kubernetes:{webhooks()['apiVersion']}:ValidatingWebhookConfiguration", webhooks()),
    "the metrics' server": ("kubernetes:apiregistration.k8s.io/v1:APIService", {"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "metadata": {"name": "v1beta1.metrics.k8s.io"}, "spec": {"group": "metrics.k8s.io", "version": "v1beta1", "insecureSkipTLSVerify": True, "service": {"namespace": "kube-system", "name": "metrics-server"}}}),
    "a database outside": ("kubernetes:discovery.k8s.io/v1:EndpointSlice", endpoint_slice()),
    "another's APIService": ("kubernetes:apps.example.com/v1:APIService", {"apiVersion": "apps.example.com/v1", "kind": "APIService", "metadata": {"name": "x"}, "spec": {"service": {"namespace": "app"}}}),
    "false condition": arm({**BAD_POOL, "condition": False}),
    "arm reader role": arm({**ASSIGNMENT, "properties": {"roleDefinitionId": "acdd72a7-3385-48ef-bd42-f606fba81ae7"}}),
    "contributor at one": (AZAPI, {"type": "Microsoft.Authorization/roleAssignments@2022-04-01", "parentId": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/a", "body": {"properties": {"roleDefinitionId": CONTRIBUTOR}}}),
    "classic reader": ("azure:authorization/assignment:Assignment", {"scope": "/subscriptions/s", "roleDefinitionName": "Reader", "principalId": "x"}),
    "aso good": operator("ManagedCluster", {**{k: v for k, v in GOOD.items() if k != "diskEncryptionSetID"}, "azureName": "aks-prod", "sku": cluster()["sku"], "identity": {"type": "UserAssigned"}, "diskEncryptionSetReference": {"armId": GOOD["diskEncryptionSetID"]}}),
    "aso good pool": operator("ManagedClustersAgentPool", {"azureName": "general", **{k: v for k, v in agent_pool().items() if k not in ("agentPoolName", "resourceName", "resourceGroupName")}}),
    "aso role at one": operator("RoleAssignment", {"owner": {"kind": "StorageAccount", "group": "storage.azure.com", "name": "x"}, "roleDefinitionReference": {"wellKnownName": "Contributor"}}, "authorization.azure.com/v1api20220401"),
    "aso ns": ("kubernetes:servicebus.azure.com/v1api20211101:Namespace", {"spec": {}}),
    "a JobSet that is well": operator("JobSet", {"replicatedJobs": [{"template": {"spec": {"template": {"spec": pod()["spec"]}}}}]}, "jobset.x-k8s.io/v1alpha2"),
    "a part that an operator lays over a pod": operator("Elasticsearch", {"nodeSets": [{"podTemplate": {"spec": {"containers": [{"name": "elasticsearch", "resources": {}}]}}}]}, "elasticsearch.k8s.elastic.co/v1"),
    "patch kind": ("kubernetes:example.com/v1:ConfigPatch", {"apiVersion": "example.com/v1", "kind": "ConfigPatch", "metadata": {"name": "x"}}),
    "helm of tf": ("random:index/randomId:RandomId", {}),
}  # fmt: skip
"""What is only like them: no rule says anything of it."""
