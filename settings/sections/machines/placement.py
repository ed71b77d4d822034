"""Where a pool's machines come from and stand."""

from typing import Annotated

from settings.fields.azure import Azure
from settings.fields.ids import resource_id
from settings.sections.base import Section


class Placement(Section):
    """Where the machines come from; a pool keeps each for life."""

    capacity_reservation_group: Annotated[
        Annotated[
            str, resource_id("a capacity reservation group", "Microsoft.Compute", "capacityReservationGroups")
        ]
        | None,
        Azure("capacityReservationGroupID"),
    ] = None
    """Group of reservations that the machines are taken from; reserve for the surge as well."""
    host_group: Annotated[
        Annotated[str, resource_id("a group of dedicated hosts", "Microsoft.Compute", "hostGroups")] | None,
        Azure("hostGroupID"),
    ] = None
    """Group of hosts that are yours alone."""
    proximity_placement_group: Annotated[
        Annotated[
            str, resource_id("a proximity placement group", "Microsoft.Compute", "proximityPlacementGroups")
        ]
        | None,
        Azure("proximityPlacementGroupID"),
    ] = None
    """Group of machines that stand close to each other, which keeps the pool in one zone."""
    snapshot: Annotated[
        Annotated[str, resource_id("a snapshot of a node pool", "Microsoft.ContainerService", "snapshots")]
        | None,
        Azure("creationData.sourceResourceId"),
    ] = None
    """Snapshot whose node image the pool begins with."""
