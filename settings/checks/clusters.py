"""What the clusters of one stack must have apart from each other, and what must be the same."""

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import combinations
from typing import Any

from settings.checks import shared
from settings.checks.finding import Finding
from settings.sections.fleet import FLEET_NAME
from settings.sections.groups import Group
from settings.sections.stack import StackSettings

_CLUSTERS = "secure-aks:clusters"
Views = Mapping[str, StackSettings]


def check(
    first: StackSettings,
    further: Views,
    said: Mapping[str, Mapping[str, Any]],
    own: Collection[str] = (),
    stack: str = "",
) -> Iterator[Finding]:
    """Yield what is wrong with the clusters of `stack` together.

    `said` is what the file has below `clusters`, by name; `own` are those of them that are one team's own.
    """
    for name, view in further.items():
        yield from _alike(first, view, name)
        if first.version_rules.owner == "program":
            yield from _own_versions(view, said[name], name)
        yield from _ranges_of_none(view, said[name], name)
    yield from _in_fleet(first, further, stack)
    views = {"": first, **further}
    for one, two in combinations(views, 2):
        yield from _apart(one, views[one], two, views[two])
        yield from _networks(one, views[one], two, views[two])
        yield from _groups(one, views[one], two, views[two])
    for name in sorted(own):
        yield from shared.check(name, views[name], {_called(one): views[one] for one in views if one != name})


def _in_fleet(first: StackSettings, further: Views, stack: str) -> Iterator[Finding]:
    """Yield clusters that no run of the fleet's strategy would move, or whose group Fleet Manager takes not."""
    if not (fleet := first.fleet):
        return
    for name, view in first.with_further(further).further.items():
        group = view.fleet_group(stack)
        if not FLEET_NAME.fullmatch(group):
            why = f"the group of cluster {name} would be {group!r}, and Fleet Manager takes no such name"
            yield Finding("secure-aks:fleet.group", why, "write a shorter `group`")
        elif fleet.stages and not any(group in stage.groups for stage in fleet.stages):
            why = (
                f"the group of cluster {name}, {group}, is in no stage: no run of the strategy would move it"
            )
            yield Finding("secure-aks:fleet.stages", why, f"add {group} to the `groups` of a stage")


def _called(name: str) -> str:
    return f"cluster {name}" if name else "the first cluster"


def _alike(first: StackSettings, view: StackSettings, name: str) -> Iterator[Finding]:
    """Both packs judge a stack's objects by these, whichever of its clusters they are in."""
    same: dict[str, Callable[[StackSettings], object]] = {
        "systemPool.name": lambda one: one.all_pools[0].name,
        "cluster.networkPolicy": lambda one: one.cluster.network_policy,
        "cluster.azurePolicy": lambda one: one.cluster.azure_policy,
    }
    for path, read in same.items():
        if read(view) != read(first):
            here, there = (str(read(one)).lower() for one in (view, first))
            why = (
                f"it is {here} here and {there} in the first cluster, and a stack's clusters have it the same"
            )
            yield Finding(f"{_CLUSTERS}.{name}.{path}", why, "leave the line out")


def _own_versions(view: StackSettings, said: Mapping[str, Any], name: str) -> Iterator[Finding]:
    """Yield versions that two clusters read from one line: a change of it would be one in both."""
    path, why = (
        f"{_CLUSTERS}.{name}",
        "is on the first cluster's line, and a change of that would be two steps in one `up`",
    )
    if not _below(said, "cluster").get("kubernetesVersion"):
        remedy = f"write `kubernetesVersion: {view.cluster.kubernetes_version}` there"
        yield Finding(f"{path}.cluster.kubernetesVersion", f"the control plane's version {why}", remedy)
    if not _below(said, "systemPool").get("version"):
        remedy = f"write `systemPool: {{version: {view.all_pools[0].version}}}` there"
        yield Finding(f"{path}.systemPool.version", f"the system pool's version {why}", remedy)
    versions = _below(said, "poolVersions")
    if missing := [pool for pool in view.pools if not versions.get(pool.name)]:
        lines = ", ".join(f"{pool.name}: {pool.version}" for pool in view.pools)
        names = ", ".join(pool.name for pool in missing)
        yield Finding(
            f"{path}.poolVersions",
            f"the version of {names} {why}",
            f"write `poolVersions: {{{lines}}}` there",
        )


def _ranges_of_none(view: StackSettings, said: Mapping[str, Any], name: str) -> Iterator[Finding]:
    """Yield ranges of pools that this cluster has not, being one team's own."""
    for pool in _below(said, "poolSubnets").keys() - {pool.name for pool in view.pools}:
        yield Finding(
            f"{_CLUSTERS}.{name}.poolSubnets.{pool}",
            "the cluster has no such pool",
            "leave the line out, or write the pool's version under `poolVersions` there",
        )


def _below(said: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    return said.get(key) or {}


def _apart(one: str, first: StackSettings, two: str, second: StackSettings) -> Iterator[Finding]:
    """Yield what both would make under one name."""
    theirs, mine = dict(_made(first)), dict(_made(second))
    for (kind, path), names in mine.items():
        for name in sorted(names & theirs[kind, path]):
            yield Finding(
                f"{_CLUSTERS}.{two}.{path}",
                f"{kind} {name!r} is that of {_called(one)} too, and both would make it",
                _REMEDIES.get(path, "write another name"),
            )


_REMEDIES = {
    "cluster.monitoring.grafana": "write `grafana: null` there; one Grafana shows every cluster of its workspace",
    "cluster.registries": (
        "write `registries: []`, or the resource id of the registry that the first cluster makes, once it is there"
    ),
    "cluster.resourceGroup": "write another name; or, for both, that of one that exists as `existingResourceGroup`",
}


def _made(view: StackSettings) -> Iterator[tuple[tuple[str, str], set[str]]]:
    cluster = view.cluster
    group = set[str]() if cluster.existing_resource_group else {cluster.resource_group_name}
    nodes = {cluster.node_resource_group} if cluster.node_resource_group else set[str]()
    registries = {registry.name for registry in cluster.registries if registry.name}
    yield ("the name", "cluster.name"), _lower({cluster.name})
    yield ("the resource group", "cluster.resourceGroup"), _lower(group)
    yield ("the nodes' resource group", "cluster.nodeResourceGroup"), _lower(nodes)
    yield ("the registry", "cluster.registries"), _lower(registries)
    grafana = cluster.monitoring.grafana
    yield ("the Grafana", "cluster.monitoring.grafana"), _lower({grafana.name} if grafana else set())
    backup = cluster.backup
    container = {f"{backup.storage_account}/{backup.container}"} if backup else set[str]()
    yield ("the container", "cluster.backup.container"), _lower(container)


def _lower(names: set[str]) -> set[str]:
    # Azure's names have no case.
    return {name.lower() for name in names}


def _networks(one: str, first: StackSettings, two: str, second: StackSettings) -> Iterator[Finding]:
    mine, theirs = second.network.address_space, first.network.address_space
    if mine and theirs and mine.overlaps(theirs):
        why = f"{mine} overlaps {theirs} of {_called(one)}: the two could never be peered"
        yield Finding(f"{_CLUSTERS}.{two}.network.addressSpace", why, "write a range that meets no other")


def _groups(one: str, first: StackSettings, two: str, second: StackSettings) -> Iterator[Finding]:
    """Yield groups that differ: a group of Entra's is made once a stack, for all of its clusters."""
    theirs = dict(_named(first))
    for name, (group, path) in _named(second):
        if name in theirs and _kind(theirs[name][0]) != _kind(group):
            why = f"the group {name!r} has another object id or other members in {_called(one)}, and it is made once a stack"
            yield Finding(f"{_CLUSTERS}.{two}.{path}", why, "write the same, or another name")


def _named(view: StackSettings) -> Iterator[tuple[str, tuple[Group, str]]]:
    cluster = view.cluster
    for path, groups in (
        ("breakGlass", cluster.break_glass),
        ("deployers", cluster.deployers),
        ("readers", cluster.readers),
        *_of_grafana(view),
    ):
        for group in groups:
            yield group.name, (group, f"cluster.{path}")


def _of_grafana(view: StackSettings) -> Iterator[tuple[str, tuple[Group, ...]]]:
    if grafana := view.cluster.monitoring.grafana:
        yield from ((f"monitoring.grafana.{key}", groups) for key, groups in grafana.groups.items())


def _kind(group: Group) -> tuple[object, ...]:
    return group.object_id, tuple(sorted(map(str, group.members)))
