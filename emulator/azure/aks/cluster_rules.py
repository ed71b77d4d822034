"""What AKS refuses in a cluster's settings, versions and pools apart (AKS docs on each feature)."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from emulator.azure import refusals
from emulator.azure.errors import ArmError, bad_request, invalid
from emulator.azure.shapes import at, rows, table

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props
    from emulator.cloud.state import State


def check(cluster: Props) -> None:
    """Refuse settings that are wrong in themselves."""
    _access(cluster)
    _support(cluster)
    _network(cluster)
    _security(cluster)
    refusals.check("cluster", cluster)


def check_links(cluster: Props, state: State) -> None:
    """Refuse links to resources that do not exist: the Log Analytics workspace, the identities, the DNS zone."""
    links = [at(cluster, "securityProfile.defender.logAnalyticsWorkspaceResourceId")]
    links.append(at(cluster, "addonProfiles.omsagent.config.logAnalyticsWorkspaceResourceID"))
    zone = at(cluster, "apiServerAccessProfile.privateDNSZone")
    links.append(zone if str(zone).startswith("/") else None)
    links += rows(cluster, "identity.userAssignedIdentities")
    for link in links:
        if link and state.get(link) is None:
            raise ArmError(404, "LinkedResourceNotFound", f"The linked resource '{link}' was not found.")


def check_changes(old: Props, new: Props) -> None:
    """Refuse what cannot be switched back, or is set once for all."""
    for path in ("oidcIssuerProfile.enabled", "aadProfile.managed"):
        if at(old, path) and at(new, path) is False:
            raise bad_request("OperationNotAllowed", f"{path} cannot be disabled once it is enabled.")
    for path in (
        "dnsPrefix",
        "networkProfile.serviceCidr",
        "networkProfile.networkPlugin",
        "nodeResourceGroup",
    ):
        if at(new, path) is not None and at(new, path) != at(old, path):
            raise bad_request("PropertyChangeNotAllowed", f'Changing property "{path}" is not allowed.')
    private = "apiServerAccessProfile.enablePrivateCluster"
    if bool(at(old, private)) != bool(at(new, private)):  # left out is public
        raise bad_request(
            "PropertyChangeNotAllowed",
            'Changing property "apiServerAccessProfile.enablePrivateCluster" is not allowed.',
        )


def _access(cluster: Props) -> None:
    if cluster.get("disableLocalAccounts") and not at(cluster, "aadProfile.managed"):
        raise invalid(
            "disableLocalAccounts",
            "local accounts can only be disabled on a cluster with managed Entra integration",
        )
    if at(cluster, "aadProfile.enableAzureRBAC") and cluster.get("enableRBAC") is False:
        raise invalid("aadProfile.enableAzureRBAC", "it needs enableRBAC")
    if cluster.get(
        "fqdnSubdomain"
    ):  # Azure's own command line and issues of its modules tell of both refusals
        if cluster.get("dnsPrefix"):
            raise invalid("fqdnSubdomain", "it does not go together with dnsPrefix")
        if not str(at(cluster, "apiServerAccessProfile.privateDNSZone")).startswith("/"):
            raise invalid("fqdnSubdomain", "it needs a private DNS zone of your own")
    ranges = rows(cluster, "apiServerAccessProfile.authorizedIPRanges")
    if ranges and at(cluster, "apiServerAccessProfile.enablePrivateCluster"):
        raise invalid(
            "apiServerAccessProfile.authorizedIPRanges", "a private cluster has no authorized IP ranges"
        )
    for text in ranges:
        try:
            ip_network(text, strict=False)
        except ValueError:
            raise invalid(
                "apiServerAccessProfile.authorizedIPRanges", f"{text} is no address range"
            ) from None


def _support(cluster: Props) -> None:
    tier = at(cluster, "sku.tier")
    if tier not in ("Free", "Standard", "Premium"):
        raise invalid("sku.tier", f"{tier} is not one of Free, Standard, Premium")
    if cluster.get("supportPlan") == "AKSLongTermSupport" and tier != "Premium":
        raise invalid("supportPlan", "AKSLongTermSupport needs the Premium tier (sku.tier)")


def _network(cluster: Props) -> None:
    network = table(cluster, "networkProfile")
    policy, plane = network.get("networkPolicy"), network.get("networkDataplane")
    if (
        (policy == "cilium") != (plane == "cilium")
        and "cilium" in (policy, plane)
        and policy not in (None, "none")
    ):
        raise invalid(
            "networkProfile.networkPolicy",
            f"network policy {policy} does not work with the dataplane {plane}",
        )
    if network.get("networkPluginMode") == "overlay" and network.get("networkPlugin") != "azure":
        raise invalid("networkProfile.networkPluginMode", "overlay needs the network plugin azure")
    services = ip_network(network["serviceCidr"])
    if ip_address(network["dnsServiceIP"]) not in services:
        raise invalid(
            "networkProfile.dnsServiceIP", f"{network['dnsServiceIP']} is not in the service CIDR {services}"
        )
    if network.get("podCidr") and services.overlaps(ip_network(network["podCidr"])):
        raise invalid("networkProfile.podCidr", f"{network['podCidr']} overlaps the service CIDR {services}")


def _security(cluster: Props) -> None:
    if at(cluster, "securityProfile.defender.securityMonitoring.enabled") and not at(
        cluster, "securityProfile.defender.logAnalyticsWorkspaceResourceId"
    ):
        raise invalid(
            "securityProfile.defender.logAnalyticsWorkspaceResourceId", "Defender needs a workspace"
        )
    if at(cluster, "securityProfile.workloadIdentity.enabled") and not at(
        cluster, "oidcIssuerProfile.enabled"
    ):
        raise invalid("securityProfile.workloadIdentity", "workload identity needs the OIDC issuer")
