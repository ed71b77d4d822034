"""Azure Kubernetes Fleet Manager: the fleet that moves the versions of its members.

Source: Azure Kubernetes Fleet Manager, "Define reusable update strategies" and "Add approvals to update strategies" (read in 2026).
"""

import re
from typing import Annotated, Literal

from pydantic import Field

from settings.fields.base import Words, matching
from settings.fields.ids import resource_id
from settings.sections.base import Section

FLEET_NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,48}[a-z0-9])?")
"""Names of stages and groups; those of fleets and profiles may be longer, and need not be."""
FleetName = Annotated[
    str,
    matching(
        FLEET_NAME,
        "a name that Fleet Manager takes",
        "use at most 50 of a-z, 0-9 and '-', a letter or digit first and last",
    ),
    Words("at most 50 of a-z, 0-9 and `-`"),
]
FleetId = Annotated[str, resource_id("a fleet", "Microsoft.ContainerService", "fleets")]


class FleetStage(Section):
    """One stage of the strategy: its groups go side by side, and the next stage after all of them."""

    name: FleetName
    """Name of the stage."""
    groups: Annotated[tuple[FleetName, ...], Field(min_length=1, max_length=50)]
    """Update groups of members; the group of a stack is its name unless it says another."""
    wait_minutes: Annotated[int, Field(ge=0, le=527040)] = 0
    """Minutes to wait after the stage, up to a year."""
    approval: Literal["before", "after"] | None = None
    """Somebody has to approve before the stage begins, or after it before the next does."""


class FleetAutoUpgrade(Section):
    """Upgrades that the fleet begins by itself."""

    name: FleetName
    """Name of the auto-upgrade profile."""
    channel: Literal["Stable", "Rapid", "NodeImage"]
    """`Stable`: the newest patch of the minor before the newest; `Rapid`: of the newest; `NodeImage`: images alone."""
    enabled: bool = True
    """Whether it begins any."""


class Fleet(Section):
    """The fleet whose member the cluster is: one that exists, or one that this stack makes."""

    id: FleetId | None = None
    """Resource id of a fleet that exists, such as another stack's; what it does is said there."""
    name: FleetName | None = None
    """Name of a fleet to create in the cluster's resource group."""
    group: FleetName | None = None
    """Update group of the cluster; the stack's name unless set, as in `plan --format fleet`."""
    strategy: FleetName = "waves"
    """Name of the update strategy."""
    stages: Annotated[tuple[FleetStage, ...], Field(max_length=50)] = ()
    """The strategy's stages, in their order; `plan --format fleet-settings` writes them."""
    auto_upgrade: Annotated[tuple[FleetAutoUpgrade, ...], Field(max_length=10)] = ()
    """What the fleet upgrades by itself, by the strategy where there are stages."""
