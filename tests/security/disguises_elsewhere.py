"""What other providers, modules of Terraform, operators and ARM's extensions make in Azure or put into a cluster.

As `disguises`: a type token, properties, and the rule that must find it or say it is unseen.
"""

from typing import Any

from secure_aks_security.judging.values import UNKNOWN

from tests.security.disguises import (
    ASSIGNMENT,
    AZAPI,
    BAD_POOL,
    CONTRIBUTOR,
    DEPLOYMENT,
    GENERIC,
    OWNER,
    PRIVILEGED,
    PUBLIC,
    C,
    arm,
    operator,
    template,
)

ACTION = "azapi:index/resourceAction:ResourceAction"
AKS_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks"
DEPLOYMENTS = "Microsoft.Resources/deployments@2024-03-01"
STORAGE_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a"
EVERYTHING = {"roleName": "r", "permissions": [{"actions": ["*"]}]}
LITTLE = {"roleName": "r", "permissions": [{"actions": ["Microsoft.Compute/disks/read"]}]}
OWNS = {"scope": "/subscriptions/s", "roleDefinitionId": f"/providers/{OWNER}", "principalId": "p"}
READS = {**OWNS, "roleDefinitionId": "/providers/acdd72a7-3385-48ef-bd42-f606fba81ae7"}
INNER = {"type": "Microsoft.Resources/deployments", "name": "inner"}
KUBERNETES = {"import": "k", "type": "core/Pod@v1", "properties": {"spec": PRIVILEGED["spec"]}}

ELSEWHERE: dict[str, tuple[str, dict[str, Any], str]] = {
    "a role by an action": (ACTION, {"type": "Microsoft.Authorization/roleAssignments@2022-04-01", "method": "PUT", "body": {"properties": ASSIGNMENT["properties"]}}, "unseen-objects"),
    "a deployment by an action": (ACTION, {"type": DEPLOYMENTS, "method": "PUT", "body": template(BAD_POOL)}, "unseen-objects"),
    "an extension by an action": (ACTION, {"type": "Microsoft.KubernetesConfiguration/extensions@2023-05-01", "method": "PUT"}, "unseen-objects"),
    "a command, by the cluster's id alone": (ACTION, {"type": "Microsoft.Resources/resources@2021-04-01", "action": "runCommand", "resourceId": AKS_ID}, "unseen-objects"),
    "an action of a type that nobody knows yet": (ACTION, {"type": UNKNOWN, "action": "runCommand"}, "unseen-objects"),
    "a role whose body nobody knows yet": (AZAPI, {"type": "Microsoft.Authorization/roleAssignments@2022-04-01", "body": UNKNOWN}, "unseen-objects"),
    "a deployment whose body nobody knows yet": (AZAPI, {"type": DEPLOYMENTS, "body": UNKNOWN}, "unseen-objects"),
    "an extension whose body nobody knows yet": (AZAPI, {"type": "Microsoft.KubernetesConfiguration/extensions@2023-05-01", "body": UNKNOWN}, "unseen-objects"),
    "a deployment that nobody knows yet": (DEPLOYMENT, {"properties": UNKNOWN}, "unseen-objects"),
    "a deployment by azapi that nobody knows yet": (AZAPI, {"type": DEPLOYMENTS, "body": {"properties": UNKNOWN}}, "unseen-objects"),
    "a generic deployment that nobody knows yet": (GENERIC, {"resourceProviderNamespace": "Microsoft.Resources", "resourceType": "deployments", "properties": UNKNOWN}, "unseen-objects"),
    "a managed namespace that nobody knows yet": ("azure-native:containerservice:ManagedNamespace", {"managedNamespaceName": "shop", "properties": UNKNOWN}, "?namespace-pod-security"),
    "a fleet's namespace that nobody knows yet": ("azure-native:containerservice:FleetManagedNamespace", {"managedNamespaceName": "shop", "properties": {"managedNamespaceProperties": UNKNOWN}}, "?namespace-pod-security"),
    "a cluster of an operator that nobody knows yet": ("kubernetes:containerservice.azure.com/v1api20240901:ManagedCluster", {"spec": UNKNOWN}, "unseen-objects"),
    "a deployment in one, by a variable": (*arm({**INNER, "properties": "[variables('p')]"}, template={"variables": {"p": template(BAD_POOL)["properties"]}}), "pool-public-ip"),
    "a deployment in one, by a function": (*arm({**INNER, "properties": "[reference('x')]"}), "unseen-objects"),
    "a stack with its properties in one": ("azure-native:resources:DeploymentStackAtResourceGroup", template(BAD_POOL), "pool-public-ip"),
    "Bicep's extension for Kubernetes": (*arm(KUBERNETES, template={"imports": {"k": {"provider": "Kubernetes"}}}), "unseen-objects"),
    "Bicep's extension for Kubernetes, by its newer name": (*arm({"extension": "k", "type": "apps/Deployment@v1", "properties": {}}, template={"extensions": {"k": {"name": "Kubernetes"}}}), "unseen-objects"),
    "Flux, as it was first": ("azure-native:kubernetesconfiguration/v20220301:SourceControlConfiguration", {"repositoryUrl": "https://x"}, "unseen-objects"),
    "Flux, as it was first, by ARM": (*arm({"type": "Microsoft.KubernetesConfiguration/sourceControlConfigurations", "name": "x"}), "unseen-objects"),
    "a role of one's own, of the classic provider": ("azure:authorization/roleDefinition:RoleDefinition", EVERYTHING, "azure-custom-role"),
    "a role of one's own, by its older name": ("azure:role/definition:Definition", EVERYTHING, "azure-custom-role"),
    "a role of one's own, of azurerm": ("azurerm:index/roleDefinition:RoleDefinition", EVERYTHING, "azure-custom-role"),
    "a role of one's own, of an operator": (*operator("RoleDefinition", EVERYTHING, "authorization.azure.com/v1api20220401"), "azure-custom-role"),
    "a role of one's own, in capitals": (*arm({"TYPE": "MICROSOFT.AUTHORIZATION/ROLEDEFINITIONS", "NAME": "r", "PROPERTIES": {"PERMISSIONS": [{"ACTIONS": ["*"]}]}}), "azure-custom-role"),
    "data of one's own role, in small letters": (*arm({"type": "Microsoft.Authorization/roleDefinitions", "name": "r", "properties": {"permissions": [{"dataactions": ["Microsoft.ContainerService/managedClusters/*"]}]}}), "azure-custom-role"),
    "a vault, in capitals": (*arm({"TYPE": "MICROSOFT.DATAPROTECTION/BACKUPVAULTS", "PROPERTIES": {"SECURITYSETTINGS": {"SOFTDELETESETTINGS": {"STATE": "Off"}}}}), "cluster-backup-soft-delete"),
    "who may become Owner": ("azure-native:authorization:PimRoleEligibilitySchedule", OWNS, "azure-wide-role"),
    "who may become Owner, by ARM": (*arm({**ASSIGNMENT, "type": "Microsoft.Authorization/roleEligibilityScheduleRequests"}), "azure-wide-role"),
    "Owner from now on, by azapi": (AZAPI, {"type": "Microsoft.Authorization/roleAssignmentScheduleRequests@2022-04-01", "parentId": "/subscriptions/s", "body": {"properties": ASSIGNMENT["properties"]}}, "azure-wide-role"),
    "Owner from now on, of the classic provider": ("azure:pim/activeRoleAssignment:ActiveRoleAssignment", OWNS, "azure-wide-role"),
    "who may become Owner, of the classic provider": ("azure:pim/eligibleRoleAssignment:EligibleRoleAssignment", OWNS, "azure-wide-role"),
    "Owner from now on, of azurerm": ("azurerm:index/pimActiveRoleAssignment:PimActiveRoleAssignment", OWNS, "azure-wide-role"),
    "who may become Owner, of azurerm": ("azurerm:index/pimEligibleRoleAssignment:PimEligibleRoleAssignment", OWNS, "azure-wide-role"),
    "every cluster of a fleet, of the classic provider": ("azure:authorization/assignment:Assignment", {"scope": "/subscriptions/s", "roleDefinitionName": "Azure Kubernetes Fleet Manager RBAC Cluster Admin for Member Clusters", "principalId": "p"}, "azure-cluster-role"),
    "a provider of the program's own, by a name": ("pulumi-python:dynamic/shop:Cluster", {}, "unseen-objects"),
    "a provider of a program's own in Node.js, by a name": ("pulumi-nodejs:dynamic/shop:Resource", {}, "unseen-objects"),
    "a pool in a module of Terraform": ("aks:tf:azapi_resource", {"type": f"{C}/agentPools@2025-05-01", "name": "one", "body": {"properties": PUBLIC}}, "pool-public-ip"),
    "a role in a module of Terraform": ("aks:tf:azapi_resource", {"type": "Microsoft.Authorization/roleAssignments@2022-04-01", "parent_id": "/subscriptions/s", "body": {"properties": {"roleDefinitionId": CONTRIBUTOR}}}, "azure-wide-role"),
    "a cluster's update in a module of Terraform": ("aks:tf:azapi_update_resource", {"type": f"{C}@2025-05-01", "body": {"properties": {"disableLocalAccounts": False}}}, "cluster-local-accounts"),
    "an action in a module of Terraform": ("aks:tf:azapi_resource_action", {"type": f"{C}@2025-05-01", "action": "runCommand"}, "unseen-objects"),
    **{f"{token} in a module of Terraform": (f"m:tf:{token}", {}, "unseen-objects") for token in ("azurerm_kubernetes_cluster", "azurerm_kubernetes_cluster_extension", "azurerm_resource_group_template_deployment", "azurerm_role_assignment", "azurerm_pim_active_role_assignment", "azurerm_resource_deployment_script_azure_cli", "helm_release", "kubectl_manifest", "kubernetes_pod_v1", "null_resource", "terraform_data")},
    **{f"{token}, of Terraform": (token, {}, "unseen-objects") for token in ("ansible:index/playbook:Playbook", "azurerm:index/resourceDeploymentScriptAzureCli:ResourceDeploymentScriptAzureCli", "helmfile:index/releaseSet:ReleaseSet", "kustomization:index/resource:Resource", "restapi:index/object:Object", "shell:index/script:Script")},
    **{f"Crossplane's {kind}": (*operator(kind, {"forProvider": {}}, f"{group}.azure.{level}upbound.io/v1beta1"), "unseen-objects") for level, group, kind in (("", "authorization", "RoleAssignment"), ("m.", "authorization", "PimActiveRoleAssignment"), ("m.", "containerservice", "KubernetesCluster"), ("", "containerservice", "KubernetesClusterExtension"), ("", "resources", "ResourceGroupTemplateDeployment"))},
}  # fmt: skip
"""By name."""

HARMLESS_ELSEWHERE: dict[str, tuple[str, dict[str, Any]]] = {
    "the keys of a storage account": (ACTION, {"type": "Microsoft.Storage/storageAccounts@2024-01-01", "action": "listKeys", "resourceId": STORAGE_ID}),
    "a storage account whose body nobody knows yet": (AZAPI, {"type": "Microsoft.Storage/storageAccounts@2024-01-01", "body": UNKNOWN}),
    "a storage account in a module of Terraform": ("m:tf:azapi_resource", {"type": "Microsoft.Storage/storageAccounts@2024-01-01", "body": {"properties": PUBLIC}}),
    "a resource group in a module of Terraform": ("m:tf:azurerm_resource_group", {}),
    "a module of Terraform": ("m:index:Module", {}),
    "a group in Entra, by Bicep's extension": arm({"extension": "graph", "type": "Microsoft.Graph/groups@v1.0", "properties": {}}),
    "a deployment of nothing in one, by a variable": arm({**INNER, "properties": "[variables('p')]"}, template={"variables": {"p": template()["properties"]}}),
    "a role of little, of the classic provider": ("azure:authorization/roleDefinition:RoleDefinition", LITTLE),
    "a role of little, of azurerm": ("azurerm:index/roleDefinition:RoleDefinition", LITTLE),
    "a role of little, of an operator": operator("RoleDefinition", LITTLE, "authorization.azure.com/v1api20220401"),
    "who may become a Reader": ("azure-native:authorization:PimRoleEligibilitySchedule", READS),
    "a Reader from now on, of the classic provider": ("azure:pim/activeRoleAssignment:ActiveRoleAssignment", READS),
    "Crossplane's storage": operator("Account", {"forProvider": {}}, "storage.azure.upbound.io/v1beta1"),
    "a package called as a provider": ("shells:index/script:Script", {}),
}  # fmt: skip
"""What is only like them."""
