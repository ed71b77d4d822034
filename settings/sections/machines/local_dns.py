"""A DNS cache on each node."""

from typing import Annotated, Literal

from pydantic import Field

from settings.fields.azure import Azure
from settings.sections.base import Section

Seconds = Annotated[int, Field(ge=0, le=86400)]


class LocalDnsZone(Section):
    """How names of one zone are looked up; AKS's own defaults where a key is left out."""

    forward_to: Annotated[Literal["ClusterCoreDNS", "VnetDNS"] | None, Azure("forwardDestination")] = None
    """Who is asked."""
    forward_policy: Annotated[
        Literal["Sequential", "RoundRobin", "Random"] | None, Azure("forwardPolicy")
    ] = None
    """In which order."""
    protocol: Annotated[Literal["PreferUDP", "ForceTCP"] | None, Azure("protocol")] = None
    """How."""
    log: Annotated[Literal["Error", "Log"] | None, Azure("queryLogging")] = None
    """What is logged: errors, or every query."""
    most_at_once: Annotated[Annotated[int, Field(ge=1, le=100_000)] | None, Azure("maxConcurrent")] = None
    """Most queries at the same time."""
    cache_seconds: Annotated[
        Annotated[int, Field(ge=1, le=86400)] | None, Azure("cacheDurationInSeconds")
    ] = None
    """Longest time that an answer is kept."""
    stale: Annotated[Literal["Verify", "Immediate", "Disable"] | None, Azure("serveStale")] = None
    """Whether an old answer is given while nobody has a new one."""
    stale_seconds: Annotated[Seconds | None, Azure("serveStaleDurationInSeconds")] = None
    """For how long."""


class LocalDns(Section):
    """LocalDNS: a DNS cache on each node, so that names are found while CoreDNS is busy."""

    mode: Annotated[Literal["Preferred", "Required", "Disabled"], Azure("localDNSProfile.mode")] = "Required"
    """`Preferred` only checks what is written here."""
    vnet: Annotated[dict[str, LocalDnsZone], Azure("localDNSProfile.vnetDNSOverrides")] = Field(
        default_factory=dict
    )
    """Zones, such as "." and cluster.local, for pods that ask the network's DNS (dnsPolicy Default)."""
    cluster: Annotated[dict[str, LocalDnsZone], Azure("localDNSProfile.kubeDNSOverrides")] = Field(
        default_factory=dict
    )
    """The same for pods that ask the cluster's DNS (dnsPolicy ClusterFirst)."""
