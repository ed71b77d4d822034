"""What no rule can look into: told as such, so that a quiet preview is not taken for a clean one."""

import re
from dataclasses import replace
from functools import lru_cache

from secure_aks_security.judging.resources import Resource

TYPE = "secure-aks:unseen"
"""The type token of an object that stands for what is not seen."""
_CLUSTER = "the cluster's settings, in another provider's own words,"
_POOL = "the pool's settings, in another provider's own words,"
_BRINGS = "what the extension installs into the cluster"
_HOLDS = "what its repository holds for the cluster"
_RUNS = "what the script does"
_COMMAND = "what the command does, to the cluster too,"
_OWN_CODE = "what the program's own provider does, to the cluster too,"
ARM_TYPES = {
    "microsoft.kubernetesconfiguration/extensions": _BRINGS,
    "microsoft.kubernetesconfiguration/fluxconfigurations": _HOLDS,
    "microsoft.kubernetesconfiguration/sourcecontrolconfigurations": _HOLDS,
    "microsoft.resources/deploymentscripts": _RUNS,
}
"""What is not seen of a resource of ARM, by its type in lower case."""
TYPES = {
    "azure-native:kubernetesconfiguration:Extension": _BRINGS,
    "azure-native:kubernetesconfiguration:FluxConfiguration": _HOLDS,
    "azure-native:kubernetesconfiguration:SourceControlConfiguration": _HOLDS,
    "azure-native:resources:AzureCliScript": _RUNS,
    "azure-native:resources:AzurePowerShellScript": _RUNS,
    "command:local:Command": _COMMAND,
    "command:remote:Command": _COMMAND,
    "command:remote:CopyFile": _COMMAND,
    "command:remote:CopyToRemote": _COMMAND,
    # The classic provider, and azurerm itself as `pulumi package add terraform-provider` brings it.
    "azure:containerservice/kubernetesCluster:KubernetesCluster": _CLUSTER,
    "azure:containerservice/kubernetesClusterNodePool:KubernetesClusterNodePool": _POOL,
    "azure:containerservice/kubernetesClusterExtension:KubernetesClusterExtension": _BRINGS,
    "azure:containerservice/fluxConfiguration:FluxConfiguration": _HOLDS,
    "azure:containerservice/clusterTrustedAccessRoleBinding:ClusterTrustedAccessRoleBinding": (
        "whom the binding lets into the cluster"
    ),
    "azure:core/resourceDeploymentScriptAzureCli:ResourceDeploymentScriptAzureCli": _RUNS,
    "azure:core/resourceDeploymentScriptPowerShell:ResourceDeploymentScriptPowerShell": _RUNS,
    "azurerm:index/kubernetesCluster:KubernetesCluster": _CLUSTER,
    "azurerm:index/kubernetesClusterNodePool:KubernetesClusterNodePool": _POOL,
    "azurerm:index/kubernetesClusterExtension:KubernetesClusterExtension": _BRINGS,
    "azurerm:index/kubernetesFluxConfiguration:KubernetesFluxConfiguration": _HOLDS,
    "azurerm:index/kubernetesClusterTrustedAccessRoleBinding:KubernetesClusterTrustedAccessRoleBinding": (
        "whom the binding lets into the cluster"
    ),
    "azurerm:index/resourceDeploymentScriptAzureCli:ResourceDeploymentScriptAzureCli": _RUNS,
    "azurerm:index/resourceDeploymentScriptAzurePowerShell:ResourceDeploymentScriptAzurePowerShell": _RUNS,
}
"""What is not seen of a resource of these types, whatever it holds."""
_INTO_CLUSTERS = "ansible|argocd|flux|helm|helmfile|k8sconnect|kubectl|kubernetes|kustomization|null|rancher2|restapi|shell"
# Providers as `pulumi package add terraform-provider` brings them, and what `pulumi package add terraform-module` finds in a module.
_BRIDGED = re.compile(
    rf"^({_INTO_CLUSTERS}):index/|^[^:]+:tf:(({_INTO_CLUSTERS})_|terraform_data$"
    r"|azurerm_(kubernetes_|role_|pim_|resource_deployment_script_|[a-z_]+_template_deployment$))"
)
# Dynamic providers may name a module and a type of their own.
_DYNAMIC = re.compile(r"^pulumi-(nodejs|python):dynamic[:/]")


@lru_cache(maxsize=1024)
def never_seen(token: str) -> str:
    """Return what is not seen of a resource of a type; "" for one that is looked into, or that no rule is about."""
    if token in TYPES:
        return TYPES[token]
    if _DYNAMIC.match(token):
        return _OWN_CODE
    return "what the resource of a Terraform provider puts into the cluster" if _BRIDGED.match(token) else ""


def unseen(resource: Resource, what: str) -> Resource:
    """Return the object that stands for what is not seen of a resource."""
    return replace(
        resource, type=TYPE, kind="", properties={"what": what, "of": resource.type, "pulumiType": TYPE}
    )
