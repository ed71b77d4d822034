"""The steps that take a cluster to a version: legal at every point, as few as can be, each with its reason.

The control plane goes minor by minor. A pool moves only when the skew would otherwise stop the control plane, and
again at the end: as late and as seldom as the rules allow. Within a round system pools go first, then canaries,
then Linux user pools, then Windows pools.

A stack that another one follows has to run each version for the days that its follower asks: it takes everything to a
minor before it goes on to the next, and the days stand between. That costs no step, unless a pool may skip minors; then
only the control plane waits.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from secure_aks_lifecycle.versions.skew import oldest_pool_minor
from secure_aks_lifecycle.versions.version import minor_text, minors_between

from upgrades.model.clusters import CONTROL_PLANE, Cluster, Pool
from upgrades.model.steps import Blocker, Duration, Needs, Plan, Step

from .cost import CONTROL_PLANE as CONTROL_PLANE_DURATION
from .cost import most_of, pool_duration, pool_needs
from .fits import frozen, too_long
from .obstacles import blockers
from .reasons import comes_with_control_plane, comes_with_pool, held, why, why_control_plane
from .route import leap, notes, route, stop
from .waves.waits import Waits

if TYPE_CHECKING:
    from datetime import date

    from secure_aks_lifecycle.facts.catalog import Catalog
    from secure_aks_lifecycle.versions.version import Version


def plan(cluster: Cluster, target: Version, catalog: Catalog, on: date) -> Plan:
    """Return the plan for one cluster; it has blockers instead of steps when something is in the way."""
    found = blockers(cluster, target, catalog, on)
    if found:
        return Plan(cluster, target, (), tuple(found))
    planner = _Planner(cluster, target, catalog, on)
    planner.run()
    stuck = (*planner.blockers, *too_long(cluster, planner.steps), *frozen(cluster, planner.steps, on))
    said = (*notes(cluster, target, catalog, on), *planner.notes)
    if stuck:
        return Plan(cluster, target, (), stuck, said)
    return Plan(cluster, target, tuple(planner.steps), notes=said)


class _Planner:
    """Walks a cluster to its target and writes down each step."""

    def __init__(self, cluster: Cluster, target: Version, catalog: Catalog, on: date) -> None:
        if leap(cluster, target) and cluster.pools_leap:
            cluster = replace(cluster, rules=replace(cluster.rules, pool_skips_minors=True))
        self.cluster = cluster
        self.control_plane = cluster.control_plane
        self.at = {pool.name: pool.version for pool in cluster.pools}
        self.loads = {
            pool.name: (pool_duration(pool), pool_needs(pool), most_of(pool)) for pool in cluster.pools
        }
        self.pools = sorted(cluster.pools, key=self._place)
        self.target = target
        self.catalog = catalog
        self.on = on
        self.steps: list[Step] = []
        self.blockers: list[Blocker] = []
        self.notes: list[str] = []
        self.staying: set[str] = set()
        self.waits = Waits(cluster.follower_days, cluster.hold_days)

    def run(self) -> None:
        for version in route(self.cluster, self.target, self.catalog, self.on):
            if version is None:  # a gap is a blocker, found before
                continue
            self._make_room(version)
            self._move_control_plane(version)
            if self.cluster.follower_days and not self.cluster.rules.pool_skips_minors:
                self._bring_pools_up(version)
        self._bring_pools_up(self.target)

    def _place(self, pool: Pool) -> tuple[tuple[int, int], int]:
        """Return a pool's place in a round: its rank, and where windows close the longest of a rank first.

        A long step fits only early in an opening, a short one into what is left of it.
        """
        closes = self.cluster.maintenance is not None and self.cluster.maintenance.upgrades is not None
        return pool.rank, -self.loads[pool.name][0].longest if closes else 0

    def _make_room(self, version: Version) -> None:
        """Move the pools that would be too old under the control plane's next version."""
        oldest = oldest_pool_minor(version.minor, self.cluster.rules)
        while behind := [
            pool
            for pool in self.pools
            if self.at[pool.name].minor < oldest and not self._stays(pool, version, needed=True)
        ]:
            for pool in behind:
                skew = self.cluster.rules.skew_minors
                self._move_pool(
                    pool,
                    f"at {minor_text(self.at[pool.name].minor)} it would be more than {skew} minors behind "
                    f"the control plane's next {version}",
                )

    def _move_control_plane(self, version: Version) -> None:
        reason = why_control_plane(self.control_plane, version, self.target)
        also = comes_with_control_plane(self.control_plane.minor, version.minor)
        self._add(CONTROL_PLANE, self.control_plane, version, reason, CONTROL_PLANE_DURATION, Needs(), also)
        self.control_plane = version

    def _bring_pools_up(self, to: Version) -> None:
        """Let the pools with the longest way catch up first, so that the last step of each comes in the order of ranks."""
        while behind := [
            pool for pool in self.pools if self.at[pool.name] < to and not self._stays(pool, to)
        ]:
            longest = max(self._steps_left(pool, to) for pool in behind)
            for pool in behind:
                if self._steps_left(pool, to) == longest:
                    self._move_pool(pool, why(pool, longest, self.target))

    def _stays(self, pool: Pool, to: Version, *, needed: bool = False) -> bool:
        """Tell whether a pool stays where it is, because the version that it would take is held after a rollback."""
        if pool.name in self.staying:
            return True
        following = self._next(pool)
        if following not in self.cluster.held.get(pool.name, frozenset()):
            return False
        self.staying.add(pool.name)
        because, lift = held(pool.name, self.cluster, following)
        if needed:
            self.blockers.append(
                Blocker(
                    self.cluster.name,
                    f"pool {pool.name}",
                    f"{because}, and at {self.at[pool.name]} it would be too far behind the control plane's next {to}",
                    f"choose a target past {following}, or {lift}",
                )
            )
        else:
            self.notes.append(
                f"pool {pool.name} stays at {self.at[pool.name]}: {because}; a newer version goes, or {lift}"
            )
        return True

    def _steps_left(self, pool: Pool, to: Version) -> int:
        skips = self.cluster.rules.pool_skips_minors
        return 1 if skips else max(minors_between(self.at[pool.name].minor, to.minor), 1)

    def _move_pool(self, pool: Pool, reason: str) -> None:
        before, after = self.at[pool.name], self._next(pool)
        duration, needs, _ = self.loads[pool.name]
        also = comes_with_pool(before.minor, after.minor, pool.os_sku)
        self._add(pool.name, before, after, reason, duration, needs, also, pool)
        self.at[pool.name] = after

    def _add(  # noqa: PLR0913, PLR0917  # what a step consists of
        self,
        target: str,
        before: Version,
        after: Version,
        reason: str,
        duration: Duration,
        needs: Needs,
        changes: tuple[str, ...],
        pool: Pool | None = None,
    ) -> None:
        """Write a step down."""
        wait = self.waits.days_before(target)
        if wait:
            reason += (
                f"; {wait} days later, because a stack that follows asks that each version proves itself"
            )
        stack, name = self.cluster.stack, self.cluster.name
        most = self.loads[pool.name][2] if pool else None
        self.steps.append(
            Step(stack, name, target, before, after, reason, duration, needs, wait, most, pool, changes)
        )

    def _next(self, pool: Pool) -> Version:
        """Return the furthest version the pool may go to in one step under the present control plane."""
        version = self.at[pool.name]
        following = (version.major, version.minor_number + 1)
        if self.cluster.rules.pool_skips_minors or self.control_plane.minor in (
            version.minor,
            following,
        ):
            return self._under_control_plane(pool)
        patch = stop(self.cluster, following, self.catalog, self.on, pool)
        if patch is None:
            raise LookupError(f"no patch of {minor_text(following)} is known")  # a blocker, found before
        return patch

    def _under_control_plane(self, pool: Pool) -> Version:
        """Return the control plane's version; on the way past it, another patch of its minor where the pool's own profile has no more."""
        here = self.control_plane
        is_now = here == self.cluster.control_plane and self.at[pool.name] == pool.version
        own = {version for version in pool.offered or () if version.minor == here.minor}
        return here if here in own or here == self.target or not is_now else max(own, default=here)
