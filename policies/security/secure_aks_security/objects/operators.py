"""Clusters that an operator makes of objects in another cluster: Azure Service Operator's, in ARM's words, and those of others.

https://azure.github.io/azure-service-operator/reference/containerservice/ has the kinds and where their fields differ.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from secure_aks_security.judging.resources import Resource
from secure_aks_security.judging.values import is_unknown
from secure_aks_security.objects import aks, unseen
from secure_aks_security.objects.azure import role_id
from secure_aks_security.objects.kubernetes import read_object
from secure_aks_security.objects.spelling import respelled
from secure_aks_security.shapes import items, mapping


def read(resource: Resource) -> Iterator[Resource]:
    """Yield an object; one that an operator makes a cluster of, or something in one, as what it makes."""
    kinds = GROUPS.get(resource.group or "", {})
    kind = resource.kind.removesuffix("Template")  # Cluster API's, of which objects are made
    if kind not in kinds or resource.unread:
        yield resource
    elif is_unknown(resource.properties.get("spec")):
        yield unseen.unseen(resource, "what the operator makes of it, which is not known yet,")
    else:
        yield from kinds[kind](resource)


def _spec(resource: Resource) -> tuple[Resource, dict[str, Any]]:
    """Return the resource as one of Azure, called as it is there, and its spec."""
    spec = mapping(resource.properties.get("spec"))
    name = spec.get("azureName") or resource.object_name
    place = f"{resource.place}.spec" if resource.place else "spec"
    # A field may be filled in from a ConfigMap or by the operator's own defaults, which is no unknown: it is not said.
    return replace(resource, kind="", group=None, place=place, name=str(name)), dict(spec)


def _cluster(resource: Resource) -> Iterator[Resource]:
    here, spec = _spec(resource)
    disks = _arm_id(spec.get("diskEncryptionSetReference", spec.get("diskEncryptionSetIDReference")))
    own = {"diskEncryptionSetID": disks} if disks else {}
    yield from aks.cluster(replace(here, properties={**spec, **own, "resourceName": here.name}))


def _pool(resource: Resource) -> Iterator[Resource]:
    here, spec = _spec(resource)
    yield aks.pool(here, respelled(spec), here.name, inline=False)


def _as(token: str) -> Callable[[Resource], Iterator[Resource]]:
    def reader(resource: Resource) -> Iterator[Resource]:
        here, spec = _spec(resource)
        source = _arm_id(spec.get("sourceResourceReference"))
        own = {"sourceResourceId": source} if source else {}
        yield replace(here, type=token, properties={**respelled(spec), **own, "pulumiType": token})

    return reader


def _assignment(resource: Resource) -> Iterator[Resource]:
    here, spec = _spec(resource)
    role = mapping(spec.get("roleDefinitionReference"))
    said = {
        "roleDefinitionId": role.get("armId") or role_id(role.get("wellKnownName", "")),
        "scope": _arm_id(spec.get("owner")),
        "pulumiType": aks.ASSIGNMENT,
    }
    yield replace(here, type=aks.ASSIGNMENT, properties=said)


def _arm_id(reference: Any) -> Any:
    """Return the id that a reference holds, or what its id in Azure will look like, whatever the subscription."""
    if is_unknown(reference):
        return reference
    said: Mapping[str, Any] = mapping(reference)
    if said.get("armId") or not said.get("kind"):
        return said.get("armId", "")
    group = "/subscriptions/-/resourceGroups/-"
    return (
        group
        if said["kind"] == "ResourceGroup"
        else f"{group}/providers/-/{said['kind']}s/{said.get('name', '-')}"
    )


def _inside(resource: Resource) -> Iterator[Resource]:
    """Yield the objects of Azure Service Operator in one of Cluster API's."""
    spec = mapping(resource.properties.get("spec"))
    spec = mapping(mapping(spec.get("template")).get("spec")) or spec
    for index, item in enumerate(items(spec.get("resources"))):
        for inner in read_object(resource, item, f"spec.resources[{index}]"):
            yield from read(inner)


def _not_seen(words: str) -> Callable[[Resource], Iterator[Resource]]:
    def reader(resource: Resource) -> Iterator[Resource]:
        yield unseen.unseen(resource, words)

    return reader


_ALIEN = _not_seen("what the operator makes in Azure, in its own words,")
GROUPS: dict[str, dict[str, Callable[[Resource], Iterator[Resource]]]] = {
    "containerservice.azure.com": {
        "ManagedCluster": _cluster,
        "ManagedClustersAgentPool": _pool,
        "MaintenanceConfiguration": _as(aks.MAINTENANCE),
        "TrustedAccessRoleBinding": _as(aks.TRUSTED_ACCESS),
    },
    "authorization.azure.com": {"RoleAssignment": _assignment, "RoleDefinition": _as(aks.ROLE)},
    "kubernetesconfiguration.azure.com": {
        kind: _not_seen(words)
        for kind, words in (
            ("Extension", unseen.ARM_TYPES["microsoft.kubernetesconfiguration/extensions"]),
            ("FluxConfiguration", unseen.ARM_TYPES["microsoft.kubernetesconfiguration/fluxconfigurations"]),
        )
    },
    "infrastructure.cluster.x-k8s.io": {
        "AzureManagedControlPlane": _ALIEN,
        "AzureManagedMachinePool": _ALIEN,
        "AzureASOManagedCluster": _inside,
        "AzureASOManagedControlPlane": _inside,
        "AzureASOManagedMachinePool": _inside,
    },
    **{
        f"{group}.azure.{level}upbound.io": dict.fromkeys(kinds, _ALIEN)
        for level in ("", "m.")
        for group, kinds in {
            "authorization": (
                "PimActiveRoleAssignment",
                "PimEligibleRoleAssignment",
                "RoleAssignment",
                "RoleDefinition",
            ),
            "containerservice": (
                "KubernetesCluster",
                "KubernetesClusterExtension",
                "KubernetesClusterNodePool",
                "KubernetesFluxConfiguration",
            ),
            "resources": (
                "ResourceDeploymentScriptAzureCli",
                "ResourceDeploymentScriptAzurePowerShell",
                "ResourceGroupTemplateDeployment",
                "SubscriptionTemplateDeployment",
            ),
        }.items()
    },
}
"""How to look into the kinds of operators, by API group."""
