"""The network of the nodes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Any

import pulumi

from components.azure_api.extra import laid_beside
from components.token_resource import TokenResource
from settings.subnets import Subnet


@dataclass(frozen=True)
class ClusterNetworkArgs:
    """What the network is made from.

    `address_space` is None when every subnet exists already. `subnets` is the plan of
    `settings.subnets.plan`: a subnet with an id is used as it is, the others are created. `extra` are
    properties of the created network in Azure's API, beside the ones that are set here.
    """

    resource_group_name: pulumi.Input[str]
    network_name: str
    subnets: Sequence[Subnet]
    address_space: IPv4Network | None = None
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])


class ClusterNetwork(pulumi.ComponentResource):
    """A virtual network whose subnets have room for every node and its surge, or subnets of your own.

    Each created subnet has a network security group of its own with no rule but Azure's defaults, so nothing comes in
    from the internet: a public load balancer needs a rule that somebody wrote on purpose.
    """

    subnet_ids: dict[str, pulumi.Output[str]]
    """Resource id of each subnet, by the subnet's name."""
    pool_subnet_ids: dict[str, pulumi.Output[str]]
    """Resource id of the subnet of each pool, by the pool's name."""

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
        self.register_outputs({"subnetIds": self.subnet_ids})

    def _virtual_network(self, name: str) -> TokenResource:
        properties = {
            "resourceGroupName": self._args.resource_group_name,
            "virtualNetworkName": self._args.network_name,
            "addressSpace": {"addressPrefixes": [str(self._args.address_space)]},
            "tags": dict(self._args.tags),
        }
        opts = pulumi.ResourceOptions(parent=self)
        return TokenResource(
            "azure-native:network:VirtualNetwork", name, laid_beside(properties, self._args.extra), opts
        )

    def _subnet_id(self, subnet: Subnet) -> pulumi.Output[str]:
        if subnet.id is not None:
            return pulumi.Output.from_input(subnet.id)
        group = TokenResource(
            "azure-native:network:NetworkSecurityGroup",
            subnet.name,
            {
                "resourceGroupName": self._args.resource_group_name,
                "networkSecurityGroupName": f"{self._args.network_name}-{subnet.name}",
                "tags": dict(self._args.tags),
            },
            pulumi.ResourceOptions(parent=self),
        )
        # One after another: Azure changes one subnet of a network at a time.
        after = [resource for resource in (self._network, self._last) if resource]
        created = TokenResource(
            "azure-native:network:Subnet",
            subnet.name,
            {
                "resourceGroupName": self._args.resource_group_name,
                "virtualNetworkName": self._args.network_name,
                "subnetName": subnet.name,
                "addressPrefix": subnet.cidr,
                "networkSecurityGroup": {"id": group.id},
            },
            pulumi.ResourceOptions(parent=self, depends_on=after),
        )
        self._last = created
        return created.id
