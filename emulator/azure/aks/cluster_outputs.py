"""What Azure fills into a cluster: the defaults of what was left out, and what only it knows."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emulator.azure.ids import guid, short_hash
from emulator.azure.shapes import filled, table
from emulator.yaml_files import load_yaml

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props, Put


DEFAULTS = load_yaml(Path(__file__).with_name("defaults.yaml"))


def defaults(name: str, group: str, body: Props) -> Props:
    """Return the body with AKS's defaults for what it does not say."""
    cluster = filled(DEFAULTS["cluster"], body)
    cluster.setdefault("nodeResourceGroup", f"MC_{group}_{name}_{body.get('location', '')}"[:80])
    if "fqdnSubdomain" not in cluster:
        cluster.setdefault("dnsPrefix", f"{name}-dns"[:54])
    network: Props = cluster["networkProfile"]
    if network["networkPlugin"] != "azure" or network.get("networkPluginMode") == "overlay":
        network.setdefault("podCidr", "10.244.0.0/16")
    if network["outboundType"] == "managedNATGateway":
        network["natGatewayProfile"] = DEFAULTS["natGatewayProfile"] | table(network, "natGatewayProfile")
    with suppress(ValueError):  # what is no range is refused
        network.setdefault("dnsServiceIP", str(ip_network(str(network["serviceCidr"]))[10]))
    return cluster


def outputs(put: Put, cluster: Props) -> Props:
    """Return the cluster as a GET answers: with its names on the internet, its issuer and its identities."""
    location, uid = str(cluster["location"]), short_hash(put.id.lower())
    stem = f"{cluster.get('fqdnSubdomain') or cluster['dnsPrefix']}-{uid}"
    access = table(cluster, "apiServerAccessProfile")
    private = bool(access.get("enablePrivateCluster"))
    public = not private or access.get("enablePrivateClusterPublicFQDN") is not False
    kubelet = _made_by_aks(put, cluster, f"{put.name}-agentpool", "kubelet")
    result: Props = cluster | {
        "name": put.name,
        "type": "Microsoft.ContainerService/ManagedClusters",
        "provisioningState": "Succeeded",
        "powerState": {"code": "Running"},
        "maxAgentPools": 100,
        "resourceUID": short_hash(put.id.lower() + "/uid", 24),
        "azurePortalFQDN": f"{stem}.portal.hcp.{location}.azmk8s.io",
        "identity": _identity(put, cluster),
        "identityProfile": cluster.get("identityProfile") or {"kubeletidentity": kubelet},
    }
    if public:
        result["fqdn"] = f"{stem}.hcp.{location}.azmk8s.io"
    if private:
        result["privateFQDN"] = f"{stem}.{short_hash(uid + 'dns')}.privatelink.{location}.azmk8s.io"
    if cluster["oidcIssuerProfile"].get("enabled"):
        issuer = f"https://{location}.oic.prod-aks.azure.com/{put.tenant}/{guid(put.id.lower(), 'issuer')}/"
        result["oidcIssuerProfile"] = {"enabled": True, "issuerURL": issuer}
    if cluster.get("aadProfile"):
        result["aadProfile"] = {"tenantID": put.tenant} | {
            k: v for k, v in cluster["aadProfile"].items() if v is not None
        }
    routing = table(cluster, "ingressProfile.webAppRouting")
    if routing.get("enabled"):
        own = _made_by_aks(put, cluster, f"webapprouting-{put.name}", "routing")
        result["ingressProfile"] = cluster["ingressProfile"] | {"webAppRouting": routing | {"identity": own}}
    result["eTag"] = short_hash(repr(sorted((k, repr(v)) for k, v in result.items())), 32)
    return result


def _identity(put: Put, cluster: Props) -> Props:
    said: Props = cluster.get("identity") or {"type": "SystemAssigned"}
    result: Props = {"type": said.get("type", "SystemAssigned")}
    named: Any = said.get("userAssignedIdentities")
    if named:
        result["userAssignedIdentities"] = {i: _ids(put, str(i)) for i in named}
    else:
        result |= {"principalId": guid(put.id.lower(), "principal"), "tenantId": put.tenant}
    return result


def _ids(put: Put, identity: str) -> Props:
    found = put.state.get(identity)
    return {k: found.properties.get(k) for k in ("clientId", "principalId")} if found else {}


def _made_by_aks(put: Put, cluster: Props, name: str, what: str) -> Props:
    """Return an identity that AKS keeps in the cluster's node resource group."""
    group = f"{'/'.join(put.id.split('/')[:3])}/resourcegroups/{cluster['nodeResourceGroup']}"
    return {
        "resourceId": f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}",
        "clientId": guid(put.id.lower(), what, "client"),
        "objectId": guid(put.id.lower(), what, "object"),
    }
