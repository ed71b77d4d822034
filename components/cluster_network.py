"""The network of the nodes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Any

import pulumi

from components.azure_api.extra import laid_beside
from components.token_resource import TokenResource
from settings.sections.network import Network, Peering
from settings.subnets import Subnet


@dataclass(frozen=True)
class ClusterNetworkArgs:
    """What the network is made from.

    `address_space` is None when every subnet exists already. `subnets` is the plan of
    `settings.subnets.plan`: a subnet with an id is used as it is, the others are created. `network` has what is not for
    nodes: subnets of runners and of the API server, and networks to join; and its `extra`.
    """

    resource_group_name: pulumi.Input[str]
    network_name: str
    subnets: Sequence[Subnet]
    address_space: IPv4Network | None = None
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    network: Network = field(default_factory=Network)


class ClusterNetwork(pulumi.ComponentResource):
    """A virtual network whose subnets have room for every node and its surge, or subnets of your own.

    Each created subnet has a network security group of its own with no rule but Azure's defaults, so nothing comes in
    from the internet: a public load balancer needs a rule that somebody wrote on purpose.
    """

    subnet_ids: dict[str, pulumi.Output[str]]
    """Resource id of each subnet, by the subnet's name."""
    pool_subnet_ids: dict[str, pulumi.Output[str]]
    """Resource id of the subnet of each pool, by the pool's name; none in a network of AKS's own."""
    api_server_subnet_id: pulumi.Output[str] | None
    """Resource id of the API server's subnet, where it has one."""

    def __init__(
        self, name: str, args: ClusterNetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("secure-aks:index:ClusterNetwork", name, None, opts)
        self._args = args
        self._last: pulumi.Resource | None = None
        self._network = (
            self._virtual_network(name) if any(subnet.id is None for subnet in args.subnets) else None
        )
        self.subnet_ids = {subnet.name: self._subnet_id(subnet) for subnet in args.subnets}
        self.pool_subnet_ids = {
            pool: self.subnet_ids[subnet.name] for subnet in args.subnets for pool in subnet.pools
        }
        apart = {
            subnet: self._created(subnet, str(cidr), self._delegation(subnet))
            for subnet, cidr in args.network.set_apart.items()
            if self._network
        }
        existing = args.network.existing.api_server_subnet if args.network.existing else None
        self.api_server_subnet_id = (
            pulumi.Output.from_input(existing) if existing else apart.get("api-server")
        )
        if self._network:
            for peering in args.network.peerings:
                self._join(self._network, peering)
        self.register_outputs({"subnetIds": self.subnet_ids})

    @property
    def joinable(self) -> dict[str, pulumi.Output[str]]:
        """Every subnet that AKS puts something into, by name: the nodes', and the API server's where it has one."""
        own = self.api_server_subnet_id
        return {**self.subnet_ids, **({"api-server": own} if own else {})}

    def _virtual_network(self, name: str) -> TokenResource:
        properties = {
            "resourceGroupName": self._args.resource_group_name,
            "virtualNetworkName": self._args.network_name,
            "addressSpace": {"addressPrefixes": [str(self._args.address_space)]},
            "tags": dict(self._args.tags),
        }
        opts = pulumi.ResourceOptions(parent=self)
        return TokenResource(
            "azure-native:network:VirtualNetwork",
            name,
            laid_beside(properties, self._args.network.extra),
            opts,
        )

    def _subnet_id(self, subnet: Subnet) -> pulumi.Output[str]:
        if subnet.id is not None:
            return pulumi.Output.from_input(subnet.id)
        return self._created(subnet.name, subnet.cidr, {})

    def _created(self, name: str, cidr: str, more: Mapping[str, Any]) -> pulumi.Output[str]:
        group = TokenResource(
            "azure-native:network:NetworkSecurityGroup",
            name,
            {
                "resourceGroupName": self._args.resource_group_name,
                "networkSecurityGroupName": f"{self._args.network_name}-{name}",
                "tags": dict(self._args.tags),
            },
            pulumi.ResourceOptions(parent=self),
        )
        # One after another: Azure changes one subnet of a network at a time.
        after = [resource for resource in (self._network, self._last) if resource]
        created = TokenResource(
            "azure-native:network:Subnet",
            name,
            {
                "resourceGroupName": self._args.resource_group_name,
                "virtualNetworkName": self._args.network_name,
                "subnetName": name,
                "addressPrefix": cidr,
                "networkSecurityGroup": {"id": group.id},
                **more,
            },
            pulumi.ResourceOptions(parent=self, depends_on=after),
        )
        self._last = created
        return created.id

    @staticmethod
    def _delegation(name: str) -> dict[str, Any]:
        if name != "api-server":
            return {}
        service = "Microsoft.ContainerService/managedClusters"
        return {"delegations": [{"name": "aks", "serviceName": service}]}

    def _join(self, network: TokenResource, peering: Peering) -> None:
        """Peer with another network: each side says so in a resource of its own, and packets go when both have."""
        _, _, _, _, group, *_, other = peering.network.split("/")
        ours = {
            "resourceGroupName": self._args.resource_group_name,
            "virtualNetworkName": self._args.network_name,
            "virtualNetworkPeeringName": f"to-{other}",
            "remoteVirtualNetwork": {"id": peering.network},
            "allowVirtualNetworkAccess": True,
        }
        theirs = {
            "resourceGroupName": group,
            "virtualNetworkName": other,
            "virtualNetworkPeeringName": f"to-{self._args.network_name}",
            "remoteVirtualNetwork": {"id": network.id},
            "allowVirtualNetworkAccess": True,
        }
        opts = pulumi.ResourceOptions(parent=self, depends_on=[one for one in (network, self._last) if one])
        made = TokenResource("azure-native:network:VirtualNetworkPeering", f"to-{other}", ours, opts)
        if peering.both_sides:
            opts = pulumi.ResourceOptions(parent=self, depends_on=[made])
            TokenResource("azure-native:network:VirtualNetworkPeering", f"from-{other}", theirs, opts)
