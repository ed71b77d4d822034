"""What no rule can look into: told as such, so that a quiet preview is not taken for a clean one."""

from dataclasses import replace

from secure_aks_security.judging.resources import Resource

TYPE = "secure-aks:unseen"
"""The type token of an object that stands for what is not seen."""
TYPES = {
    "azure:containerservice/kubernetesCluster:KubernetesCluster": "the cluster's settings, in the classic provider's own words,",
    "azure:containerservice/kubernetesClusterNodePool:KubernetesClusterNodePool": (
        "the pool's settings, in the classic provider's own words,"
    ),
    "azure-native:kubernetesconfiguration:Extension": "what the extension installs into the cluster",
    "azure-native:kubernetesconfiguration:FluxConfiguration": "what its repository holds for the cluster",
}
"""What is not seen of a resource of these types, whatever it holds."""


def unseen(resource: Resource, what: str) -> Resource:
    """Return the object that stands for what is not seen of a resource."""
    return replace(
        resource, type=TYPE, kind="", properties={"what": what, "of": resource.type, "pulumiType": TYPE}
    )
