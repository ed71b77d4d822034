"""Clusters and node pools, whatever says them: azure-native, its generic resource, azapi, or an ARM template."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, cast

from secure_aks_security.judging.resources import Resource
from secure_aks_security.judging.values import is_unknown
from secure_aks_security.objects import arm
from secure_aks_security.objects.arm import Found, in_template
from secure_aks_security.objects.ranges import open_ranges
from secure_aks_security.objects.spelling import respelled
from secure_aks_security.objects.unseen import unseen
from secure_aks_security.shapes import items, mapping

CLUSTER = "azure-native:containerservice:ManagedCluster"
POOL = "azure-native:containerservice:AgentPool"
_CLUSTER_TYPE = arm.CLUSTER
_AUTHENTICATOR = "azure-native:containerservice:JWTAuthenticator"
_NAMESPACE_TYPE = f"{_CLUSTER_TYPE}/managednamespaces"
_TOKENS = {
    _CLUSTER_TYPE: CLUSTER,
    f"{_CLUSTER_TYPE}/agentpools": POOL,
    f"{_CLUSTER_TYPE}/maintenanceconfigurations": "azure-native:containerservice:MaintenanceConfiguration",
    f"{_CLUSTER_TYPE}/trustedaccessrolebindings": "azure-native:containerservice:TrustedAccessRoleBinding",
    f"{_CLUSTER_TYPE}/jwtauthenticators": _AUTHENTICATOR,
    _NAMESPACE_TYPE: "azure-native:containerservice:ManagedNamespace",
}
_AKS = "microsoft.containerservice/"


def _cluster(resource: Resource) -> Iterator[Resource]:
    """Yield a cluster, then each of its inline pools."""
    properties = respelled(resource.properties)
    yield replace(
        resource,
        type=CLUSTER,
        properties={**properties, "pulumiType": CLUSTER, "openRanges": _open_ranges(properties)},
    )
    pools: Any = properties.get("agentPoolProfiles")
    place = f"{resource.place}.agentPoolProfiles" if resource.place else "agentPoolProfiles"
    if pools is not None and not isinstance(pools, list):
        yield replace(resource, type=POOL, unread=_unread(pools, place, "a list"))
        return
    for index, pool in enumerate(items(cast("object", pools))):
        where = f"{place}[{index}]"
        if isinstance(pool, dict):
            own = mapping(cast("object", pool))
            yield _pool(replace(resource, place=where), own, own.get("name", ""), inline=True)
        else:
            yield replace(resource, type=POOL, unread=_unread(pool, where, "an object"))


def _open_ranges(properties: dict[str, Any]) -> list[str]:
    ranges: Any = mapping(properties.get("apiServerAccessProfile")).get("authorizedIPRanges")
    return open_ranges([ranges] if is_unknown(ranges) else items(ranges))


def _unread(value: Any, place: str, wanted: str) -> str:
    return value if is_unknown(value) else f"{place} is not {wanted}"


def _agent_pool(resource: Resource) -> Iterator[Resource]:
    properties = respelled(resource.properties)
    yield _pool(resource, properties, properties.get("agentPoolName", ""), inline=False)


def _pool(resource: Resource, properties: Any, name: Any, *, inline: bool) -> Resource:
    count = f"{resource.place}.count" if resource.place else "count"
    own = {"pulumiType": POOL, "poolName": name, "inline": inline, "countIgnored": count in resource.ignored}
    return replace(resource, type=POOL, properties={**properties, **own})


def _template(resource: Resource) -> Iterator[Resource]:
    """Yield what an ARM deployment holds of AKS."""
    yield replace(resource, properties={**resource.properties, "pulumiType": resource.type})
    properties = mapping(resource.properties.get("properties"))
    for found in in_template(properties, "properties"):
        yield from _found(resource, found)


def _deployment_stack(resource: Resource) -> Iterator[Resource]:
    """Yield what a deployment stack holds of AKS: a template that stands in the stack itself."""
    for found in in_template(resource.properties, ""):
        yield from _found(resource, found)


def _managed_namespace(resource: Resource) -> Iterator[Resource]:
    """Yield the Namespace that AKS makes of a managed one: with its labels, and the quota and network it says."""
    said = resource.properties
    name: Any = said.get("managedNamespaceName", resource.name)
    labels: Any = mapping(said.get("properties")).get("labels", {})
    metadata = {"name": name, "labels": labels}
    yield replace(
        resource,
        kind="Namespace",
        group="",
        properties={"apiVersion": "v1", "kind": "Namespace", "metadata": metadata},
    )


def _classic_template(resource: Resource) -> Iterator[Resource]:
    """Yield what a deployment of the classic provider holds of AKS: its template is a text."""
    content = resource.properties.get("templateContent")
    try:
        template: Any = json.loads(content) if isinstance(content, str) else content
    except ValueError:
        yield unseen(resource, "templateContent, which is not JSON yet,")
        return
    for found in in_template({"template": template}, ""):
        yield from _found(resource, found)


def _found(resource: Resource, found: Found) -> Iterator[Resource]:
    """Yield the cluster or pool that was found."""
    if found.unseen:
        yield unseen(resource, found.unseen)
        return
    body = mapping(respelled({"body": found.body}).get("body"))
    inner: Any = body.get("properties", {})
    here = replace(resource, place=f"{found.place}.properties" if found.place else "properties")
    kind = _TOKENS[found.type]
    if not isinstance(inner, dict):
        yield replace(here, type=kind, unread=_unread(inner, here.place, "an object"))
        return
    name = found.name if is_unknown(found.name) else found.name.rpartition("/")[2]
    if found.type == _CLUSTER_TYPE:
        outer = {key: body[key] for key in ("sku", "identity") if key in body}
        yield from _cluster(replace(here, properties={**outer, **inner, "resourceName": name}))
    elif found.type == _NAMESPACE_TYPE:
        yield from _managed_namespace(
            replace(here, properties={"managedNamespaceName": name, "properties": inner})
        )
    elif kind == _AUTHENTICATOR:  # which azure-native has as ARM has it
        said: dict[str, Any] = {"jwtAuthenticatorName": name, "properties": inner, "pulumiType": kind}
        yield replace(here, type=kind, place=found.place, properties=said)
    elif kind == POOL:
        yield _pool(here, inner, name, inline=False)
    else:
        yield replace(here, type=kind, name=name, properties={**inner, "pulumiType": kind})


def _generic(resource: Resource) -> Iterator[Resource]:
    """Yield the cluster or pool that azure-native's generic resource is, if it is one."""
    said = resource.properties
    parts = [said.get("resourceProviderNamespace"), said.get("parentResourcePath"), said.get("resourceType")]
    words = [str(part).strip("/") for part in parts if part]
    if any(is_unknown(part) for part in parts):
        yield unseen(resource, "what it is, whose type is not known yet,")
        return
    # The path of a parent is types and names in turns.
    path = "/".join(words[1:-1]).split("/")
    kind = "/".join([words[0], *path[::2], words[-1]] if len(words) > 2 else words).lower()  # noqa: PLR2004
    yield from _one(resource, kind, str(said.get("resourceName", "")), dict(said))


def _azapi(resource: Resource) -> Iterator[Resource]:
    """Yield the cluster or pool that an azapi resource is, if it is one; an update is a patch."""
    said = resource.properties
    kind = str(said.get("type", "")).partition("@")[0].lower()
    body: Any = said.get("body", {})
    if isinstance(body, str) and not is_unknown(body):
        try:
            body = json.loads(body)
        except ValueError:
            yield unseen(resource, "the body, which is not JSON,")
            return
    if not isinstance(body, dict):
        if kind.startswith(_AKS) or is_unknown(kind):
            yield unseen(resource, "the body, which is not known yet,")
        return
    identity: Any = said.get("identity") or said.get("identities")
    outer = {"identity": items(identity)[0] if items(identity) else identity} if identity else {}
    patch = resource.type.endswith(":UpdateResource")
    if resource.type.endswith(":ResourceAction") and kind.startswith(_AKS):
        yield unseen(resource, "what the action does")
        return
    yield from _one(replace(resource, patch=patch), kind, str(said.get("name", "")), {**outer, **body})


def _one(resource: Resource, kind: str, name: str, body: dict[str, Any]) -> Iterator[Resource]:
    if is_unknown(kind):
        yield unseen(resource, "what it is, whose type is not known yet,")
    elif kind in _TOKENS:
        yield from _found(resource, Found(kind, name or resource.name, body, ""))


READERS: dict[str, Callable[[Resource], Iterator[Resource]]] = {
    CLUSTER: _cluster,
    POOL: _agent_pool,
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
    "azure-native:containerservice:ManagedNamespace": _managed_namespace,
    **dict.fromkeys(
        (
            "azure:core/resourceGroupTemplateDeployment:ResourceGroupTemplateDeployment",
            "azure:core/subscriptionTemplateDeployment:SubscriptionTemplateDeployment",
            "azure:management/groupTemplateDeployment:GroupTemplateDeployment",
            "azure:core/tenantTemplateDeployment:TenantTemplateDeployment",
        ),
        _classic_template,
    ),
    "azapi:index/resource:Resource": _azapi,
    "azapi:index/updateResource:UpdateResource": _azapi,
    "azapi:index/resourceAction:ResourceAction": _azapi,
}
"""How to look into Azure resources, by type token without its version."""
