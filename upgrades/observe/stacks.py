"""A stack as a planner sees it: what its outputs say runs, with the shape of its pools from the stack file."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.stack.outputs import from_outputs
from secure_aks_lifecycle.stack.record import parse_versions
from secure_aks_lifecycle.versions.skew import Rules

from settings.cluster_names import name_of, stack_of
from settings.reading.load import layers_of, load_cluster, load_file
from settings.reading.problem import Problem, SettingsError
from upgrades.model.clusters import Cluster, Pool

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from secure_aks_lifecycle.versions.version import Version

    from settings import StackSettings
    from settings.sections.pools import Pool as PoolSettings

SIZE = re.compile(r"(?:Standard|Basic)_[A-Z]+(\d+)(?:-(\d+))?")
"""The number in an Azure VM size is its vCPUs; after a hyphen stand those of a constrained size."""


class NoStackError(Exception):
    """There is no such stack file; the message names those that there are."""


def stack_file(folder: Path, name: str) -> Path:
    """Return the path of the file of a stack, or of a cluster's stack. Raises NoStackError."""
    path = folder / f"Pulumi.{stack_of(name)}.yaml"
    if not os.path.lexists(path):  # what is there and no file is told where it is read
        known = ", ".join(stacks(folder)) or "none"
        raise NoStackError(f"{path.name}: does not exist; the stacks here are: {known}")
    return path


def settings_of(folder: Path, name: str) -> StackSettings:
    """Return the settings of a stack's first cluster, or of the further one that `stack/cluster` names.

    Raises NoStackError, and SettingsError also for a cluster that there is not, and for versions that are not this stack's to move.
    """
    path = stack_file(folder, name)
    return own_versions(load_cluster(folder, name), path)


def own_versions(settings: StackSettings, path: Path) -> StackSettings:
    """Return the settings of a stack whose versions are its own to move. Raises SettingsError for one on a cluster that others make."""
    if settings.cluster.existing is None:
        return settings
    why = f"{settings.cluster.name} is there already, and whoever made it moves its versions, so there is nothing to plan or raise here"
    remedy = "leave the stack out; of an AKS cluster `upgrades check --subscription <id>` says what runs and what comes next"
    problem = Problem("secure-aks:cluster.existing", why, remedy)
    raise SettingsError(path.name, layers_of(path).located([problem]))


def stacks(folder: Path) -> list[str]:
    """Return the names of the stacks in a project folder, in order."""
    return sorted(path.name.split(".")[1] for path in folder.glob("Pulumi.*.yaml"))


def clusters_of_ours(folder: Path) -> list[str]:
    """Return the names of the clusters whose versions are their stack's to move: all but those that others make.

    Each stack's first one (`dev`) comes before its further ones (`dev/blue`). A file that cannot be read counts as one cluster:
    whoever reads it says why.
    """
    return [name for stack in stacks(folder) for name in _clusters(stack, stack_file(folder, stack))]


def _clusters(stack: str, path: Path) -> list[str]:
    try:
        settings = load_file(path)
    except SettingsError:
        return [stack]
    if settings.cluster.existing is not None:
        return []
    return [name_of(stack, further) for further in ("", *settings.further)]


def as_cluster(name: str, settings: StackSettings, outputs: Mapping[str, Any] | None) -> Cluster:
    """Return a stack's cluster by its name and its own settings. Without outputs (the stack is not up) it is what the stack file says.

    Raises ValueError when the `versions` output has another shape.
    """
    state = (
        parse_versions(from_outputs(outputs)).get(settings.cluster.name)
        if outputs and "versions" in outputs
        else None
    )
    live = {pool: entry.version for pool, entry in state.pools.items()} if state else dict[str, "Version"]()
    rules = settings.version_rules
    follows = settings.promotion
    return Cluster(
        name=settings.cluster.name,
        stack=name,
        control_plane=state.control_plane if state else settings.cluster.kubernetes_version,
        pools=tuple(_pool(pool, live.get(pool.name, pool.version)) for pool in settings.all_pools),
        rules=Rules(rules.skew_minors, rules.pool_skips_minors, rules.warn_days, rules.patch_age_days),
        owner=rules.owner,
        lts=settings.cluster.support_plan == "AKSLongTermSupport",
        follows=follows.follows if follows else None,
        soak_days=follows.soak_days if follows else 0,
        maintenance=settings.maintenance,
    )


def _pool(pool: PoolSettings, version: Version) -> Pool:
    # A spot pool gets no surge: AKS takes its nodes one at a time and drains nothing.
    nodes = max(pool.min_nodes, 1)
    return Pool(
        name=pool.name,
        version=version,
        mode=pool.mode,
        os_type=pool.os_type,
        os_sku=pool.os_sku,
        nodes=nodes,
        surge=min(pool.surge_nodes, nodes),
        drain_minutes=0 if pool.is_spot else pool.upgrade.drain_timeout_minutes,
        soak_minutes=pool.upgrade.node_soak_minutes,
        cores=cores(pool.vm_size),
        canary=pool.canary,
        most=pool.max_nodes,
        max_surge="" if pool.is_spot else pool.upgrade.max_surge or "",
        max_unavailable=pool.upgrade.max_unavailable or "",
    )


def cores(vm_size: str) -> int | None:
    """Return the vCPUs that an Azure VM size names; None when its name says none."""
    found = SIZE.match(vm_size)
    return int(found[2] or found[1]) if found else None
