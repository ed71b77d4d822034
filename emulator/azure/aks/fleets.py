"""Microsoft.ContainerService/fleets: what the tables (types.yaml, refusals.yaml) do not say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azure.errors import ArmError

if TYPE_CHECKING:
    from emulator.cloud.state import Resource, State


def remove_strategy(state: State, strategy: Resource) -> None:
    """Refuse to delete a strategy that a profile uses."""
    for profile in state.of_type("Microsoft.ContainerService/fleets/autoUpgradeProfiles"):
        if str(profile.properties.get("updateStrategyId", "")).lower() == strategy.id.lower():
            raise ArmError(409, "Conflict", f"Update strategy {strategy.name} is used by {profile.id}.")
