"""The virtual network of the nodes: created here, or your own."""

from typing import Annotated, Literal

from pydantic import Field

from settings.fields.types import Cidr
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


class ExistingNetwork(Section):
    """A network of your own."""

    subnets: Annotated[tuple[ExistingSubnet, ...], Field(min_length=1, max_length=100)]
    """Its subnets for nodes."""
    address_spaces: Annotated[tuple[Cidr, ...], Field(min_length=1, max_length=50)]
    """Address spaces of the virtual network, so that pods and services get none of its other subnets' addresses."""


class Network(Section):
    """The network of the nodes: `addressSpace` to create one, or `existing`."""

    address_space: Cidr | None = None
    """Address space of the virtual network to create."""
    existing: ExistingNetwork | None = None
    """Subnets of a virtual network that exists."""
    ranges_in_use: Annotated[tuple[Cidr, ...], Field(max_length=200)] = ()
    """Ranges of peered and on-premises networks that the pods talk to; neither pods nor services may have them."""
    subnets: Literal["shared", "per-pool"] = "shared"
    """One subnet for the nodes of all pools, or one for each pool."""
    subnet_prefix: Annotated[int, Field(ge=8, le=29)] | None = None
    """Prefix length of every created subnet; sized from nodes and surge unless set."""
    extra: Extra = Field(default_factory=dict)
    """Properties of the created virtual network in Azure's API that have no setting here, such as `dhcpOptions`."""
