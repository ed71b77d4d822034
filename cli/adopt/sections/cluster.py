"""`secure-aks:cluster`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.adopt.found import at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cli.adopt.found import Found, Json

_POLICIES = {"calico", "azure", "cilium"}
CLEANER_HOURS = 48
_SHORT = 8
"""So much of an object id tells one group from another, but for groups that somebody numbered."""


def cluster_section(found: Found, administrators: Mapping[str, str]) -> Json:
    """Return the section; `administrators` are groups of administrators to have, object ids by name, beside those there are."""
    properties, network = found.properties, at(found.properties, "networkProfile", {})
    section: Json = {
        "name": found.name,
        "existingResourceGroup": found.group,
        "kubernetesVersion": properties.get("currentKubernetesVersion") or properties["kubernetesVersion"],
        "tier": at(found.cluster, "sku.tier", "Free"),
        "supportPlan": properties.get("supportPlan", "KubernetesOfficial"),
        "apiServer": _api_server(found),
        "breakGlass": _groups(at(properties, "aadProfile.adminGroupObjectIDs", []), administrators),
        "azureRbac": bool(at(properties, "aadProfile.enableAzureRBAC")),
        "inside": "later",
        "networkPolicy": network.get("networkPolicy")
        if network.get("networkPolicy") in _POLICIES
        else "calico",  # which takes every cluster; where it cannot be had in place, `adopted` keeps the lack
        "outboundType": network.get("outboundType") or "loadBalancer",
        "serviceCidr": network.get("serviceCidr", "10.0.0.0/16"),
        "defender": bool(at(properties, "securityProfile.defender.securityMonitoring.enabled")),
        "azurePolicy": bool(at(addons(properties), "azurepolicy.enabled")),
        "imageCleanerHours": at(properties, "securityProfile.imageCleaner.intervalHours", CLEANER_HOURS),
        "addons": _addons(properties),
        # The name of the API server is kept even where it is what it would be here: this is no new cluster.
        "adopted": {"dnsPrefix": properties["dnsPrefix"]} if properties.get("dnsPrefix") else {},
    }
    if network.get("podCidr"):
        section["podCidr"] = network["podCidr"]
    if network.get("dnsServiceIP"):
        section["dnsServiceIp"] = network["dnsServiceIP"]
    if tenant := at(properties, "aadProfile.tenantID"):
        section["tenantId"] = tenant
    if nodes := properties.get("nodeResourceGroup"):
        section["nodeResourceGroup"] = nodes
    routing: Json = at(properties, "ingressProfile.webAppRouting", {})
    if routing.get("enabled") and not at(routing, "nginx.defaultIngressControllerType"):
        section["ingress"] = {"defaultController": "AnnotationControlled"}  # AKS's own; here it is Internal
    if at(properties, "nodeProvisioningProfile.mode") == "Auto":
        pools = (
            at(properties, "nodeProvisioningProfile.defaultNodePools") or "Auto"
        )  # AKS's own; here it is None
        section["nodeProvisioning"] = {"defaultPools": pools}
    return section | _identity(found, section["adopted"]) | _registries(found)


def addons(properties: Json) -> Json:
    """Return the add-ons under names in lower case: Azure tells none, and writes them as they were asked for."""
    return {name.lower(): said for name, said in at(properties, "addonProfiles", {}).items()}


def _api_server(found: Found) -> Json:
    access: Json = at(found.properties, "apiServerAccessProfile", {})
    server: Json = {"access": "public"}
    if access.get("enablePrivateCluster"):
        server = {"access": "private", "privateDnsZone": access.get("privateDNSZone") or "system"}
    elif access.get("authorizedIPRanges"):
        server = {"access": "ip-restricted", "authorizedIpRanges": list(access["authorizedIPRanges"])}
    return server | ({"vnetIntegration": True} if access.get("enableVnetIntegration") else {})


def _groups(there: Sequence[str], more: Mapping[str, str]) -> list[Json]:
    named = {object_id: name for name, object_id in more.items()}
    ids = [*there, *(object_id for object_id in named if object_id not in there)]
    short = len({one[:_SHORT] for one in ids}) == len(ids)
    return [
        {"name": named.get(one, f"administrators-{one[:_SHORT] if short else one}"), "objectId": one}
        for one in ids
    ]


def _addons(properties: Json) -> Json:
    secrets: Json = addons(properties).get("azurekeyvaultsecretsprovider") or {}
    found: Json = {
        "keda": bool(at(properties, "workloadAutoScalerProfile.keda.enabled")),
        "verticalPodAutoscaler": bool(
            at(properties, "workloadAutoScalerProfile.verticalPodAutoscaler.enabled")
        ),
        "costAnalysis": bool(at(properties, "metricsProfile.costAnalysis.enabled")),
    }
    if secrets.get("enabled"):
        minutes = str(at(secrets, "config.rotationPollInterval", "2m")).removesuffix("m")
        found["keyVaultSecrets"] = {"rotationMinutes": int(minutes)} if minutes.isdigit() else {}
    return found


def _identity(found: Found, adopted: Json) -> Json:
    """Return the identities that exist: the control plane's, and the nodes' where it is none that AKS made."""
    identity: Json = found.cluster.get("identity") or {}
    if identity.get("type") == "SystemAssigned":
        adopted["identity"] = {"type": "SystemAssigned"}
    said: Json = {"identity": next(iter(identity.get("userAssignedIdentities") or ()), None)}
    kubelet = str(at(found.properties, "identityProfile.kubeletidentity.resourceId", ""))
    own = str(found.properties.get("nodeResourceGroup")).lower()
    if f"/resourcegroups/{own}/" not in kubelet.lower():
        said["kubeletIdentity"] = kubelet
    return {key: value for key, value in said.items() if value}


def _registries(found: Found) -> Json:
    pull = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
    scopes = [
        str(at(role, "properties.scope"))
        for role in found.pulls
        if str(at(role, "properties.roleDefinitionId", "")).lower().endswith(pull)
    ]
    registries = [scope for scope in scopes if "/microsoft.containerregistry/registries/" in scope.lower()]
    return {"registries": registries} if registries else {}
