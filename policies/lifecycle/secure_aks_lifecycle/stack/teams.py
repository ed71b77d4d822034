"""Teams that lose their namespace or their groups: with the namespace goes everything in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from secure_aks_lifecycle.stack.record import TeamState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from secure_aks_lifecycle.stack.record import Versions


@dataclass(frozen=True, slots=True)
class Loss:
    """What a team loses: its namespace (None: it keeps it) and Entra groups; `new` are the teams that come in the same change."""

    team: str
    namespace: str | None
    groups: tuple[str, ...]
    new: tuple[str, ...] = ()
    is_gone: bool = True
    moved: tuple[str, str] | None = None
    """The cluster that it leaves and the one of the stack that has it still, where there is one."""

    def __str__(self) -> str:
        """Say what goes, and what to write where it was only to be renamed."""
        parts: list[str] = []
        if self.namespace:
            parts.append(f"the namespace {self.namespace} with every workload, Secret and volume claim in it")
        if self.groups:
            name = "the Entra group" if len(self.groups) == 1 else "the Entra groups"
            parts.append(f"{name} {', '.join(self.groups)}")
        why = "is no longer in the stack file" if self.is_gone else "changes in the stack file"
        if self.moved:
            why = f"leaves {self.moved[0]} for {self.moved[1]}"
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
        if self.moved:
            return "While anything still runs there, write `movingFrom` for the team to keep it"
        if not self.is_gone:
            return f"A namespace cannot be renamed: write {line} to keep it"
        if self.new:
            return f"If it was renamed to {' or '.join(self.new)}, write {line} there, and keep its groups' names: then nothing goes"
        return "Put the team back to keep it"


def lost(before: Versions, after: Versions, made: Iterable[tuple[str, TeamState]] = ()) -> list[Loss]:
    """List what teams lose with the change from `before` to `after`; a cluster that goes as a whole is not among it.

    `made` are the teams of the stack's state, whose namespaces and groups count where the record has none of them: an `up` that
    failed half-way made them and recorded nothing.
    """
    found: list[Loss] = []
    # A group is made once for all clusters of a stack.
    groups = {group for new in after.values() for team in new.teams.values() for group in team.groups}
    for name, old in before.items():
        if name in after:
            losses = _of_teams(list(old.teams.items()), after[name].teams, old.teams, groups)
            found += [replace(loss, moved=_moved(loss, name, after)) for loss in losses]
    recorded = {name: team for old in before.values() for name, team in old.teams.items()}
    everyone = {name: team for new in after.values() for name, team in new.teams.items()}
    made = list(made)
    return found + _of_teams(_beside(made, recorded.values()), everyone, {*recorded, *dict(made)}, groups)


def _moved(loss: Loss, cluster: str, after: Versions) -> tuple[str, str] | None:
    """Return where a team has gone that a cluster no longer has."""
    others = (name for name, new in after.items() if name != cluster and loss.team in new.teams)
    other = next(others, None)
    return (cluster, other) if other and loss.is_gone else None


def _beside(
    made: Iterable[tuple[str, TeamState]], recorded: Collection[TeamState]
) -> list[tuple[str, TeamState]]:
    """Return what was made without being recorded."""
    namespaces = {team.namespace for team in recorded}
    groups = {group for team in recorded for group in team.groups}
    return [
        (
            name,
            TeamState(
                "" if team.namespace in namespaces else team.namespace,
                tuple(group for group in team.groups if group not in groups),
            ),
        )
        for name, team in made
    ]


def _of_teams(
    old: Iterable[tuple[str, TeamState]],
    new: Mapping[str, TeamState],
    known: Collection[str],
    groups: Collection[str],
) -> list[Loss]:
    """Compare teams and the stack's `groups`; whoever of `new` is not `known` may be one of `old` under a new name."""
    namespaces = {team.namespace for team in new.values()}
    fresh = tuple(name for name in new if name not in known)
    losses = [
        Loss(
            name,
            None if team.namespace in namespaces else team.namespace,
            tuple(group for group in team.groups if group not in groups),
            fresh,
            name not in new,
        )
        for name, team in old
    ]
    return [loss for loss in losses if loss.namespace or loss.groups]
