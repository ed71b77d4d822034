"""The network of the nodes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi

from .args.like import like
from .args.network import NetworkArgs, PeeringArgs, SubnetArgs
from .azure_api.extra import laid_beside
from .parts.naming import group_and_name, joined, part_name
from .parts.token_resource import TokenResource
from .parts.ways_out import ways_out


@dataclass(frozen=True)
class ClusterNetworkArgs:
    """What the network is made from."""

    resource_group_name: pulumi.Input[str]
    """Resource group to make it in."""
    network_name: pulumi.Input[str]
    """Name of the virtual network to create."""
    subnets: Sequence[SubnetArgs]
    """Subnets of nodes: one with an id is used as it is, the others are created."""
    address_space: str | None = None
    """Address space of the virtual network; None when every subnet exists already."""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    """Azure tags of what is made."""
    network: NetworkArgs = field(default_factory=NetworkArgs)
    """What is not for nodes: subnets of runners and of the API server, networks to join."""


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
        self._name = name
        self._args = args = like(ClusterNetworkArgs, args)
        self._last: pulumi.Resource | None = None
        self._network = (
            self._virtual_network(name) if any(subnet.id is None for subnet in args.subnets) else None
        )
        self._links = self._ways_out() if self._network else {}
        self.subnet_ids = {subnet.name: self._subnet_id(subnet) for subnet in args.subnets}
        self.pool_subnet_ids = {
            pool: self.subnet_ids[subnet.name] for subnet in args.subnets for pool in subnet.pools
        }
        apart = {
            subnet: self._created(subnet, cidr, self._apart(subnet))
            for subnet, cidr in args.network.set_apart.items()
            if self._network
        }
        existing = args.network.api_server_subnet_id
        self.api_server_subnet_id = (
            apart.get("api-server") if existing is None else pulumi.Output.from_input(existing)
        )
        if self._network:
            for peering in args.network.peerings:
                self._join(self._network, peering)
        self.register_outputs({"subnetIds": self.subnet_ids})

    @property
    def joinable(self) -> dict[str, pulumi.Output[str]]:
        """Every subnet that AKS puts something into, by name: the nodes', and the API server's where it has one."""
        own = self.api_server_subnet_id
        name = "api-server" if "api-server" not in self.subnet_ids else "of-the-api-server"
        return {**self.subnet_ids, **({} if own is None else {name: own})}

    def _part(self, name: str) -> str:
        return part_name(self._name, name, first="network")

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

    def _subnet_id(self, subnet: SubnetArgs) -> pulumi.Output[str]:
        if subnet.id is not None:
            return pulumi.Output.from_input(subnet.id)
        return self._created(subnet.name, subnet.cidr, self._links)

    def _created(self, name: str, cidr: str, more: Mapping[str, Any]) -> pulumi.Output[str]:
        group = TokenResource(
            "azure-native:network:NetworkSecurityGroup",
            self._part(name),
            {
                "resourceGroupName": self._args.resource_group_name,
                "networkSecurityGroupName": joined(self._args.network_name, "-", name),
                "tags": dict(self._args.tags),
            },
            pulumi.ResourceOptions(parent=self),
        )
        # One after another: Azure changes one subnet of a network at a time.
        after = [resource for resource in (self._network, self._last) if resource]
        created = TokenResource(
            "azure-native:network:Subnet",
            self._part(name),
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

    def _ways_out(self) -> dict[str, Any]:
        common = {"resourceGroupName": self._args.resource_group_name, "tags": dict(self._args.tags)}
        opts = pulumi.ResourceOptions(parent=self)
        return ways_out(common, self._args.network_name, self._args.network, self._part, opts)

    def _apart(self, name: str) -> dict[str, Any]:
        if name != "api-server":
            return self._links
        service = "Microsoft.ContainerService/managedClusters"
        return {"delegations": [{"name": "aks", "serviceName": service}]}

    def _join(self, network: TokenResource, peering: PeeringArgs) -> None:
        """Peer with another network: each side says so in a resource of its own, and packets go when both have."""
        group, other = group_and_name(peering.network)
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
            "virtualNetworkPeeringName": joined("to-", self._args.network_name),
            "remoteVirtualNetwork": {"id": network.id},
            "allowVirtualNetworkAccess": True,
        }
        opts = pulumi.ResourceOptions(parent=self, depends_on=[one for one in (network, self._last) if one])
        made = TokenResource(
            "azure-native:network:VirtualNetworkPeering", self._part(f"to-{other}"), ours, opts
        )
        if peering.both_sides:
            opts = pulumi.ResourceOptions(parent=self, depends_on=[made])
            TokenResource(
                "azure-native:network:VirtualNetworkPeering", self._part(f"from-{other}"), theirs, opts
            )
