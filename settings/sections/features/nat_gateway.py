"""The NAT gateway that AKS keeps in the network that it made itself."""

from typing import Annotated

from pydantic import Field

from settings.fields.azure import Azure
from settings.sections.base import Section

_N = "networkProfile.natGatewayProfile."


class ManagedNatGateway(Section):
    """AKS's own NAT gateway, for `outboundType: managedNATGateway`; that of a network that is created here is `network.natGateway`."""

    addresses: Annotated[
        Annotated[int, Field(ge=1, le=16)] | None, Azure(f"{_N}managedOutboundIPProfile.count")
    ] = None
    """Number of public addresses that AKS makes; 1 unless set."""
    idle_minutes: Annotated[
        Annotated[int, Field(ge=4, le=120)] | None, Azure(f"{_N}idleTimeoutInMinutes")
    ] = None
    """Minutes after which a connection without traffic is dropped; AKS's 4 unless set."""
