"""What no rule can look into: told as such, so that a quiet preview is not taken for a clean one."""

import re
from dataclasses import replace

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
    "microsoft.resources/deploymentscripts": _RUNS,
}
"""What is not seen of a resource of ARM, by its type in lower case."""
TYPES = {
    "azure-native:kubernetesconfiguration:Extension": _BRINGS,
    "azure-native:kubernetesconfiguration:FluxConfiguration": _HOLDS,
    "azure-native:resources:AzureCliScript": _RUNS,
    "azure-native:resources:AzurePowerShellScript": _RUNS,
    "command:local:Command": _COMMAND,
    "command:remote:Command": _COMMAND,
    "command:remote:CopyFile": _COMMAND,
    "command:remote:CopyToRemote": _COMMAND,
    "pulumi-nodejs:dynamic:Resource": _OWN_CODE,
    "pulumi-python:dynamic:Resource": _OWN_CODE,
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
}
"""What is not seen of a resource of these types, whatever it holds."""
_BRIDGED = re.compile(r"^(argocd|flux|helm|kubectl|kubernetes|null|rancher2):index/")


def never_seen(token: str) -> str:
    """Return what is not seen of a resource of a type; "" for one that is looked into, or that no rule is about."""
    if token in TYPES:
        return TYPES[token]
    return "what the resource of a Terraform provider puts into the cluster" if _BRIDGED.match(token) else ""


def unseen(resource: Resource, what: str) -> Resource:
    """Return the object that stands for what is not seen of a resource."""
    return replace(
        resource, type=TYPE, kind="", properties={"what": what, "of": resource.type, "pulumiType": TYPE}
    )
