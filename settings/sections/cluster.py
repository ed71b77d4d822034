"""The control plane: version, tier, API server access, networking of pods and services, security add-ons."""

from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Literal

from pydantic import Field

from settings.fields.ids import Guid
from settings.fields.types import Address, Cidr, DnsLabel, FullVersion
from settings.sections.base import Section
from settings.sections.groups import Group


class ApiServer(Section):
    """Who reaches the API server."""

    access: Literal["private", "ip-restricted", "public"] = "private"
    """`private`: a private endpoint in the network; `ip-restricted`: public, for the ranges below only; `public`: anybody (needs an exemption)."""
    authorized_ip_ranges: tuple[Cidr, ...] = ()
    """Networks that may connect when access is `ip-restricted`."""
    private_dns_zone: str = "system"
    """With `private`: `system`, `none`, or the resource id of a private DNS zone."""


class Cluster(Section):
    """One managed cluster."""

    name: DnsLabel
    """Azure name of the cluster."""
    resource_group: str | None = None
    """Resource group to create for it; `rg-<name>` unless set."""
    node_resource_group: str | None = None
    """Resource group AKS puts the nodes in; AKS's own name unless set."""
    kubernetes_version: FullVersion
    """Version of the control plane in full (x.y.z)."""
    tier: Literal["Free", "Standard", "Premium"] = "Standard"
    """Tier of the control plane; Free has no uptime SLA, Premium is needed for long-term support."""
    support_plan: Literal["KubernetesOfficial", "AKSLongTermSupport"] = "KubernetesOfficial"
    """`AKSLongTermSupport` supports a minor for two years."""
    api_server: ApiServer = ApiServer()
    """Who reaches the API server."""
    tenant_id: Guid | None = None
    """Entra tenant that authenticates users; the subscription's unless set."""
    login: Literal["azurecli", "workloadidentity", "spn", "msi", "devicecode", "interactive"] = "azurecli"
    """Login mode of kubelogin in the exported kubeconfig."""
    break_glass: tuple[Group, ...] = ()
    """Entra groups that administer the whole cluster in an emergency."""
    network_policy: Literal["calico", "azure", "cilium"] = "cilium"
    """Engine of the network policies; `cilium` brings its data plane and is Linux only."""
    pod_cidr: Cidr = IPv4Network("10.244.0.0/16")
    """Overlay network of the pods; each node takes a /24 of it."""
    service_cidr: Cidr = IPv4Network("10.0.0.0/16")
    """Network of the services."""
    dns_service_ip: Address | None = None
    """Address of the cluster DNS in serviceCidr; its tenth unless set."""
    outbound_type: Literal[
        "loadBalancer", "managedNATGateway", "userAssignedNATGateway", "userDefinedRouting"
    ] = "loadBalancer"
    """How traffic leaves the cluster; the last two need a network of your own."""
    defender: bool = True
    """Microsoft Defender for Containers."""
    azure_policy: bool = True
    """The Azure Policy add-on."""
    image_cleaner_hours: Annotated[int, Field(ge=24, le=2160)] = 48
    """Hours between two removals of unused images from the nodes."""

    @property
    def resource_group_name(self) -> str:
        """The resource group of the cluster."""
        return self.resource_group or f"rg-{self.name}"

    @property
    def dns_ip(self) -> IPv4Address:
        """The address of the cluster DNS."""
        return self.dns_service_ip or self.service_cidr.network_address + 10

    @property
    def is_lts(self) -> bool:
        """Whether the cluster is on long-term support."""
        return self.support_plan == "AKSLongTermSupport"
