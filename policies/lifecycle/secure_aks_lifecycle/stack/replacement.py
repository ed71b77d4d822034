"""What Azure can only change by making it anew, and the pools that go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.versions.refusal import Refusal, subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from secure_aks_lifecycle.stack.record import ClusterState, PoolState, Versions

_NEW_POOL = "add a new pool beside it, move the workloads, and remove the old one in a later `up`; `upgrades replace-pool` does all of it (docs/upgrades.md)"
_BESIDE_THE_SYSTEM_POOL = "the pool that came with the cluster keeps it for life: add a pool with `mode: System` beside it for what it lacks"

_PIN = (
    "a range that is not written down follows from the order of the pools: to keep it write `subnet: {was}` for the pool, or, in a "
    "cluster of `clusters`, `poolSubnets: {{{pool}: {was}}}` there; to move the pool"
)


def replaced(before: Versions, after: Versions, system_pool: str = "") -> list[Refusal]:
    """List the clusters and pools that the change from `before` to `after` would replace, with what to do instead.

    `system_pool` is the name of the pool that is made with the cluster and cannot be removed.
    """
    found: list[Refusal] = []
    for name, old in before.items():
        if name not in after:
            text = f"cluster {name} would be deleted; leave it in the stack, or destroy it on purpose under an exemption"
            found.append(Refusal("replaced", name, None, text))
            continue
        new = after[name]
        found.extend(Refusal("replaced", name, None, text) for text in _cluster_changes(name, old, new))
        for pool in (pool for pool in old.pools if pool in new.pools):
            way = _BESIDE_THE_SYSTEM_POOL if pool == system_pool else _NEW_POOL
            found.extend(
                Refusal("replaced", name, pool, f"{subject(name, pool)}: {text}; {way}")
                for text in _pool_changes(pool, old.pools[pool], new.pools[pool])
            )
    return found


def _cluster_changes(name: str, old: ClusterState, new: ClusterState) -> Iterator[str]:
    for key, was, becomes in _differences(old.fixed, new.fixed):
        yield (
            f"cluster {name}: {key} changes from {was} to {becomes}, which replaces the whole cluster; keep {was}, "
            f"or build a second cluster and move over"
        )


def _pool_changes(pool: str, old: PoolState, new: PoolState) -> Iterator[str]:
    if old.os_type != new.os_type:
        yield f"osType changes from {old.os_type} to {new.os_type}, which needs a new pool"
    elif old.os_type == "Windows" and old.os_sku and new.os_sku and old.os_sku != new.os_sku:
        yield f"osSku changes from {old.os_sku} to {new.os_sku}, and Windows cannot be changed in place"
    for key, was, becomes in _differences(old.fixed, new.fixed):
        kept = f"; {_PIN.format(pool=pool, was=was)}" if key == "subnet" else ""
        yield f"{key} changes from {was} to {becomes}, which Azure cannot do in place{kept}"


def deleted(before: Versions, after: Versions) -> list[Refusal]:
    """List the pools that the change deletes although nodes may be left in them, and those that it only renames."""
    found: list[Refusal] = []
    for name, old in before.items():
        for pool, state in old.pools.items():
            if name not in after or pool in after[name].pools:
                continue
            texts = [_drain(pool)] if state.nodes != 0 else []
            texts += _renamed(pool, old, after[name])
            found += [Refusal("replaced", name, pool, f"{subject(name, pool)}: {text}") for text in texts]
    return found


def _drain(pool: str) -> str:
    return (
        "would be deleted with the pods on it. Drain it first: "
        f"`kubectl drain -l agentpool={pool} --ignore-daemonsets --delete-emptydir-data`, then write `count: 0` for it in the "
        "place of `autoscaling` and run `up`; a pool without nodes may be deleted. `upgrades replace-pool` does all of it (docs/upgrades.md)"
    )


def _renamed(pool: str, old: ClusterState, new: ClusterState) -> Iterator[str]:
    gone = old.pools[pool]
    added = [state for name, state in new.pools.items() if name not in old.pools]
    if any(state.os_type == gone.os_type and state.mode == gone.mode for state in added):
        yield (
            "goes in the same `up` as a new pool of its kind comes, and a rename is a replacement; "
            "add the new pool now, and remove the old one in a later `up`"
        )


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for key, was in old.items():
        becomes = new.get(key)
        if was is not None and becomes is not None and becomes != was:  # null: not recorded, or not fixed
            yield key, was, becomes
