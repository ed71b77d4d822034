"""Whether versions have proven themselves on the stack that goes first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from secure_aks_lifecycle.versions.refusal import Refusal, subject

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from secure_aks_lifecycle.stack.record import PoolState, Run, Versions
    from secure_aks_lifecycle.versions.version import Version


@dataclass(frozen=True, slots=True)
class Followed:
    """The stack that goes first: its name, the versions it has recorded, and the days a version must have run there."""

    stack: str
    versions: Versions
    soak_days: int


def unproven(before: Versions | None, after: Versions, followed: Followed, now: datetime) -> list[Refusal]:
    """List the versions new to this stack that have not run on the followed one for long enough.

    A stack's first `up` (`before` is None) waits for nothing, but its versions may not be above what that stack runs.
    """
    found: list[Refusal] = []
    for cluster, pool, version, runs in _new(before, after, followed.versions):
        text = _ahead(version, runs, followed) if before is None else _too_fresh(version, runs, followed, now)
        if text:
            found.append(Refusal("unproven", cluster, pool, f"{subject(cluster, pool)}: {text}"))
    return found


def _new(
    before: Versions | None, after: Versions, followed: Versions
) -> Iterator[tuple[str, str | None, Version, list[Run]]]:
    for name, cluster in after.items():
        old = (before or {}).get(name)
        if old is None or old.control_plane != cluster.control_plane:
            yield (
                name,
                None,
                cluster.control_plane,
                [run for other in followed.values() for run in other.runs],
            )
        for pool, state in cluster.pools.items():
            if old is None or pool not in old.pools or old.pools[pool].version != state.version:
                yield name, pool, state.version, _pool_runs(pool, state, followed)


def _pool_runs(name: str, pool: PoolState, followed: Versions) -> list[Run]:
    """Return the runs that prove something for a pool: those of its namesakes, else of its operating system, else of all."""
    pools = [(other, state) for cluster in followed.values() for other, state in cluster.pools.items()]
    same_os = [(other, state) for other, state in pools if state.os_type == pool.os_type]
    namesakes = [(other, state) for other, state in same_os if other == name]
    return [run for _, state in namesakes or same_os or pools for run in state.runs]


def _ahead(version: Version, runs: list[Run], followed: Followed) -> str | None:
    newest = max((run.version for run in runs), default=None)
    if newest is None or version <= newest:
        return None
    return (
        f"{version} is above {newest}, the newest that {followed.stack} has run; {followed.stack} goes first"
    )


def _too_fresh(version: Version, runs: list[Run], followed: Followed, now: datetime) -> str | None:
    stack, days = followed.stack, followed.soak_days
    same = [run for run in runs if run.version == version]
    if not same:
        running = (
            ", ".join(sorted({str(run.version) for run in runs if run.until is None}))
            or "nothing of its kind"
        )
        return f"{version} has not run on {stack}, which runs {running}; take this step there first, then wait {days} days"
    soak = timedelta(days=days)
    if any(run.since and (run.until or now) - run.since >= soak for run in same):
        return None
    since = min((run.since for run in same if run.since and run.until is None), default=None)
    if since is None:
        return f"{version} left {stack} before it had run there for {days} days; go on to the version that {stack} runs"
    return (
        f"{version} has run on {stack} since {since:%Y-%m-%d %H:%M} UTC, and {days} days are asked; "
        f"try again after {since + soak:%Y-%m-%d %H:%M} UTC"
    )
