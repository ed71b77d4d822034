"""The virtual network of the nodes: created here, or your own."""

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import Field

from settings.fields.ids import resource_id
from settings.fields.types import Address, Cidr
from settings.sections.base import Section
from settings.sections.extra import Extra


class ExistingSubnet(Section):
    """A subnet that exists, for some pools or for all that no other subnet names."""

    id: str
    """Resource id of the subnet."""
    cidr: Cidr
    """Its address range; needed to tell before Azure does that nodes and surge will not fit."""
    pools: tuple[str, ...] = ()
    """Names of the pools in it; empty: every pool that no other subnet names."""


class Peering(Section):
    """A network that is joined with the one created here, such as a hub with the machines that run `pulumi up`."""

    network: Annotated[str, resource_id("a virtual network", "Microsoft.Network", "virtualNetworks")]
    """Resource id of the other network."""
    both_sides: bool = True
    """Make the peering in the other network too; false where somebody else does, as in another subscription."""


class NatGateway(Section):
    """A NAT gateway, by which nodes and runners reach the internet; it gives ports on demand, 64,512 an address."""

    addresses: Annotated[int, Field(ge=1, le=16)] = 1
    """Public addresses that it gets."""
    idle_minutes: Annotated[int, Field(ge=4, le=120)] = 4
    """Minutes after which a connection without traffic is dropped."""
    zone: Literal["1", "2", "3"] | None = None
    """Zone that it is in; Azure chooses one unless set."""


class Route(Section):
    """Where packets for a range go from nodes and runners."""

    range: Cidr
    """The range; 0.0.0.0/0 is everything that no other route names."""
    by: Address
    """Address of the firewall or router that takes them."""

    @property
    def name(self) -> str:
        """Name of the route in Azure."""
        return "default" if self.range.prefixlen == 0 else str(self.range).replace("/", "-")


class ExistingNetwork(Section):
    """A network of your own."""

    subnets: Annotated[tuple[ExistingSubnet, ...], Field(min_length=1, max_length=100)]
    """Its subnets for nodes."""
    address_spaces: Annotated[tuple[Cidr, ...], Field(min_length=1, max_length=50)]
    """Address spaces of the virtual network, so that pods and services get none of its other subnets' addresses."""
    api_server_subnet: (
        Annotated[str, resource_id("a subnet", "Microsoft.Network", "virtualNetworks", "subnets")] | None
    ) = None
    """Resource id of a subnet for the API server, delegated to Microsoft.ContainerService/managedClusters."""


class Network(Section):
    """The network of the nodes: `addressSpace` to create one, `existing`, or `ofAks`."""

    address_space: Cidr | None = None
    """Address space of the virtual network to create."""
    existing: ExistingNetwork | None = None
    """Subnets of a virtual network that exists."""
    of_aks: bool = False
    """The nodes are in the network that AKS made for them, as in a cluster that was made elsewhere; nothing is created."""
    ranges_in_use: Annotated[tuple[Cidr, ...], Field(max_length=200)] = ()
    """Ranges of peered and on-premises networks that the pods talk to; neither pods nor services may have them."""
    runner_subnet: Cidr | None = None
    """Range of a subnet to create for the machines that run `pulumi up` and `upgrades`, part of addressSpace."""
    api_server_subnet: Cidr | None = None
    """Range of a subnet to create for the API server (`apiServer.vnetIntegration`), a /28 or larger, part of addressSpace."""
    peerings: Annotated[tuple[Peering, ...], Field(max_length=50)] = ()
    """Networks to join with the one created here."""
    subnets: Literal["shared", "per-pool"] = "shared"
    """One subnet for the nodes of all pools, or one for each pool."""
    subnet_prefix: Annotated[int, Field(ge=8, le=29)] | None = None
    """Prefix length of every created subnet; sized from nodes and surge unless set."""
    nat_gateway: NatGateway | None = None
    """A NAT gateway to create, for `cluster.outboundType: userAssignedNATGateway`."""
    routes: Annotated[tuple[Route, ...], Field(max_length=400)] = ()
    """Routes of a table to create; one for 0.0.0.0/0 is for `cluster.outboundType: userDefinedRouting`."""
    extra: Extra = Field(default_factory=dict)
    """Properties of the created virtual network in Azure's API that have no setting here, such as `dhcpOptions`."""

    @property
    def api_server_subnet_id(self) -> str | None:
        """Resource id of the API server's subnet, where it is one that exists."""
        return self.existing.api_server_subnet if self.existing else None

    @property
    def set_apart(self) -> dict[str, IPv4Network]:
        """The created subnets that are not for nodes, by name."""
        ranges = {"runners": self.runner_subnet, "api-server": self.api_server_subnet}
        return {name: cidr for name, cidr in ranges.items() if cidr}
