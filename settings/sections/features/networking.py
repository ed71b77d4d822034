"""What Cilium gives beyond network policies."""

from typing import Annotated, Literal

from settings.fields.azure import Azure
from settings.sections.base import Section

_A = "networkProfile.advancedNetworking."


class AdvancedNetworking(Section):
    """Advanced Container Networking Services; they cost by node and hour."""

    observability: Annotated[bool, Azure(f"{_A}observability.enabled")] = True
    """Flows and metrics of the pods' traffic."""
    policies: Annotated[
        Literal["FQDN", "L7"] | None,
        Azure(f"{_A}security.advancedNetworkPolicies"),
        Azure(f"{_A}security.enabled", values={"FQDN": True, "L7": True}),
    ] = None
    """Cilium network policies by names of hosts (`FQDN`), or by HTTP methods and paths as well (`L7`)."""
