"""What a namespace opens in its network: from whom it takes traffic, and whom it may reach."""

from typing import Annotated, Literal

from pydantic import Field

from settings.fields.base import Words, matching
from settings.fields.types import DNS_LABEL, Cidr, DnsLabel
from settings.sections.base import Section

PeerName = Annotated[
    str,
    matching(
        DNS_LABEL,
        "the name of a team or of a platform controller",
        "write one of those; a NetworkPolicy knows no names of hosts, so open their addresses with `range`",
    ),
    Words("the name of a team or of a platform controller"),
]

Port = Annotated[int, Field(ge=1, le=65_535)]


class Opening(Section):
    """One opening: exactly one of `name`, `namespace` and `range`, and the ports."""

    name: PeerName | None = None
    """A team or a platform controller of this stack, whose namespace it is."""
    namespace: DnsLabel | None = None
    """A namespace."""
    range: Cidr | None = None
    """Addresses outside of the cluster; the pods' own and those of Azure's metadata are left out of it."""
    ports: Annotated[tuple[Port, ...], Field(min_length=1, max_length=50)]
    """Ports: the pods' own here, those of the other side in `egress`."""
    protocol: Literal["TCP", "UDP", "SCTP"] = "TCP"
    """Protocol of the ports."""
    pods: dict[str, str] = Field(default_factory=dict)
    """Labels of the pods of this namespace that it is for; all of them unless set."""


Openings = Annotated[tuple[Opening, ...], Field(max_length=100)]
"""The openings of one direction."""
