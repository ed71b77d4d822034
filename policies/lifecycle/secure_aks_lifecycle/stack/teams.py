"""Teams that lose their namespace or their groups: with the namespace goes everything in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from secure_aks_lifecycle.stack.record import TeamState, Versions


@dataclass(frozen=True, slots=True)
class Loss:
    """What a team loses: its namespace (None: it keeps it) and Entra groups; `new` are the teams that come in the same change."""

    team: str
    namespace: str | None
    groups: tuple[str, ...]
    new: tuple[str, ...] = ()
    is_gone: bool = True

    def __str__(self) -> str:
        """Say what goes, and what to write where it was only to be renamed."""
        parts: list[str] = []
        if self.namespace:
            parts.append(f"the namespace {self.namespace} with every workload, Secret and volume claim in it")
        if self.groups:
            name = "the Entra group" if len(self.groups) == 1 else "the Entra groups"
            parts.append(f"{name} {', '.join(self.groups)}")
        why = "is no longer in the stack file" if self.is_gone else "changes in the stack file"
        text = f"team {self.team} {why}, and with that goes {' and '.join(parts)}"
        if self.namespace:
            text += f". {self._kept()}"
        return text

    @property
    def names(self) -> tuple[str, ...]:
        """The names by which an exemption may mean it."""
        return (self.team, *([self.namespace] if self.namespace else []))

    def _kept(self) -> str:
        line = f"`namespace: {self.namespace}`"
        if not self.is_gone:
            return f"A namespace cannot be renamed: write {line} to keep it"
        if self.new:
            return f"If it was renamed to {' or '.join(self.new)}, write {line} there, and keep its groups' names: then nothing goes"
        return "Put the team back to keep it"


def lost(before: Versions, after: Versions) -> list[Loss]:
    """List what teams lose with the change from `before` to `after`; a cluster that goes as a whole is not among it."""
    found: list[Loss] = []
    for name, old in before.items():
        if name in after:
            found += _of_cluster(old.teams, after[name].teams)
    return found


def _of_cluster(old: Mapping[str, TeamState], new: Mapping[str, TeamState]) -> list[Loss]:
    namespaces = {team.namespace for team in new.values()}
    groups = {group for team in new.values() for group in team.groups}
    fresh = tuple(name for name in new if name not in old)
    losses = [
        Loss(
            name,
            None if team.namespace in namespaces else team.namespace,
            tuple(group for group in team.groups if group not in groups),
            fresh,
            name not in new,
        )
        for name, team in old.items()
    ]
    return [loss for loss in losses if loss.namespace or loss.groups]
