"""Which changes of versions AKS and the project allow, and in which order.

A *step* changes exactly one control plane or one node pool.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from secure_aks_lifecycle.stack.record import ClusterState, PoolState, Versions
from secure_aks_lifecycle.versions.refusal import Refusal, subject
from secure_aks_lifecycle.versions.skew import Rules, pool_problem
from secure_aks_lifecycle.versions.version import Version, minor_text, minors_between

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

__all__ = ["ClusterState", "PoolState", "Refusal", "Step", "Versions", "illegal", "steps_between"]


@dataclass(frozen=True, slots=True)
class Step:
    """A change of one control plane (`pool` is None) or of one pool: its version, its OS SKU, or both."""

    cluster: str
    pool: str | None
    before: Version
    after: Version
    os_sku: tuple[str, str] | None = None

    @property
    def subject(self) -> str:
        """What changes, in words."""
        return subject(self.cluster, self.pool)

    def __str__(self) -> str:
        changes = [f"{self.before} -> {self.after}"] if self.before != self.after else []
        changes += [" -> ".join(self.os_sku)] if self.os_sku else []
        return f"{self.subject} {' and '.join(changes)}"


def steps_between(before: Versions, after: Versions) -> list[Step]:
    """List what changes, in the order to take it: a control plane before its pools, system pools before the others.

    What is new or gone is not a step.
    """
    return [
        step for name in after if name in before for step in _cluster_steps(name, before[name], after[name])
    ]


def illegal(
    before: Versions,
    after: Versions,
    rules: Rules,
    lts: Container[str] = frozenset(),
    *,
    permitted: bool = False,
) -> list[Refusal]:
    """List every reason why `after` may not follow `before` in one `up`; none when it is one legal step or no step.

    `lts` are the clusters with long-term support, whose control planes and pools may skip minors within the skew. What is
    `permitted` may go down, skip and change several at once; the skew holds for it too.
    """
    steps = steps_between(before, after)
    found: list[Refusal] = []
    down = [step for step in steps if step.after < step.before]
    if len(down) > 1 and not permitted:
        # One reason and one remedy; that these are several does not matter, since none of them can be taken.
        found.append(_all_down(down))
        steps = [step for step in steps if step not in down]
    if len(steps) > 1 and not permitted:
        found.append(_several(steps))
    found.extend(_mixed(before, after, steps))
    for step in () if permitted else steps:
        found.extend(_step_refusals(step, rules, has_lts=step.cluster in lts))
    for name, cluster in after.items():
        found.extend(_pool_refusals(name, cluster, before.get(name), rules))
    return found


def _cluster_steps(name: str, before: ClusterState, after: ClusterState) -> Iterator[Step]:
    if before.control_plane != after.control_plane:
        yield Step(name, None, before.control_plane, after.control_plane)
    pools = [(pool, before.pools[pool], state) for pool, state in after.pools.items() if pool in before.pools]
    for pool, old, new in sorted(pools, key=lambda item: item[2].mode != "System"):
        sku = (old.os_sku, new.os_sku) if old.os_sku and new.os_sku and old.os_sku != new.os_sku else None
        if old.version != new.version or sku:
            yield Step(name, pool, old.version, new.version, sku)


def _several(steps: list[Step]) -> Refusal:
    lines = "; ".join(str(step) for step in steps)
    return Refusal(
        "several-changes",
        None,
        None,
        f"{len(steps)} changes in one `up` ({lines}); only one control plane or one pool may change at a time, so that a "
        f"failure has one cause. Keep {steps[0]}, put the others back, and take them one by one afterwards",
    )


def _all_down(steps: list[Step]) -> Refusal:
    lines = "; ".join(str(step) for step in steps)
    return Refusal(
        "downgrade",
        None,
        None,
        f"{len(steps)} versions go down ({lines}), and AKS never takes a control plane down, and a pool only by a rollback: "
        "write again what runs, which is the version before each arrow",
    )


def _mixed(before: Versions, after: Versions, steps: list[Step]) -> Iterator[Refusal]:
    """Yield why pools may not come or go together with something else: each is a change of its own, in several clusters too."""
    kinds: dict[str, dict[str, list[str]]] = {}
    for name, new in after.items():
        if name in before:
            of_cluster = _kinds(name, before[name], new, steps)
            kinds |= {name: of_cluster} if of_cluster else {}
    if len({kind for of_cluster in kinds.values() for kind in of_cluster}) < 2:  # noqa: PLR2004  # one thing
        return
    said = "; ".join(
        what if len(kinds) == 1 else f"{name}: {what}"
        for name, of_cluster in kinds.items()
        for what in map("; ".join, of_cluster.values())
    )
    comes = any("added" in of_cluster for of_cluster in kinds.values())
    yield Refusal(
        "several-changes",
        next(iter(kinds)) if len(kinds) == 1 else None,
        None,
        f"one `up` of {' and '.join(kinds)} does more than one thing ({said}); a step changes one version, or adds "
        "pools, or deletes pools, so that a failure has one cause. "
        + (
            "Add the pools first, then take the steps, and delete what is drained at the end"
            if comes
            else "Take the step first, and delete in a later `up`"
        ),
    )


def _kinds(name: str, old: ClusterState, new: ClusterState, steps: list[Step]) -> dict[str, list[str]]:
    """Return what changes of a cluster, by the kinds of change that an `up` may have one of."""
    added = sorted(new.pools.keys() - old.pools.keys())
    gone = sorted(old.pools.keys() - new.pools.keys())
    found = {
        "changed": [str(step) for step in steps if step.cluster == name],
        "added": [f"pool {', '.join(added)} added"] if added else [],
        "gone": [f"pool {', '.join(gone)} deleted"] if gone else [],
    }
    return {kind: what for kind, what in found.items() if what}


def _step_refusals(step: Step, rules: Rules, *, has_lts: bool) -> Iterator[Refusal]:
    skipped = minors_between(step.before.minor, step.after.minor)
    furthest = rules.skew_minors if has_lts or (step.pool is not None and rules.pool_skips_minors) else 1
    if step.after < step.before:
        way = (
            "AKS never takes a control plane down; write the version it runs"
            if step.pool is None
            else "AKS takes a pool down only by a rollback (./secure-aks upgrades rollback --pool "
            f"{step.pool}); write the version it runs, or add a new pool at the version you want"
        )
        yield Refusal(
            "downgrade",
            step.cluster,
            step.pool,
            f"{step.subject} goes down from {step.before} to {step.after}; {way}",
        )
    elif skipped > furthest:
        following = minor_text((step.before.major, step.before.minor_number + 1))
        yield Refusal(
            "skipped-minor",
            step.cluster,
            step.pool,
            f"{step.subject} goes from {step.before} to {step.after} and skips {_skipped(step)}; one minor at a time: "
            f"write the newest patch of {following} first",
        )


def _skipped(step: Step) -> str:
    between = range(step.before.minor_number + 1, step.after.minor_number)
    return ", ".join(minor_text((step.before.major, number)) for number in between) or "a major version"


def _pool_refusals(
    name: str, after: ClusterState, before: ClusterState | None, rules: Rules
) -> Iterator[Refusal]:
    for pool, state in after.pools.items():
        problem = pool_problem(after.control_plane, state.version, rules)
        if problem and not _on_its_way_out(pool, before, after):
            above = state.version > after.control_plane
            yield Refusal(
                "above-control-plane" if above else "skew", name, pool, f"{subject(name, pool)}: {problem}"
            )


def _on_its_way_out(pool: str, before: ClusterState | None, after: ClusterState) -> bool:
    """Tell whether the pool was already too far away, under this control plane, and does not move further.

    Refusing that would close the only way back: one minor at a time.
    """
    if before is None or pool not in before.pools or before.control_plane != after.control_plane:
        return False
    old, new = before.pools[pool].version, after.pools[pool].version
    return old == new or old < new <= after.control_plane
