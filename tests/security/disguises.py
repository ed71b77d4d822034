"""Clusters, pools, pods and roles in every other form they can come in, each with the rule that must find it or say it is unseen.

A rule after a question mark must say that it does not know.
"""

import json
from typing import Any

from tests.security.build import DELETE, agent_pool, cluster, mutate, pod, workload
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


def whole(
    version: str, kind: str, spec: dict[str, Any], name: str = "x", namespace: str = ""
) -> tuple[str, dict[str, Any]]:
    """An object with its type token."""
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    return f"kubernetes:{version}:{kind}", {
        "apiVersion": version,
        "kind": kind,
        "metadata": metadata,
        "spec": spec,
    }


def patch(*args: Any) -> tuple[str, dict[str, Any]]:
    """The patch of one, with its type token."""
    token, item = whole(*args)
    return f"{token}Patch", item


def listed(*items: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A list of objects, with its type token."""
    return "kubernetes:core/v1:List", {"items": list(items)}


def in_yaml(item: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """An object in a group of YAML, with its type token."""
    return "kubernetes:yaml/v2:ConfigGroup", {"yaml": json.dumps(item)}


ADMIN_CLAIM = whole(
    "resource.k8s.io/v1",
    "ResourceClaim",
    {"devices": {"requests": [{"name": "a", "exactly": {"adminAccess": True}}]}},
)[1]
DISGUISES: dict[str, tuple[str, dict[str, Any], str]] = {
    "the part of a cluster that is updated": ("azapi:index/updateResource:UpdateResource", {"type": f"{C}@2025-05-01", "resourceId": f"/subscriptions/s/resourceGroups/g/providers/{C}/aks", "body": {"properties": {"disableLocalAccounts": False}}}, "cluster-local-accounts"),
    "a cluster by an action": ("azapi:index/resourceAction:ResourceAction", {"type": f"{C}@2025-05-01", "method": "PUT", "resourceId": "x", "body": {"properties": OPEN}}, "unseen-objects"),
    "a type put together": (*arm({"type": "[format('{0}/agentPools', 'Microsoft.ContainerService/managedClusters')]", "name": "aks/one", "properties": PUBLIC}), "unseen-objects"),
    "a type by a variable": (*arm({**BAD_POOL, "type": "[variables('t')]"}, template={"variables": {"t": f"{C}/agentPools"}}), "pool-public-ip"),
    "a type by a parameter that is given": (DEPLOYMENT, {"properties": {"parameters": {"t": {"value": f"{C}/agentPools"}}, "template": {"parameters": {"t": {"type": "string"}}, "resources": [{**BAD_POOL, "type": "[parameters('t')]"}]}}}, "pool-public-ip"),
    "all of a pool by a variable": (*arm({**BAD_POOL, "properties": "[variables('p')]"}, template={"variables": {"p": PUBLIC}}), "pool-public-ip"),
    "in a tenant, inside": ("azure-native:resources:DeploymentAtTenantScope", template({"type": "Microsoft.Resources/deployments", "name": "n", "properties": template(BAD_POOL)["properties"]}), "pool-public-ip"),
    "a child by its parent's path": (GENERIC, {"resourceProviderNamespace": "microsoft.containerservice", "parentResourcePath": "managedclusters/aks", "resourceType": "agentpools", "resourceName": "one", "properties": PUBLIC}, "pool-public-ip"),
    "more than the size of a container": (*whole("postgresql.cnpg.io/v1", "Pooler", {"template": {"spec": {"containers": [{"name": "pgbouncer", "securityContext": {"privileged": True}}]}}}, "pooler", "app"), "pod-privileged"),
    "a pod beside the size of a container": (*whole("postgresql.cnpg.io/v1", "Pooler", {"template": {"spec": {"containers": [{"name": "pgbouncer", "resources": {}}], "initContainers": [{"name": "x", "image": "x", "securityContext": {"privileged": True}}]}}}, "pooler", "app"), "pod-privileged"),
    "a pod in the namespace default": (*whole("argoproj.io/v1alpha1", "AnalysisTemplate", {"metrics": [{"provider": {"job": {"spec": {"template": {"spec": pod()["spec"]}}}}}]}), "pod-default-namespace"),
    "a pod of a Cluster in the namespace default": (*whole("example.com/v1", "Cluster", {"job": {"template": {"spec": pod()["spec"]}}}), "pod-default-namespace"),
    "a pod of what has a namespace after all": (*whole("example.com/v1", "ClusterJob", {"job": {"template": {"spec": pod()["spec"]}}}, "x", "default"), "pod-default-namespace"),
    "the node's network in parts of a pod": (*whole("postgresql.cnpg.io/v1", "Pooler", {"template": {"spec": {"containers": [], "hostNetwork": True}}}, "pooler", "app"), "pod-host-namespaces"),
    "a token in parts of a pod": (*whole("postgresql.cnpg.io/v1", "Pooler", {"template": {"spec": {"containers": [], "automountServiceAccountToken": True}}}, "pooler", "app"), "pod-service-account-token"),
    "a server without a name": ("kubernetes:serving.knative.dev/v1:Service", manifest("Service", {"template": {"spec": mutate(PRIVILEGED, {"C.name": DELETE})["spec"]}}, "serving.knative.dev/v1"), "pod-privileged"),
    "an initial server without a name": ("kubernetes:example.com/v1:Batch", manifest("Batch", {"jobTemplate": {"spec": {**pod()["spec"], "initContainers": [{"image": "x", "securityContext": {"privileged": True}}]}}}, "example.com/v1"), "pod-privileged"),
    "a service without servers": ("kubernetes:serving.knative.dev/v1:Service", manifest("Service", {"template": {"spec": PRIVILEGED["spec"]}}, "serving.knative.dev/v1"), "pod-privileged"),
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
    "a command": ("command:local:Command", {"create": "kubectl apply -f -"}, "unseen-objects"),
    "a command elsewhere": ("command:remote:Command", {"create": "kubectl delete validatingadmissionpolicy --all"}, "unseen-objects"),
    "a provider of the program's own": ("pulumi-python:dynamic:Resource", {"__provider": "x"}, "unseen-objects"),
    "Terraform's Flux": ("flux:index/bootstrapGit:BootstrapGit", {}, "unseen-objects"),
    "a volume by a neighbour's Secret": (*whole("v1", "PersistentVolume", {"csi": {"driver": "file.csi.azure.com", "volumeHandle": "a", "nodeStageSecretRef": {"name": "k", "namespace": "app"}}}), "volume-secret-of-team"),
    "a volume by a neighbour's Secret, in yaml": (*in_yaml(whole("v1", "PersistentVolume", {"azureFile": {"shareName": "a", "secretName": "k", "secretNamespace": "app"}})[1]), "volume-secret-of-team"),
    "a class by a neighbour's Secret": (*listed({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "x"}, "provisioner": "x", "parameters": {"secretNamespace": "app"}}), "storage-secret-of-team"),
    "every Lease": ("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "x"}, "rules": [{"apiGroups": ["coordination.k8s.io"], "resources": ["leases"], "verbs": ["patch"]}]}, "rbac-leases"),
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
    "a claim of the first version": (*whole("resource.k8s.io/v1beta1", "ResourceClaim", {"devices": {"requests": [{"name": "a", "adminAccess": True}]}}), "claim-admin-access"),
    "a template of claims, before that": (*whole("resource.k8s.io/v1alpha3", "ResourceClaimTemplate", {"spec": {"devices": {"requests": [{"name": "a", "adminAccess": True}]}}}), "claim-admin-access"),
    "a claim by a patch": (*patch("resource.k8s.io/v1", "ResourceClaim", {"devices": {"requests": [{"name": "a", "exactly": {"adminAccess": True}}]}}), "claim-admin-access"),
    "a claim in a list": (*listed(ADMIN_CLAIM), "claim-admin-access"),
    "a claim in yaml": (*in_yaml(ADMIN_CLAIM), "claim-admin-access"),
    "a claim with another token": ("kubernetes:core/v1:ConfigMap", ADMIN_CLAIM, "claim-admin-access"),
    "a binding of ours by a patch": (*patch("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding", {"validationActions": ["Audit"]}, "secure-aks-pods-deny"), "reserved-policies"),
    "a policy of ours of the first version": (*whole("admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicy", {}, "secure-aks-pods"), "reserved-policies"),
    "a policy of ours in a list": (*listed(whole("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", {}, "secure-aks-rbac")[1]), "reserved-policies"),
    "a policy of ours in yaml": (*in_yaml(whole("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", {}, "secure-aks-rbac")[1]), "reserved-policies"),
    "a policy of ours that changes": (*whole("admissionregistration.k8s.io/v1beta1", "MutatingAdmissionPolicy", {}, "secure-aks-pods"), "reserved-policies"),
    "the guard of the parameters": (*whole("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding", {}, "secure-aks-parameters"), "reserved-policies"),
    "the parameters by a patch": ("kubernetes:core/v1:ConfigMapPatch", {"metadata": {"name": "parameters", "namespace": "secure-aks-admission"}, "data": {"execRoles": "mine"}}, "reserved-policies"),
    "the parameters in a list": (*listed({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "parameters", "namespace": "secure-aks-admission"}}), "reserved-policies"),
    "the scheduler's Lease": (*whole("coordination.k8s.io/v1", "Lease", {"holderIdentity": "me"}, "kube-scheduler", "kube-system"), "reserved-leases"),
    "the scheduler's Lease by a patch": (*patch("coordination.k8s.io/v1", "Lease", {"holderIdentity": "me"}, "kube-scheduler", "kube-system"), "reserved-leases"),
    "a node that is said to live": (*whole("coordination.k8s.io/v1", "Lease", {}, "aks-one-0", "kube-node-lease"), "reserved-leases"),
    "a candidate for the scheduler": (*whole("coordination.k8s.io/v1beta1", "LeaseCandidate", {"leaseName": "kube-scheduler"}, "me", "kube-system"), "reserved-leases"),
    "a node's labels by a patch": ("kubernetes:core/v1:NodePatch", {"metadata": {"name": "aks-one-0", "labels": {"node-restriction.kubernetes.io/team": "app"}}}, "reserved-nodes"),
    "a node's taints in a list": (*listed({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "aks-one-0"}, "spec": {"taints": []}}), "reserved-nodes"),
    "what Azure Policy leaves out": (*whole("config.gatekeeper.sh/v1alpha1", "Config", {"match": [{"excludedNamespaces": ["*"], "processes": ["*"]}]}, "config", "gatekeeper-system"), "reserved-checks"),
    "another image, by a patch": (*patch("apps/v1", "Deployment", {"template": {"spec": {"containers": [{"name": "app", "image": "docker.io/x:1"}]}}}), "pod-image-registry"),
    "a namespace's other label, by a patch": ("kubernetes:core/v1:NamespacePatch", {"metadata": {"name": "app", "labels": {"note": "x"}}}, "?namespace-pod-security"),
    "whom pods trust, of the first version": (*whole("certificates.k8s.io/v1alpha1", "ClusterTrustBundle", {"signerName": "kubernetes.io/kube-apiserver-serving"}), "reserved-trust"),
    "a login by a request of the first version": (*whole("certificates.k8s.io/v1beta1", "CertificateSigningRequest", {"signerName": "kubernetes.io/kube-apiserver-client"}), "csr-client"),
    "a login by a request in yaml": (*in_yaml(whole("certificates.k8s.io/v1", "CertificateSigningRequest", {"signerName": "kubernetes.io/kube-apiserver-client"})[1]), "csr-client"),
    "no limits, in an older version": (*whole("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", {"priorityLevelConfiguration": {"name": "exempt"}, "rules": [{"resourceRules": [{"verbs": ["*"]}]}]}), "flow-exempt"),
    "whom nothing limits, by a patch": (*patch("flowcontrol.apiserver.k8s.io/v1", "FlowSchema", {"rules": [{"resourceRules": [{"verbs": ["*"]}]}]}, "exempt"), "?flow-exempt"),
    "a team's settings, by a patch": (*patch("networking.k8s.io/v1", "IngressClass", {"parameters": {"kind": "S", "name": "s", "namespace": "app"}}), "class-settings-of-team"),
    "a team's settings of gateways, before": (*whole("gateway.networking.k8s.io/v1beta1", "GatewayClass", {"parametersRef": {"kind": "S", "name": "s", "namespace": "app"}}), "class-settings-of-team"),
    "a team that converts, by a patch": (*patch("apiextensions.k8s.io/v1", "CustomResourceDefinition", {"conversion": {"webhook": {"clientConfig": {"service": {"namespace": "app"}}}}}), "crd-converter"),
    "somebody outside who converts, in yaml": (*in_yaml(whole("apiextensions.k8s.io/v1", "CustomResourceDefinition", {"conversion": {"webhook": {"clientConfig": {"url": "https://x"}}}})[1]), "crd-converter"),
    "every node by a class": ("kubernetes:node.k8s.io/v1beta1:RuntimeClass", {"metadata": {"name": "x"}, "handler": "runc", "scheduling": {"tolerations": [{"operator": "Exists"}]}}, "class-runtime-nodes"),
    "every node by a patch of a class": ("kubernetes:node.k8s.io/v1:RuntimeClassPatch", {"metadata": {"name": "kata"}, "scheduling": {"tolerations": [{"operator": "Exists"}]}}, "?class-runtime-nodes"),
    "a sandbox that is none, before": ("kubernetes:node.k8s.io/v1beta1:RuntimeClass", {"metadata": {"name": "kata-vm-isolation"}, "handler": "runc"}, "class-runtime-sandbox"),
    "a sandbox that is none, in yaml": (*in_yaml({"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "metadata": {"name": "kata-mshv-vm-isolation"}, "handler": "runc"}), "class-runtime-sandbox"),
    "blobs for everybody": ("kubernetes:storage.k8s.io/v1beta1:StorageClass", {"provisioner": "blob.csi.azure.com", "parameters": {"AllowBlobPublicAccess": "TRUE"}}, "storage-public-blobs"),
    "a Secret of whoever claims": (*listed({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "x"}, "provisioner": "x", "parameters": {"csi.storage.k8s.io/node-publish-secret-name": "${pvc.annotations['a/b']}", "csi.storage.k8s.io/node-publish-secret-namespace": "vault"}}), "storage-chosen-secret"),
    "a Secret of whoever takes a snapshot": ("kubernetes:snapshot.storage.k8s.io/v1beta1:VolumeSnapshotClass", {"apiVersion": "snapshot.storage.k8s.io/v1beta1", "kind": "VolumeSnapshotClass", "metadata": {"name": "x"}, "parameters": {"csi.storage.k8s.io/snapshotter-list-secret-name": "${volumesnapshot.name}"}}, "storage-chosen-secret"),
    "a slice of pods": ("kubernetes:discovery.k8s.io/v1beta1:EndpointSlice", mutate(endpoint_slice(), {"endpoints[0].addresses": ["10.244.1.2"]}), "endpoint-pods"),
    "a slice of pods in other numbers": ("kubernetes:discovery.k8s.io/v1:EndpointSlice", mutate(endpoint_slice(), {"endpoints[0].addresses": ["010.0244.1.2"]}), "endpoint-pods"),
    "a slice of pods by a patch": ("kubernetes:discovery.k8s.io/v1:EndpointSlicePatch", mutate(endpoint_slice(), {"endpoints[0].addresses": ["10.244.1.2"]}), "endpoint-pods"),
    "a slice of a Service": (*listed(mutate(endpoint_slice(), {"endpoints[0].addresses": ["10.0.0.1"]})), "endpoint-pods"),
    "a pod's login by a certificate": ("kubernetes:core/v1:Pod", mutate(pod(), {"S.volumes": [{"name": "a", "projected": {"sources": [{"podCertificate": {"signerName": "kubernetes.io/kube-apiserver-client-pod", "keyType": "ED25519"}}]}}]}), "pod-service-account-token"),
    "the cluster's own priority in a custom resource": (*operator("ScaledJob", {"jobTargetRef": {"template": {"spec": {**pod()["spec"], "priorityClassName": "system-node-critical"}}}}, "keda.sh/v1alpha1"), "pod-system-priority"),
    "a role of one's own by ARM": (*arm({"type": "Microsoft.Authorization/roleDefinitions", "name": "r", "properties": {"roleName": "r", "permissions": [{"actions": ["*"]}]}}), "azure-custom-role"),
    "a role of one's own by azapi": (AZAPI, {"type": "Microsoft.Authorization/roleDefinitions@2022-04-01", "name": "r", "body": {"properties": {"permissions": [{"actions": ["*"]}]}}}, "azure-custom-role"),
    "a certificate of any pod, in a list": (*listed({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "x"}, "rules": [{"apiGroups": ["certificates.k8s.io"], "resources": ["podcertificaterequests"], "verbs": ["create"]}]}), "rbac-token-creation"),
    "a node's login, in yaml": (*in_yaml({"apiVersion": "v1", "kind": "Secret", "type": "bootstrap.kubernetes.io/token", "metadata": {"name": "bootstrap-token-abcdef", "namespace": "kube-system"}}), "secret-token"),
    "jwt generic": (GENERIC, {"resourceProviderNamespace": "Microsoft.ContainerService", "parentResourcePath": "managedClusters/aks", "resourceType": "jwtAuthenticators", "resourceName": "x", "properties": ISSUER}, "cluster-authenticator"),
}  # fmt: skip
"""By name: a type token, properties, and the rule."""

HARMLESS: dict[str, tuple[str, dict[str, Any]]] = {
    "a class of one's own storage": ("kubernetes:storage.k8s.io/v1:StorageClass", {"provisioner": "disk.csi.azure.com", "parameters": {"skuName": "Premium_LRS"}}),
    "the size of a container that its operator makes": whole("postgresql.cnpg.io/v1", "Pooler", {"template": {"spec": {"containers": [{"name": "pgbouncer", "resources": {"limits": {"memory": "500Mi"}}}]}}}, "pooler", "app"),
    "a pod of no namespace yet": whole("argoproj.io/v1alpha1", "ClusterAnalysisTemplate", {"metrics": [{"provider": {"job": {"spec": {"template": {"spec": pod()["spec"]}}}}}]}),
    "parts of a pod that its operator makes": whole("postgresql.cnpg.io/v1", "Pooler", {"template": {"metadata": {"labels": {"app": "pooler"}}, "spec": {"containers": [], "priorityClassName": "x"}}}, "pooler", "app"),
    "a server that Knative names": ("kubernetes:serving.knative.dev/v1:Service", manifest("Service", {"template": mutate(workload("Deployment"), {"spec.template.spec.containers[0].name": DELETE})["spec"]["template"]}, "serving.knative.dev/v1")),
    "a worker that another names": ("kubernetes:example.com/v1:Batch", manifest("Batch", {"worker": {"template": {"spec": mutate(pod(), {"C.name": DELETE})["spec"]}}}, "example.com/v1")),
    "another's Node": whole("infra.example.com/v1", "Node", {}),
    "a share of the platform's": whole("v1", "PersistentVolume", {"csi": {"driver": "file.csi.azure.com", "volumeHandle": "a", "nodeStageSecretRef": {"name": "k", "namespace": "storage"}}}),
    "a random name": ("random:index/randomPet:RandomPet", {}),
    "another's Lease": whole("leases.example.com/v1", "Lease", {}, "x", "kube-system"),
    "a leader's Lease": whole("coordination.k8s.io/v1", "Lease", {}, "leader", "app"),
    "a policy of one's own": whole("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", {}, "own-secure-aks-pods"),
    "another's Config": whole("example.com/v1", "Config", {}),
    "a bundle of one's own": whole("certificates.k8s.io/v1beta1", "ClusterTrustBundle", {"trustBundle": "x"}),
    "a kubelet's request": whole("certificates.k8s.io/v1", "CertificateSigningRequest", {"signerName": "kubernetes.io/kubelet-serving"}),
    "a claim of devices": whole("resource.k8s.io/v1", "ResourceClaim", {"devices": {"requests": [{"name": "a", "exactly": {"deviceClassName": "gpu"}}]}}, "x", "app"),
    "a flow of its own": whole("flowcontrol.apiserver.k8s.io/v1", "FlowSchema", {"priorityLevelConfiguration": {"name": "workload-low"}, "rules": [{"resourceRules": [{"verbs": ["*"]}]}]}),
    "nginx's class": whole("networking.k8s.io/v1", "IngressClass", {"controller": "k8s.io/ingress-nginx"}),
    "a definition": whole("apiextensions.k8s.io/v1", "CustomResourceDefinition", {"group": "x.io", "conversion": {"strategy": "None"}}),
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
