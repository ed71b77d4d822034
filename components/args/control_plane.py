"""How a cluster is run and who reaches it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Any, Literal

import pulumi


@dataclass(frozen=True)
class GroupArgs:
    """An Entra group."""

    name: str
    """Display name of the group."""
    object_id: pulumi.Input[str] | None = None
    """Object id of a group that exists; without it the group is created."""
    members: Sequence[str] = ()
    """Object ids of the users to put in a group that is created here."""


@dataclass(frozen=True)
class ForceUpgradeArgs:
    """Upgrades that go on past AKS's own checks (removed APIs still in use) and past PodDisruptionBudgets."""

    until: str
    """Last day on which it counts (UTC, such as 2026-11-30); AKS checks again after it."""


@dataclass(frozen=True)
class ApiServerArgs:
    """Who reaches the API server."""

    access: Literal["private", "ip-restricted", "public"] = "private"
    """`private`: a private endpoint in the network; `ip-restricted`: public, for the ranges below only; `public`: anybody."""
    authorized_ip_ranges: Sequence[str] = ()
    """Networks that may connect when access is `ip-restricted`."""
    private_dns_zone: str = "system"
    """With `private`: `system`, `none`, or the resource id of a private DNS zone where it is known beforehand."""
    private_dns_zone_id: pulumi.Input[str] | None = None
    """With `private`: the resource id of a private DNS zone that the program makes."""
    vnet_integration: bool = False
    """The API server has an address in a subnet of its own instead of a private endpoint."""

    @property
    def own_dns_zone(self) -> pulumi.Input[str] | None:
        """The private DNS zone of one's own, where there is one."""
        if self.private_dns_zone_id is not None:
            return self.private_dns_zone_id
        return self.private_dns_zone if self.private_dns_zone.startswith("/") else None


@dataclass(frozen=True)
class KeyVaultSecretsArgs:
    """The Key Vault provider of the Secrets Store CSI driver: pods mount secrets, and none is stored in the cluster."""

    rotation_minutes: int = 2
    """Minutes between two looks for renewed secrets; mounted ones always follow."""


@dataclass(frozen=True)
class AddonsArgs:
    """Add-ons of AKS; each is off unless it is asked for."""

    keda: bool = False
    """KEDA: workloads scale by events, down to none."""
    vertical_pod_autoscaler: bool = False
    """The vertical pod autoscaler: requests follow what pods use."""
    key_vault_secrets: KeyVaultSecretsArgs | None = None
    """Secrets of Azure Key Vault as files of pods, rotated."""
    cost_analysis: bool = False
    """Costs by namespace in Azure's cost analysis; needs the tier Standard or Premium."""


@dataclass(frozen=True)
class ControlPlaneArgs:
    """One managed cluster, its pools aside."""

    name: pulumi.Input[str]
    """Azure name of the cluster."""
    kubernetes_version: str
    """Version of the control plane in full (x.y.z): a shorter one would drift for ever."""
    tier: Literal["Free", "Standard", "Premium"] = "Standard"
    """Tier of the control plane; Free has no uptime SLA, Premium is needed for long-term support."""
    support_plan: Literal["KubernetesOfficial", "AKSLongTermSupport"] = "KubernetesOfficial"
    """`AKSLongTermSupport` supports a minor for two years."""
    node_resource_group: pulumi.Input[str] | None = None
    """Resource group AKS puts the nodes in; AKS's own name unless set."""
    api_server: ApiServerArgs = field(default_factory=ApiServerArgs)
    """Who reaches the API server."""
    tenant_id: pulumi.Input[str] | None = None
    """Entra tenant that authenticates users; the subscription's unless set."""
    login: Literal["azurecli", "workloadidentity", "spn", "msi", "devicecode", "interactive"] = "azurecli"
    """Login mode of kubelogin in the kubeconfig."""
    break_glass: Sequence[GroupArgs] = ()
    """Entra groups that administer the whole cluster in an emergency."""
    identity: pulumi.Input[str] | None = None
    """Identity of the control plane that exists, with its roles; created here unless set."""
    kubelet_identity: pulumi.Input[str] | None = None
    """Identity that exists for the nodes to pull images with; AKS makes one unless set."""
    azure_rbac: bool = False
    """Azure roles authorize requests to the API server too, beside the roles and bindings in the cluster."""
    network_policy: Literal["calico", "azure", "cilium"] = "cilium"
    """Engine of the network policies; `cilium` brings its data plane and is Linux only."""
    pod_cidr: str = "10.244.0.0/16"
    """Overlay network of the pods; each node takes a /24 of it."""
    service_cidr: str = "10.0.0.0/16"
    """Network of the services."""
    dns_service_ip: str | None = None
    """Address of the cluster DNS in `service_cidr`; its tenth unless set."""
    outbound_type: Literal[
        "loadBalancer", "userAssignedNATGateway", "managedNATGateway", "userDefinedRouting", "none"
    ] = "loadBalancer"
    """How traffic leaves the cluster; the gateway and routes are those of the nodes' subnets."""
    defender: bool = True
    """Microsoft Defender for Containers."""
    azure_policy: bool = True
    """The Azure Policy add-on."""
    force_upgrade: ForceUpgradeArgs | None = None
    """Upgrade although AKS's checks say no, until a day; PodDisruptionBudgets then protect nothing."""
    image_cleaner_hours: int = 48
    """Hours between two removals of unused images from the nodes."""
    addons: AddonsArgs = field(default_factory=AddonsArgs)
    """What AKS runs in the cluster beside other pods."""
    etcd_vault: pulumi.Input[str] | None = None
    """Resource id of the key vault with a key of yours for etcd, which the identity that is made may then use."""
    etcd_vault_is_private: bool = False
    """The vault has no public access, so that the identity joins an endpoint to it."""
    disk_encryption_set: pulumi.Input[str] | None = None
    """Resource id of a disk encryption set, which the identity that is made may then read."""
    outbound_ids: Sequence[str] = ()
    """Resource ids of the public addresses and prefixes in `features` that what leaves the cluster has; the identity that is made may then join them."""
    container_insights: bool = False
    """Container Insights: logs and inventory of all pods in the workspace; its rules are yours to make."""
    features: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """More of Azure's properties, under the REST API's names, such as what the sections of a stack file say; laid beside like `extra`."""
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Properties of a managed cluster in Azure's API that have no argument here, such as `autoScalerProfile`."""
    adopted: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What a cluster that was made elsewhere keeps for life, under the REST API's names."""

    @property
    def is_adopted(self) -> bool:
        """Whether the cluster was made elsewhere."""
        return bool(self.adopted)

    @property
    def dns_ip(self) -> str:
        """The address of the cluster DNS."""
        return self.dns_service_ip or str(IPv4Network(self.service_cidr).network_address + 10)
