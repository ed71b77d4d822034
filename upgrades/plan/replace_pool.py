"""A pool whose machines Azure cannot change in place (VM size, zones, OS): a new one beside it, its pods moved, the old one gone.

Sources: AKS, "Resize node pools" (add, cordon, drain, delete) and "Manage node pools": a pool with `mode: System` keeps
a node at least, a pool made with the cluster is its first system pool.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from settings.cluster_names import further_of
from settings.facts.data_files import longest_pool_name
from upgrades import typed
from upgrades.model.moves import Kind, Move
from upgrades.model.steps import Blocker, Duration, Needs, Plan, Step

from .cost import DRAIN_MINUTES, EMPTY, NODE_MINUTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from upgrades.model.clusters import Cluster, Pool

ADDED = Duration(expected=8, longest=60)
"""A pool that is made, beside the time its nodes take: an estimate; AKS documents no figure."""
GONE = Duration(expected=5, longest=30)
"""A pool without nodes that is deleted: an estimate."""
NOT_HERE = {
    "name": "name the new pool with --name",
    "version": "a version changes by a step of its own, before or after this: that is what `rollout` is for",
}


def new_name(old: str, os_type: str, taken: frozenset[str]) -> str:
    """Return a name for the new pool: the old one's with the next free number, within the length that its OS allows.

    Numbers begin anew where one would leave no room for a letter, with which a name begins.
    """
    stem = old.rstrip("0123456789")
    number = int(old[len(stem) :] or 1)
    longest = longest_pool_name(os_type)
    while True:
        number = number + 1 if len(str(number + 1)) < longest else 2
        name = f"{stem[: longest - len(str(number))]}{number}"
        if name not in taken:
            return name


def replace_pool(  # noqa: PLR0913  # each is a separate input
    cluster: Cluster,
    old: str,
    new: Pool,
    says: Mapping[str, Any],
    values: Mapping[str, Any],
    *,
    locked: bool = False,
) -> Plan:
    """Return the plan of four steps that puts pool `new` in the place of pool `old`, or what blocks it.

    `says` is what the stack file says of the old pool, `values` what the new one says instead, `new` its shape; `locked` that
    the stack keeps a lock on its cluster.
    """
    pool = next((one for one in cluster.pools if one.name == old), None)
    found = list(_refusals(cluster, pool, old, new, says, values))
    if found or pool is None:
        return Plan(cluster, cluster.control_plane, (), tuple(found))
    what = ", ".join(f"{key} {_short(value)}" for key, value in values.items())
    moves = [Move(kind, old, new.name, dict(values), further_of(cluster.stack)) for kind in Kind]
    reasons = (
        f"the new pool stands beside {old} before anything is moved: {what}",
        f"its pods move to {new.name}, each evicted as budgets allow; no node of {old} takes one again",
        "a pool goes only when it has no nodes left, so that no `up` deletes pods",
        f"nothing runs on it any more, and {new.name} has taken its place",
    )
    shapes = (_added(new), _drained(pool), (EMPTY, Needs()), (GONE, Needs()))
    steps = tuple(
        replace(
            _step(cluster, pool, move, reason),
            duration=duration,
            needs=needs,
            pool=new if move.kind is Kind.ADD else None,
        )
        for move, reason, (duration, needs) in zip(moves, reasons, shapes, strict=True)
    )
    return Plan(cluster, cluster.control_plane, steps, notes=tuple(_notes(cluster, old, locked=locked)))


def _refusals(  # noqa: PLR0913, PLR0917 - each is a separate input
    cluster: Cluster,
    pool: Pool | None,
    old: str,
    new: Pool,
    says: Mapping[str, Any],
    values: Mapping[str, Any],
) -> Iterator[Blocker]:
    names = [one.name for one in cluster.pools]
    if pool is None:
        yield Blocker(
            cluster.name, f"pool {old}", "there is no such pool", f"name one of: {', '.join(names)}"
        )
        return
    if new.name in names:
        yield Blocker(
            cluster.name, f"pool {new.name}", "is there already", "name the new pool otherwise: --name"
        )
    if pool.mode == "System":
        yield Blocker(
            cluster.name,
            f"pool {old}",
            "is a system pool, which keeps a node at least, so that AKS's own pods have one",
            f"add another pool with `mode: System` first, write `mode: User` for {old}, `up` each, and replace it then",
        )
    for key in NOT_HERE.keys() & values.keys():
        yield Blocker(cluster.name, f"--set {key}", "is not for a replacement", NOT_HERE[key])
    if all(says.get(key) == value for key, value in values.items()):
        yield Blocker(
            cluster.name,
            f"pool {old}",
            "has all that already, so that nothing would be replaced",
            "say what the new pool has otherwise, such as --set vmSize=Standard_D8ds_v5",
        )


def _step(cluster: Cluster, pool: Pool, move: Move, reason: str) -> Step:
    # The version stays: the new pool comes at that of the old one, and leaves no drift behind.
    return Step(
        cluster.stack, cluster.name, move.target, pool.version, pool.version, reason, EMPTY, move=move
    )


def _added(new: Pool) -> tuple[Duration, Needs]:
    made = NODE_MINUTES.get(new.os_type, max(NODE_MINUTES.values()))
    return ADDED + Duration(made, made), Needs(
        new.nodes, None if new.cores is None else new.cores * new.nodes
    )


def _drained(pool: Pool) -> tuple[Duration, Needs]:
    """Return how long a drain takes, node by node, with the nodes that the pool may have grown to until then."""
    nodes = max(pool.nodes, pool.most, 1)
    slow = max(pool.drain_minutes, DRAIN_MINUTES)
    return Duration(max(pool.nodes, 1) * DRAIN_MINUTES, nodes * slow), Needs()


def _notes(cluster: Cluster, old: str, *, locked: bool) -> Iterator[str]:
    if locked:
        yield (
            f"the cluster is locked (secure-aks:cluster.lock): LOCK001 stops before {old} goes; write `lock: false` then, "
            f"`{typed.bring_up(cluster.stack)}`, `resume`, and put the line back: all before goes on under the lock"
        )
    if cluster.follows:
        yield f"stack {cluster.follows} goes first where machines change too: replace its pool, and let that soak, before this one"


def _short(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(str(one) for one in value) + "]"  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]  # YAML
    return "as Azure chooses" if value is None else str(value)
