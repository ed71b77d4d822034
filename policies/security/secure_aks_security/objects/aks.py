"""Clusters and what belongs to them, as the rules read them, from what ARM has of them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from secure_aks_security.judging.resources import Resource
from secure_aks_security.judging.values import is_unknown
from secure_aks_security.objects import arm
from secure_aks_security.objects.arm import Found
from secure_aks_security.objects.ranges import open_ranges
from secure_aks_security.objects.spelling import respelled
from secure_aks_security.objects.unseen import unseen
from secure_aks_security.shapes import items, mapping

CLUSTER = arm.TOKENS[arm.CLUSTER]
POOL = arm.TOKENS[f"{arm.CLUSTER}/agentpools"]
ASSIGNMENT = arm.TOKENS[arm.ASSIGNMENT]
ROLE = arm.TOKENS[arm.ROLE]
MAINTENANCE = arm.TOKENS[f"{arm.CLUSTER}/maintenanceconfigurations"]
TRUSTED_ACCESS = arm.TOKENS[f"{arm.CLUSTER}/trustedaccessrolebindings"]
_AUTHENTICATOR = arm.TOKENS[f"{arm.CLUSTER}/jwtauthenticators"]
_NAMESPACE = arm.TOKENS[f"{arm.CLUSTER}/managednamespaces"]


def cluster(resource: Resource) -> Iterator[Resource]:
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
    for index, own in enumerate(items(cast("object", pools))):
        where = f"{place}[{index}]"
        if isinstance(own, dict):
            found = mapping(cast("object", own))
            yield pool(replace(resource, place=where), found, found.get("name", ""), inline=True)
        else:
            yield replace(resource, type=POOL, unread=_unread(own, where, "an object"))


def _open_ranges(properties: dict[str, Any]) -> list[str] | str:
    """Return what is open whatever the unknown ranges will be; where that is nothing, the first unknown."""
    ranges: Any = mapping(properties.get("apiServerAccessProfile")).get("authorizedIPRanges")
    found = open_ranges([ranges] if is_unknown(ranges) else items(ranges))
    return [one for one in found if not is_unknown(one)] or (found[0] if found else [])


def _unread(value: Any, place: str, wanted: str) -> str:
    return value if is_unknown(value) else f"{place} is not {wanted}"


def agent_pool(resource: Resource) -> Iterator[Resource]:
    """Yield a pool that is a resource of its own."""
    properties = respelled(resource.properties)
    yield pool(resource, properties, properties.get("agentPoolName", ""), inline=False)


def pool(resource: Resource, properties: Any, name: Any, *, inline: bool) -> Resource:
    """Return a pool, with what the rules read beside its properties."""
    count = f"{resource.place}.count" if resource.place else "count"
    own = {"pulumiType": POOL, "poolName": name, "inline": inline, "countIgnored": count in resource.ignored}
    return replace(resource, type=POOL, properties={**properties, **own})


def managed_namespace(resource: Resource) -> Iterator[Resource]:
    """Yield the Namespace that AKS makes of a managed one, of a cluster or a fleet, by its labels."""
    said = resource.properties
    name: Any = said.get("managedNamespaceName", said.get("namespaceName", resource.name))
    inner: Any = said.get("properties")
    inner = mapping(inner).get("managedNamespaceProperties", inner)
    metadata = {"name": name, "labels": inner if is_unknown(inner) else mapping(inner).get("labels", {})}
    yield replace(
        resource,
        kind="Namespace",
        group="",
        properties={"apiVersion": "v1", "kind": "Namespace", "metadata": metadata},
    )


def of_found(resource: Resource, found: Found) -> Iterator[Resource]:
    """Yield what was found, as azure-native has it."""
    if found.unseen:
        yield unseen(resource, found.unseen)
        return
    body = mapping(respelled({"body": found.body}).get("body"))
    inner: Any = body.get("properties", {})
    here = replace(resource, place=f"{found.place}.properties" if found.place else "properties")
    kind = arm.TOKENS[found.type]
    if not isinstance(inner, dict):
        yield replace(here, type=kind, unread=_unread(inner, here.place, "an object"))
        return
    name = found.name if is_unknown(found.name) else found.name.rpartition("/")[2]
    if kind == CLUSTER:
        outer = {key: body[key] for key in ("sku", "identity") if key in body}
        yield from cluster(replace(here, properties={**outer, **inner, "resourceName": name}))
    elif kind == _NAMESPACE:
        yield from managed_namespace(
            replace(here, properties={"managedNamespaceName": name, "properties": inner})
        )
    elif kind == _AUTHENTICATOR:  # which azure-native has as ARM has it
        said: dict[str, Any] = {"jwtAuthenticatorName": name, "properties": inner, "pulumiType": kind}
        yield replace(here, type=kind, place=found.place, properties=said)
    elif kind == arm.VAULT:
        said = {"vaultName": name, "properties": inner, "pulumiType": kind}
        yield replace(here, type=kind, name=name, place=found.place, properties=said)
    elif kind == ASSIGNMENT:
        said = {"scope": body.get("scope", "the scope of the deployment"), **inner, "pulumiType": kind}
        yield replace(here, type=kind, name=name, properties=said)
    elif kind == POOL:
        yield pool(here, inner, name, inline=False)
    else:
        yield replace(here, type=kind, name=name, properties={**inner, "pulumiType": kind})
