"""What a plan consists of: steps with their length and their needs, what blocks it, and the plan itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .clusters import CONTROL_PLANE, Cluster, Pool
from .moves import ENDS, Move

if TYPE_CHECKING:
    from secure_aks_lifecycle.versions.version import Version


@dataclass(frozen=True, slots=True)
class Duration:
    """How long a step takes, in minutes: as expected, and when every drain runs into its time-out."""

    expected: int
    longest: int

    def __add__(self, other: Duration) -> Duration:
        return Duration(self.expected + other.expected, self.longest + other.longest)


@dataclass(frozen=True, slots=True)
class Needs:
    """What a step takes for its surge nodes: subnet addresses, and cores of quota (None: not known)."""

    addresses: int = 0
    cores: int | None = 0


@dataclass(frozen=True, slots=True)
class Load:
    """What a step takes when its pool has so many nodes."""

    nodes: int
    duration: Duration
    needs: Needs


@dataclass(frozen=True, slots=True)
class Step:
    """Exactly one change: one control plane or one node pool, one version, and why it comes now.

    `wait_days` have to pass before it, so that a stack which follows finds the version before it proven.
    `duration` and `needs` are those of the nodes that the pool has as far as the plan knows, `most` those of the most
    nodes it may have when the step begins (None: it cannot have more); `pool` is the pool's shape, from which
    they are worked out anew when it begins. `changes` are what else comes with the step, by name. A `move` is a step of a
    pool's replacement, which leaves versions as they are. `whole` are the pools, with what they run before, that go together with
    the control plane: the one change of several versions that AKS has, for a cluster that is out of support.
    """

    stack: str
    cluster: str
    target: str
    before: Version
    after: Version
    reason: str
    duration: Duration
    needs: Needs = Needs()
    wait_days: int = 0
    most: Load | None = None
    pool: Pool | None = None
    changes: tuple[str, ...] = ()
    image_before: str = ""
    image_after: str = ""
    move: Move | None = None
    whole: tuple[Pool, ...] = ()

    @property
    def parts(self) -> tuple[Step, ...]:
        """The changes of one target each that it consists of: itself, or the control plane and each pool of a full-cluster upgrade.

        These keep the length and the needs of the whole.
        """
        if not self.whole:
            return (self,)
        plane = replace(self, target=CONTROL_PLANE, whole=())
        pools = (replace(plane, target=pool.name, before=pool.version, pool=pool) for pool in self.whole)
        return (plane, *pools)

    @property
    def is_image(self) -> bool:
        """Tell whether the step gives a pool a newer node image and leaves its version."""
        return bool(self.image_after)

    @property
    def ends(self) -> tuple[str, str]:
        """What the target runs before and after, as a person reads it: versions, node images, or what becomes of a pool."""
        if self.move:
            return ENDS[self.move.kind]
        return (self.image_before, self.image_after) if self.is_image else (str(self.before), str(self.after))

    @property
    def is_control_plane(self) -> bool:
        """Tell whether the step moves the control plane."""
        return self.target == CONTROL_PLANE

    @property
    def title(self) -> str:
        """The step in one line, without its reason."""
        before, after = self.ends
        return f"{self.cluster}: {self.target} {before} -> {after}"


@dataclass(frozen=True, slots=True)
class Blocker:
    """Something that no plan gets past, and what clears it."""

    cluster: str
    what: str
    why: str
    unblock: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps that take one cluster to a version; none when `blockers` has any. `notes` are what a reader has to know."""

    cluster: Cluster
    target: Version
    steps: tuple[Step, ...]
    blockers: tuple[Blocker, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def duration(self) -> Duration:
        """The length of all steps one after another, without the days between."""
        return sum((step.duration for step in self.steps), Duration(0, 0))

    @property
    def legs(self) -> tuple[tuple[Step, ...], ...]:
        """The steps in runs that need no days between them: what one rollout does."""
        found: list[list[Step]] = []
        for step in self.steps:
            if step.wait_days or not found:
                found.append([])
            found[-1].append(step)
        return tuple(tuple(leg) for leg in found)
