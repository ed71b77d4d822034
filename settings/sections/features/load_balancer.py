"""The addresses behind which the cluster reaches the internet, where a load balancer is its way out."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from settings.fields.azure import Azure
from settings.fields.base import refused
from settings.fields.ids import resource_id
from settings.sections.base import Section

_L = "networkProfile.loadBalancerProfile."
_PORTS_MULTIPLE = 8


def _ports(value: object) -> object:
    if isinstance(value, int) and value % _PORTS_MULTIPLE:
        raise refused(
            f"Azure hands ports out by eights, and {value} is no multiple of 8",
            f"write {value - value % _PORTS_MULTIPLE + _PORTS_MULTIPLE}",
        )
    return value


AddressId = Annotated[str, resource_id("a public IP address", "Microsoft.Network", "publicIPAddresses")]
PrefixId = Annotated[str, resource_id("a public IP prefix", "Microsoft.Network", "publicIPPrefixes")]


class LoadBalancer(Section):
    """The load balancer's addresses and ports for what leaves the cluster: at most one of `addresses`, `addressIds` and `prefixIds`."""

    addresses: Annotated[
        Annotated[int, Field(ge=1, le=100)] | None, Azure(f"{_L}managedOutboundIPs.count")
    ] = None
    """Number of addresses that AKS makes; 1 unless set."""
    address_ids: Annotated[
        tuple[AddressId, ...], Field(max_length=100), Azure(f"{_L}outboundIPs.publicIPs[].id")
    ] = ()
    """Addresses of your own, such as those that others have let in by name."""
    prefix_ids: Annotated[
        tuple[PrefixId, ...], Field(max_length=10), Azure(f"{_L}outboundIPPrefixes.publicIPPrefixes[].id")
    ] = ()
    """Prefixes of your own."""
    ports_per_node: Annotated[
        Annotated[int, Field(ge=0, le=64_000), BeforeValidator(_ports)] | None,
        Azure(f"{_L}allocatedOutboundPorts"),
    ] = None
    """SNAT ports of each node, a multiple of 8; by the number of nodes unless set, which shrinks as they grow."""
    idle_minutes: Annotated[
        Annotated[int, Field(ge=4, le=120)] | None, Azure(f"{_L}idleTimeoutInMinutes")
    ] = None
    """Minutes after which an idle connection loses its port; AKS's 30 unless set."""
    backend_pool: Annotated[
        Literal["NodeIPConfiguration", "NodeIP"] | None, Azure(f"{_L}backendPoolType")
    ] = None
    """What the load balancer's backends are; the nodes' network interfaces unless set."""
