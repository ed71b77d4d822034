"""The network of the nodes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi


@dataclass(frozen=True)
class SubnetArgs:
    """A subnet for nodes: created, or one that exists."""

    name: str
    """Name of the subnet."""
    cidr: str
    """Its address range."""
    pools: Sequence[str] = ()
    """Names of the pools in it."""
    id: pulumi.Input[str] | None = None
    """Resource id of a subnet that exists."""


@dataclass(frozen=True)
class PeeringArgs:
    """A network that is joined with the one created here, such as a hub with the machines that run `pulumi up`."""

    network: str
    """Resource id of the other network."""
    both_sides: bool = True
    """Make the peering in the other network too; false where somebody else does, as in another subscription."""


@dataclass(frozen=True)
class NatGatewayArgs:
    """A NAT gateway, by which nodes and runners reach the internet."""

    addresses: int = 1
    """Public addresses that it gets, 16 at most."""
    idle_minutes: int = 4
    """Minutes after which a connection without traffic is dropped."""
    zone: str | None = None
    """Zone that it is in; Azure chooses one unless set."""


@dataclass(frozen=True)
class RouteArgs:
    """Where packets for a range go from nodes and runners."""

    name: str
    """Name of the route."""
    range: str
    """The range; 0.0.0.0/0 is everything that no other route names."""
    by: str
    """Address of the firewall or router that takes them."""


@dataclass(frozen=True)
class NetworkArgs:
    """What a network has beside the subnets of nodes."""

    set_apart: Mapping[str, str] = field(default_factory=dict[str, str])
    """Ranges of created subnets that are not for nodes, by name; `api-server` is delegated to AKS."""
    api_server_subnet_id: pulumi.Input[str] | None = None
    """Resource id of a subnet for the API server that exists, delegated to Microsoft.ContainerService/managedClusters."""
    peerings: Sequence[PeeringArgs] = ()
    """Networks to join with the one created here."""
    nat_gateway: NatGatewayArgs | None = None
    """A NAT gateway to create."""
    routes: Sequence[RouteArgs] = ()
    """Routes of a table to create."""
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Properties of the created virtual network in Azure's API that have no argument here, such as `dhcpOptions`."""
