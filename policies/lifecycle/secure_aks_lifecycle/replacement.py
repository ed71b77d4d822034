"""What Azure can only change by making it anew: a cluster or a node pool that would be replaced or lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .refusal import Refusal, subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from .record import ClusterState, PoolState, Versions

_NEW_POOL = "add a new pool beside it, move the workloads, and remove the old one in a later `up`"


def replaced(before: Versions, after: Versions) -> list[Refusal]:
    """List the clusters and pools that the change from `before` to `after` would replace, with what to do instead."""
    found: list[Refusal] = []
    for name, old in before.items():
        if name not in after:
            text = f"cluster {name} would be deleted; leave it in the stack, or destroy it on purpose under an exemption"
            found.append(Refusal("replaced", name, None, text))
            continue
        new = after[name]
        found.extend(Refusal("replaced", name, None, text) for text in _cluster_changes(name, old, new))
        for pool in old.pools:
            texts = (
                _pool_changes(old.pools[pool], new.pools[pool])
                if pool in new.pools
                else _lost(pool, old, new)
            )
            found.extend(Refusal("replaced", name, pool, f"{subject(name, pool)}: {text}") for text in texts)
    return found


def _cluster_changes(name: str, old: ClusterState, new: ClusterState) -> Iterator[str]:
    for key, was, becomes in _differences(old.fixed, new.fixed):
        yield (
            f"cluster {name}: {key} changes from {was} to {becomes}, which replaces the whole cluster; keep {was}, "
            f"or build a second cluster and move over"
        )


def _pool_changes(old: PoolState, new: PoolState) -> Iterator[str]:
    if old.os_type != new.os_type:
        yield f"osType changes from {old.os_type} to {new.os_type}, which needs a new pool; {_NEW_POOL}"
    elif old.os_type == "Windows" and old.os_sku and new.os_sku and old.os_sku != new.os_sku:
        yield f"osSku changes from {old.os_sku} to {new.os_sku}, and Windows cannot be changed in place; {_NEW_POOL}"
    for key, was, becomes in _differences(old.fixed, new.fixed):
        yield f"{key} changes from {was} to {becomes}, which Azure cannot do in place; {_NEW_POOL}"


def deleted(before: Versions, after: Versions) -> list[Refusal]:
    """List the pools that the change deletes although nodes may be left in them, with how to empty them first."""
    return [
        Refusal("replaced", name, pool, f"{subject(name, pool)}: {_drain(pool)}")
        for name, old in before.items()
        for pool, state in old.pools.items()
        if name in after and pool not in after[name].pools and state.nodes != 0
    ]


def _drain(pool: str) -> str:
    return (
        "would be deleted with the pods on it. Drain it first: "
        f"`kubectl drain -l agentpool={pool} --ignore-daemonsets --delete-emptydir-data`, then write `count: 0` for it in the "
        "place of `autoscaling` and run `up`; a pool without nodes may be deleted. Or exempt it by name, with reason and end date"
    )


def _lost(pool: str, old: ClusterState, new: ClusterState) -> Iterator[str]:
    gone = old.pools[pool]
    added = [state for name, state in new.pools.items() if name not in old.pools]
    if any(state.os_type == gone.os_type and state.mode == gone.mode for state in added):
        yield (
            "goes in the same `up` as a new pool of its kind comes, and a rename is a replacement; "
            "add the new pool now, and remove the old one in a later `up`"
        )


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for key, was in old.items():
        if key in new and new[key] != was:
            yield key, was, new[key]
