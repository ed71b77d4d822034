"""A lock of Azure's on the cluster, and what cannot be taken away while it is there."""

from collections.abc import Iterable
from typing import Any, cast

import pulumi

from settings.sections.stack import StackSettings

from ..parts.ordering import last_of
from ..parts.token_resource import TokenResource

_NOTES = "Set by secure-aks:cluster.lock: nobody deletes the cluster, or what belongs to it, before that line says so."


def lock(
    stack: StackSettings,
    cluster_id: pulumi.Input[str],
    found: list[pulumi.Resource],
    opts: pulumi.ResourceOptions | None = None,
) -> None:
    """Keep the cluster, and what lies below it in Azure, from being deleted by anybody; nothing where nobody asks for it.

    It comes after all that is `found`, so a `destroy` takes it away before what it holds.
    Source: Azure documentation, "Lock your resources to protect your infrastructure".
    """
    if not stack.cluster.lock:
        return
    properties = {
        "scope": cluster_id,
        "lockName": "secure-aks",
        "level": "CanNotDelete",
        "notes": _NOTES,
    }
    last = pulumi.ResourceOptions.merge(opts, last_of(found, protect=False))
    TokenResource("azure-native:authorization:ManagementLockByScope", "lock", properties, last)


def check_lock(stack: StackSettings, previous: pulumi.Output[Any], groups: pulumi.Output[Any]) -> None:
    """Refuse to take away below the lock what Azure would not let go: pools, and groups' right to log in.

    A preview goes on, so that all problems show at once; an `up` ends here. `previous` is the stack's own last record,
    `groups` its output of that name; None before the first `up`. Raises RunError.
    """
    if stack.cluster.lock:
        pulumi.Output.all(previous, groups).apply(lambda last: _refuse(stack, *last))


def _refuse(stack: StackSettings, previous: Any, groups: Any) -> None:
    record = cast("dict[str, dict[str, Any]]", previous or {})
    clusters = cast("dict[str, dict[str, Any]]", record.get("clusters", {}))
    pools = clusters.get(stack.cluster.name, {}).get("pools", {})
    now = {group.name for team in stack.said("teams") for group in team.groups}
    gone = [f"the pool {name}" for name in _without(pools, {pool.name for pool in stack.all_pools})]
    if stack.cluster.inside == "now":
        gone += [f"the group {name}" for name in _without(groups or {}, now)]
    if not gone:
        return
    told = (
        f"{stack.key('cluster.lock')}\n    why:  {', '.join(gone)} would go, and Azure deletes nothing of a cluster that is locked"
        "\n    mend: write `lock: false`, run `up`, and put the line back: the lock goes before what it holds"
    )
    if not pulumi.runtime.is_dry_run():
        raise pulumi.RunError(told)
    pulumi.log.error(told)


def _without(before: Iterable[str], now: set[str]) -> list[str]:
    return sorted(set(before) - now)
