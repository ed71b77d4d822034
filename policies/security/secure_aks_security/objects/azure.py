"""Clusters and what belongs to them, whatever says them: azure-native, its generic resource, azapi, or an ARM template."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from secure_aks_security.judging.resources import Resource
from secure_aks_security.judging.values import UNKNOWN, is_unknown
from secure_aks_security.objects import aks, arm
from secure_aks_security.objects.arm import Found, in_template
from secure_aks_security.objects.arm_values import lower, parsed
from secure_aks_security.objects.unseen import unseen
from secure_aks_security.shapes import items, mapping

_ROLES = {
    "owner": "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    "contributor": "b24988ac-6180-42a0-ab88-20f7382dd24c",
    "user access administrator": "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
    "role based access control administrator": "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
    "azure kubernetes service rbac cluster admin": "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
    "azure kubernetes service cluster admin role": "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8",
    "azure kubernetes service rbac admin": "3498e952-d568-435e-9b2c-8d77e338d7f7",
    "azure kubernetes service rbac writer": "a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb",
    "azure kubernetes fleet manager rbac admin": "434fb43a-c01c-447e-9f67-c3ad923cfaba",
    "azure kubernetes fleet manager rbac admin for member clusters": "d1f699ed-700a-4c77-a22f-29890ac7b115",
    "azure kubernetes fleet manager rbac cluster admin": "18ab4d3d-a1bf-4477-8ad9-8359bc988f69",
    "azure kubernetes fleet manager rbac cluster admin for member clusters": "79a36d98-eb96-4a76-ae1d-481dc98d2c23",
    "azure kubernetes fleet manager rbac writer": "5af6afb3-c06c-4fa4-8848-71a8aee05683",
    "azure kubernetes fleet manager rbac writer for member clusters": "50346970-0998-40f2-b47d-f3b8809840f8",
}


def role_id(name: Any) -> Any:
    """Return the id of a built-in role that rules are about, by the name that other providers take; another name as it is."""
    return _ROLES.get(name.strip().lower(), name) if isinstance(name, str) else name


def _template(resource: Resource) -> Iterator[Resource]:
    """Yield what an ARM deployment holds of AKS."""
    yield replace(resource, properties={**resource.properties, "pulumiType": resource.type})
    yield from _in(resource, resource.properties.get("properties"), "properties")


def _deployment_stack(resource: Resource) -> Iterator[Resource]:
    """Yield what a deployment stack holds of AKS: a template that stands in the stack itself, or in its properties."""
    inner = "properties" in resource.properties and "template" not in resource.properties
    yield from (_template(resource) if inner else _in(resource, resource.properties, ""))


def _in(resource: Resource, holder: Any, place: str) -> Iterator[Resource]:
    if is_unknown(holder):
        yield unseen(resource, "what the deployment holds, which is not known yet,")
        return
    for found in in_template(mapping(holder), place):
        yield from aks.of_found(resource, found)


def _classic_template(resource: Resource) -> Iterator[Resource]:
    """Yield what a deployment of the classic provider holds of AKS: template and parameters are texts."""
    said = resource.properties
    holder = {
        "template": parsed(said.get("templateContent", said.get("templateBody"))),
        "parameters": said.get("parametersContent", said.get("parametersBody", {})),
    }
    if holder["template"] is None:
        yield unseen(resource, "what the template spec it names holds")
    elif not isinstance(holder["template"], dict):
        yield unseen(resource, "templateContent, which is not JSON yet,")
    else:
        if "parameters" in said:  # of the oldest form: names and texts
            holder["parametersLink"] = UNKNOWN
        yield from _in(resource, holder, "")


def _generic(resource: Resource) -> Iterator[Resource]:
    """Yield the cluster or pool that azure-native's generic resource is, if it is one.

    Its parts are those of a path, of types and names in turns, and where one ends and the next begins is nobody's business.
    """
    said = resource.properties
    keys = ("resourceProviderNamespace", "parentResourcePath", "resourceType")
    parts = [said[key] for key in keys if said.get(key)]
    if any(is_unknown(part) for part in parts):
        yield unseen(resource, "what it is, whose type is not known yet,")
        return
    name = str(said.get("resourceName", resource.name))
    steps = [step for part in parts for step in str(part).strip("/").split("/")]
    # resourceType may be managedClusters/agentPools, as the type has it, with the names in resourceName.
    kinds = {"/".join(steps).lower()}
    *under, own = "/".join([*steps, name]).lower().split("/providers/")
    provider, *path = own.split("/")
    kinds.add("/".join([provider, *path[::2]]))
    scope = "/".join(["/subscriptions/-/resourceGroups/-", *(f"providers/{one}" for one in under)])
    for kind in sorted(kinds):
        yield from _one(resource, kind, name, {**said, "scope": scope})


def _azapi(resource: Resource) -> Iterator[Resource]:
    """Yield the cluster or pool that an azapi resource is, if it is one; an update is a patch."""
    said = resource.properties
    kind = str(said.get("type", "")).partition("@")[0].lower()
    if resource.type.endswith(":ResourceAction"):
        # Of an action on any resource the type may be that of something else, its id says what it is.
        where = str(said.get("resourceId", "")).lower()
        if is_unknown(kind) or arm.is_about(kind) or f"/{arm.CLUSTER}/" in where:
            yield unseen(resource, "what the action does")
        return
    body = parsed(said.get("body", {}))
    if isinstance(body, str) and not is_unknown(body):
        yield unseen(resource, "the body, which is not JSON,")
        return
    if not isinstance(body, dict):
        if arm.is_about(kind) or is_unknown(kind):
            yield unseen(resource, "the body, which is not known yet,")
        return
    identity: Any = said.get("identity") or said.get("identities")
    outer: dict[str, Any] = {"scope": said.get("parentId", said.get("parent_id", ""))}
    if identity:
        outer["identity"] = items(identity)[0] if items(identity) else identity
    patch = resource.type.endswith(":UpdateResource")
    whole = _merged(lower(mapping(cast("object", body))), lower(mapping(parsed(said.get("sensitiveBody")))))
    yield from _one(replace(resource, patch=patch), kind, str(said.get("name", "")), {**outer, **whole})


def _merged(body: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Return a body with what is kept out of the state laid over it, as azapi sends it."""
    return {
        **body,
        **{
            key: _merged(mapping(body[key]), mapping(cast("object", value)))
            if isinstance(value, dict) and isinstance(body.get(key), dict)
            else value
            for key, value in more.items()
        },
    }


def _one(resource: Resource, kind: str, name: str, body: dict[str, Any]) -> Iterator[Resource]:
    if is_unknown(kind):
        yield unseen(resource, "what it is, whose type is not known yet,")
    elif kind in arm.DEPLOYMENTS:
        yield from _in(resource, lower(body).get("properties"), "properties")
    else:
        for found in arm.of_type(kind, name or resource.name, lambda: body, ""):
            yield from aks.of_found(resource, found)


def _assignment(resource: Resource) -> Iterator[Resource]:
    """Yield a role assignment of the classic provider, which names the role."""
    said = resource.properties
    role = said.get("roleDefinitionId") or role_id(said.get("roleDefinitionName", ""))
    yield from aks.of_found(
        resource, Found(arm.ASSIGNMENT, resource.name, {"properties": {**said, "roleDefinitionId": role}}, "")
    )


OF_MODULES = {
    "azapi_resource": "azapi:index/resource:Resource",
    "azapi_update_resource": "azapi:index/updateResource:UpdateResource",
    "azapi_resource_action": "azapi:index/resourceAction:ResourceAction",
}
"""What azapi's types in a module of Terraform are called outside of one."""


def _role(resource: Resource) -> Iterator[Resource]:
    """Yield a role of one's own, of the classic provider."""
    yield replace(resource, type=aks.ROLE, properties={**resource.properties, "pulumiType": aks.ROLE})


READERS: dict[str, Callable[[Resource], Iterator[Resource]]] = {
    aks.CLUSTER: aks.cluster,
    aks.POOL: aks.agent_pool,
    "azure-native:containerservice:ManagedNamespace": aks.managed_namespace,
    "azure-native:containerservice:FleetManagedNamespace": aks.managed_namespace,
    "azure-native:containerservice:Namespace": aks.managed_namespace,
    "azure-native:resources:Resource": _generic,
    **dict.fromkeys(
        (
            "azure-native:resources:Deployment",
            "azure-native:resources:DeploymentAtScope",
            "azure-native:resources:DeploymentAtSubscriptionScope",
            "azure-native:resources:DeploymentAtManagementGroupScope",
            "azure-native:resources:DeploymentAtTenantScope",
        ),
        _template,
    ),
    **dict.fromkeys(
        (
            "azure-native:resources:DeploymentStackAtResourceGroup",
            "azure-native:resources:DeploymentStackAtSubscription",
            "azure-native:resources:DeploymentStackAtManagementGroup",
        ),
        _deployment_stack,
    ),
    **dict.fromkeys(
        (
            "azure:core/resourceGroupTemplateDeployment:ResourceGroupTemplateDeployment",
            "azure:core/subscriptionTemplateDeployment:SubscriptionTemplateDeployment",
            "azure:core/templateDeployment:TemplateDeployment",
            "azure:core/tenantTemplateDeployment:TenantTemplateDeployment",
            "azure:management/groupTemplateDeployment:GroupTemplateDeployment",
            "azurerm:index/managementGroupTemplateDeployment:ManagementGroupTemplateDeployment",
            "azurerm:index/resourceGroupTemplateDeployment:ResourceGroupTemplateDeployment",
            "azurerm:index/subscriptionTemplateDeployment:SubscriptionTemplateDeployment",
            "azurerm:index/tenantTemplateDeployment:TenantTemplateDeployment",
        ),
        _classic_template,
    ),
    **dict.fromkeys(
        (
            "azure:authorization/assignment:Assignment",
            "azure:role/assignment:Assignment",
            "azure:pim/activeRoleAssignment:ActiveRoleAssignment",
            "azure:pim/eligibleRoleAssignment:EligibleRoleAssignment",
            "azurerm:index/pimActiveRoleAssignment:PimActiveRoleAssignment",
            "azurerm:index/pimEligibleRoleAssignment:PimEligibleRoleAssignment",
            "azurerm:index/roleAssignment:RoleAssignment",
            "azure-native:authorization:PimRoleEligibilitySchedule",
        ),
        _assignment,
    ),
    **dict.fromkeys(
        (
            "azure:authorization/roleDefinition:RoleDefinition",
            "azure:role/definition:Definition",
            "azurerm:index/roleDefinition:RoleDefinition",
        ),
        _role,
    ),
    **dict.fromkeys(OF_MODULES.values(), _azapi),
}
"""How to look into Azure resources, by type token without its version."""
