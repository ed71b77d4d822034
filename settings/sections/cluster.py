"""The control plane: version, tier, API server access, networking of pods and services, security add-ons."""

from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from settings.azure_words import sent
from settings.fields.azure import Azure
from settings.fields.base import Words, refused
from settings.fields.days import Day
from settings.fields.ids import Guid, IdentityId, is_of_type, well_named
from settings.fields.types import Address, Cidr, DnsLabel, FullVersion
from settings.sections.addons import Addons
from settings.sections.base import Section
from settings.sections.existing import Existing
from settings.sections.extra import Adopted, Extra
from settings.sections.features.autoscaler import Autoscaler
from settings.sections.features.backup import Backup
from settings.sections.features.encryption import Encryption
from settings.sections.features.gitops import Gitops
from settings.sections.features.ingress import WebAppRouting
from settings.sections.features.load_balancer import LoadBalancer
from settings.sections.features.mesh import Mesh
from settings.sections.features.monitoring import ClusterMonitoring
from settings.sections.features.nat_gateway import ManagedNatGateway
from settings.sections.features.networking import AdvancedNetworking
from settings.sections.features.provisioning import NodeProvisioning
from settings.sections.features.proxy import HttpProxy, TrustedCertificates
from settings.sections.features.storage import Storage
from settings.sections.features.windows import WindowsProfile
from settings.sections.groups import Group
from settings.sections.registries import RegistryEntry, RegistryId

_ZONE_NAMES = (".azmk8s.io", ".aks.containerservice.azure.us", ".azk8s.cn")


def _dns_zone(value: str) -> str:
    if value in {"system", "none"}:
        return value
    if is_of_type(value, "Microsoft.Network", "privateDnsZones"):
        well_named(value)
        if value.lower().endswith(_ZONE_NAMES) and "privatelink." in value.lower():
            return value
        name = value.rsplit("/", 1)[-1]
        raise refused(
            f"AKS takes no private DNS zone called {name}", "name a zone privatelink.<region>.azmk8s.io"
        )
    raise refused(
        f"{value!r} is neither system, none nor the resource id of a private DNS zone",
        "write system, or /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.Network/privateDnsZones/privatelink.<region>.azmk8s.io",
    )


class ForceUpgrade(Section):
    """Upgrades that go on past AKS's own checks (removed APIs still in use) and past PodDisruptionBudgets."""

    until: Day
    """Last day on which it counts (UTC); AKS checks again after it."""
    reason: str
    """Why, for those who read it later."""


class ApiServer(Section):
    """Who reaches the API server."""

    access: Literal["private", "ip-restricted", "public"] = "private"
    """`private`: a private endpoint in the network; `ip-restricted`: public, for the ranges below only; `public`: anybody (needs an exemption)."""
    authorized_ip_ranges: Annotated[tuple[Cidr, ...], Field(max_length=2000)] = ()
    """Networks that may connect when access is `ip-restricted`."""
    private_dns_zone: Annotated[
        str, AfterValidator(_dns_zone), Words("`system`, `none` or a resource id")
    ] = "system"
    """With `private`: `system`, the resource id of a private DNS zone, or `none`, with which the name stands in public DNS (rule cluster-public-fqdn)."""
    vnet_integration: bool = False
    """The API server has an address in a subnet of the network (`network.apiServerSubnet`) instead of a private endpoint."""


class Cluster(Section):
    """One managed cluster."""

    name: DnsLabel
    """Azure name of the cluster."""
    existing: Existing | None = None
    """A cluster that is there already, by a context of a kubeconfig: the stack has the inside alone (docs/existing-cluster.md)."""
    resource_group: str | None = None
    """Resource group to create for it; `rg-<name>` unless set."""
    existing_resource_group: str | None = None
    """Resource group that exists, instead of one to create."""
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
    deployers: tuple[Group, ...] = ()
    """Entra groups whose members apply what the stack has inside the cluster, with the rights that this takes and no more."""
    readers: tuple[Group, ...] = ()
    """Entra groups that read what the gates of `upgrades` look at, and nothing that is secret."""
    bootstrap: bool = False
    """The deployers administer the cluster: a new one knows nobody but its administrators. Remove it after the first `up`."""
    inside: Literal["now", "later"] = "now"
    """`later`: an `up` makes Azure's half alone; write `now` where the API server can be reached, and run `up` there."""
    registries: Annotated[tuple[RegistryEntry, ...], Field(max_length=50)] = ()
    """Container registries that the nodes may pull from, by resource id, or `name` of one to create."""
    identity: IdentityId | None = None
    """Identity of the control plane that exists, with its roles; created here unless set."""
    kubelet_identity: IdentityId | None = None
    """Identity that exists for the nodes to pull images with; AKS makes one unless set."""
    azure_rbac: bool = False
    """Azure roles authorize requests to the API server too, beside the roles and bindings in the cluster; who has one above it then gets in."""
    network_policy: Literal["calico", "azure", "cilium"] = "cilium"
    """Engine of the network policies; `cilium` brings its data plane and is Linux only, `azure` (Azure NPM) is Linux only and ends on 30 September 2028."""
    pod_cidr: Cidr = IPv4Network("10.244.0.0/16")
    """Overlay network of the pods; each node takes a /24 of it."""
    service_cidr: Cidr = IPv4Network("10.0.0.0/16")
    """Network of the services."""
    dns_service_ip: Address | None = None
    """Address of the cluster DNS in serviceCidr; its tenth unless set."""
    outbound_type: Literal[
        "loadBalancer", "userAssignedNATGateway", "managedNATGateway", "userDefinedRouting", "none"
    ] = "loadBalancer"
    """How traffic leaves the cluster; the gateway is `network.natGateway` (AKS's own, with `network.ofAks`, is `natGateway`), the routes `network.routes` (or those of subnets that exist), and `none` needs an `imageSource`."""
    defender: bool = True
    """Microsoft Defender for Containers."""
    azure_policy: bool = True
    """The Azure Policy add-on."""
    lock: bool = False
    """A lock of Azure's on the cluster: nobody deletes it, a pool or a role at it, by whatever way; on in `profile: prod`."""
    force_upgrade: ForceUpgrade | None = None
    """Upgrade although AKS's checks say no, for a reason and until a day; PodDisruptionBudgets then protect nothing."""
    image_cleaner_hours: Annotated[int, Field(ge=24, le=2160)] = 48
    """Hours between two removals of unused images from the nodes."""
    addons: Addons = Addons()
    """What AKS runs in the cluster beside the teams' pods."""
    autoscaler: Autoscaler | None = None
    """How the cluster autoscaler decides."""
    node_provisioning: Annotated[
        NodeProvisioning | None, Azure("nodeProvisioningProfile.mode", value="Auto")
    ] = None
    """Node auto-provisioning: nodes as pods need them, outside of any pool."""
    encryption: Encryption = Encryption()
    """Keys of your own for etcd and disks."""
    load_balancer: LoadBalancer | None = None
    """Addresses and ports for what leaves the cluster."""
    nat_gateway: ManagedNatGateway | None = None
    """AKS's own NAT gateway, in a cluster that was made elsewhere."""
    image_source: Annotated[
        RegistryId | None,
        Azure("bootstrapProfile.containerRegistryId"),
        Azure("bootstrapProfile.artifactSource", value="Cache"),
    ] = None
    """Registry of yours that caches AKS's own images, so that nodes start without the internet."""
    monitoring: ClusterMonitoring = ClusterMonitoring()
    """Metrics and logs of nodes and pods."""
    ingress: Annotated[WebAppRouting | None, Azure("ingressProfile.webAppRouting.enabled", value=True)] = None
    """AKS's own ingress controller."""
    gitops: Gitops | None = None
    """Flux: what runs in the cluster comes from a git repository."""
    backup: Backup | None = None
    """Backups of what is in the cluster, in a vault that outlives it."""
    mesh: Annotated[Mesh | None, Azure("serviceMeshProfile.mode", value="Istio")] = None
    """Istio."""
    advanced_networking: Annotated[
        AdvancedNetworking | None, Azure("networkProfile.advancedNetworking.enabled", value=True)
    ] = None
    """What Cilium gives beyond network policies."""
    http_proxy: HttpProxy | None = None
    """A proxy for what nodes and pods fetch."""
    trusted_certificates: TrustedCertificates = ()
    """Authorities that the nodes trust beside the usual ones."""
    storage: Storage = Storage()
    """Drivers of volumes."""
    windows: WindowsProfile | None = None
    """What all Windows pools share."""
    extra: Extra = Field(default_factory=dict)
    """Properties of a managed cluster in Azure's API that have no setting here, such as `fqdnSubdomain`."""
    adopted: Adopted = Field(default_factory=dict)
    """What a cluster that was made elsewhere keeps for life, such as `dnsPrefix`; `secure-aks import` writes it."""

    @property
    def resource_group_name(self) -> str:
        """The resource group of the cluster."""
        return self.existing_resource_group or self.resource_group or f"rg-{self.name}"

    @property
    def dns_ip(self) -> IPv4Address:
        """The address of the cluster DNS."""
        return self.dns_service_ip or self.service_cidr.network_address + 10

    @property
    def inner_ranges(self) -> tuple[IPv4Network, ...]:
        """The networks of pods and services, as far as they are known."""
        known = (self.existing or self).pod_cidr, (self.existing or self).service_cidr
        return tuple(cidr for cidr in known if cidr)

    @property
    def is_adopted(self) -> bool:
        """Whether the cluster was made elsewhere."""
        return bool(self.adopted)

    @property
    def is_lts(self) -> bool:
        """Whether the cluster is on long-term support."""
        return self.support_plan == "AKSLongTermSupport"

    @property
    def etcd_vault(self) -> str | None:
        """The vault with the key for etcd."""
        return self.encryption.etcd.vault if self.encryption.etcd else None

    @property
    def etcd_vault_is_private(self) -> bool:
        """Whether that vault has no public access."""
        return self.encryption.etcd is not None and self.encryption.etcd.vault_network == "Private"

    @property
    def disk_encryption_set(self) -> str | None:
        """The disk encryption set of the nodes."""
        return self.encryption.disk_encryption_set

    @property
    def outbound_ids(self) -> tuple[str, ...]:
        """The addresses and prefixes of your own that what leaves the cluster has."""
        return (*self.load_balancer.address_ids, *self.load_balancer.prefix_ids) if self.load_balancer else ()

    @property
    def container_insights(self) -> bool:
        """Whether the logs of pods are collected."""
        return self.monitoring.container_insights

    @property
    def features(self) -> dict[str, Any]:
        """What the optional sections say, under the names of Azure's REST API; nothing for nothing."""
        properties = sent(self)
        if self.etcd_vault_is_private:
            # Azure wants it for a private vault, and refuses it for a public one.
            properties["securityProfile"]["azureKeyVaultKms"]["keyVaultResourceId"] = self.etcd_vault
        return properties
