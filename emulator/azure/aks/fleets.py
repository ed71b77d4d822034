"""Microsoft.ContainerService/fleets: members, update strategies, auto-upgrade profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azure.errors import ArmError, invalid
from emulator.azure.ids import short_hash
from emulator.azure.resource_type import Put, ResourceType, existing
from emulator.azure.shapes import rows
from emulator.cloud.events import CLUSTER_TYPE

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props
    from emulator.cloud.state import Resource, State

_MEMBERS = "Microsoft.ContainerService/fleets/members"
_STRATEGIES = "Microsoft.ContainerService/fleets/updateStrategies"
_CHANNELS = ("Stable", "Rapid", "NodeImage", "TargetKubernetesVersion")


def _stored(put: Put, more: Props | None = None) -> Props:
    tag = short_hash(repr(sorted((k, repr(v)) for k, v in put.body.items())), 32)
    return put.body | (more or {}) | {"name": put.name, "provisioningState": "Succeeded", "eTag": tag}


def put_fleet(put: Put) -> Props:
    """Create or change a fleet."""
    return _stored(put, {"type": "Microsoft.ContainerService/fleets"})


def put_member(put: Put) -> Props:
    """Refuse a member that is no cluster, or that is in a fleet already."""
    cluster = existing(put.state, str(put.body["clusterResourceId"]), CLUSTER_TYPE)
    for other in put.state.of_type(_MEMBERS):
        if (
            other.id.lower() != put.id.lower()
            and str(other.properties["clusterResourceId"]).lower() == cluster.id.lower()
        ):
            raise ArmError(
                409, "Conflict", f"Cluster {cluster.name} is a member of a fleet already: {other.id}."
            )
    return _stored(put, {"type": _MEMBERS})


def put_strategy(put: Put) -> Props:
    """Refuse a strategy without stages, or one that names a stage or a group twice."""
    stages = rows(put.body, "strategy.stages")
    names = [s.get("name") for s in stages]
    groups = [g.get("name") for s in stages for g in rows(s, "groups")]
    if not names or len(names) != len(set(names)):
        raise invalid("strategy.stages", f"at least one stage, each with a name of its own; got {names}")
    if len(groups) != len(set(groups)):
        raise invalid("strategy.stages.groups", f"a group stands in one stage only; got {groups}")
    return _stored(put, {"type": _STRATEGIES})


def put_profile(put: Put) -> Props:
    """Refuse a channel that fleets do not have, and a strategy that does not exist."""
    if put.body.get("channel") not in _CHANNELS:
        raise invalid("channel", f"{put.body.get('channel')} is not one of {', '.join(_CHANNELS)}")
    if strategy := put.body.get("updateStrategyId"):
        existing(put.state, str(strategy), _STRATEGIES)
    return _stored(put, {"type": "Microsoft.ContainerService/fleets/autoUpgradeProfiles"})


def remove_strategy(state: State, strategy: Resource) -> None:
    """Refuse to delete a strategy that a profile uses."""
    for profile in state.of_type("Microsoft.ContainerService/fleets/autoUpgradeProfiles"):
        if str(profile.properties.get("updateStrategyId", "")).lower() == strategy.id.lower():
            raise ArmError(409, "Conflict", f"Update strategy {strategy.name} is used by {profile.id}.")


_FLEET = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.ContainerService/fleets/{fleetName}"
_COMMON = ("eTag", "name", "provisioningState", "systemData", "type")
TYPES = (
    ResourceType("containerservice:Fleet", _FLEET, _COMMON, force_new=("location",), put=put_fleet),
    ResourceType(
        "containerservice:FleetMember",
        _FLEET + "/members/{fleetMemberName}",
        _COMMON,
        required=("clusterResourceId",),
        force_new=("clusterResourceId",),
        located=False,
        put=put_member,
    ),
    ResourceType(
        "containerservice:FleetUpdateStrategy",
        _FLEET + "/updateStrategies/{updateStrategyName}",
        _COMMON,
        required=("strategy",),
        located=False,
        put=put_strategy,
        remove=remove_strategy,
    ),
    ResourceType(
        "containerservice:AutoUpgradeProfile",
        _FLEET + "/autoUpgradeProfiles/{autoUpgradeProfileName}",
        _COMMON,
        required=("channel",),
        located=False,
        put=put_profile,
    ),
)
