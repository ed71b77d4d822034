"""Teams whose degree of isolation changes, and nodes that become, or cease to be, one namespace's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secure_aks_lifecycle.stack.record import ClusterState, PoolState, TeamState, Versions

DEGREES = ("namespace", "nodes", "sandbox", "cluster")
"""Each is the one before it and more; but in a cluster of one team the nodes are that team's anyway."""
NODES_OF = "secure-aks/namespace"
"""The label and the taint of nodes that are one namespace's own."""
_OWN = frozenset({"nodes", "sandbox"})
_DRAIN = "kubectl drain -l agentpool={pool} --ignore-daemonsets --delete-emptydir-data"


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a team or a pool, and the names by which an exemption may mean it."""

    text: str
    names: tuple[str, ...]


def moves(before: Versions, after: Versions) -> Iterator[Said]:
    """Say of each team whose degree changes what is made for it, what moves, and how."""
    for name, old, new in _both(before, after):
        for team, was, becomes in _changed(old, new):
            made = [pool for pool, state in new.pools.items() if _fresh(pool, state, old, becomes.namespace)]
            text = " ".join([
                f"team {team} of {name} goes from `{was.isolation}` to `{becomes.isolation}`.",
                f"Made: {_made(was, becomes, made)}.",
                f"Moves: {_moving(was, becomes)}",
            ])  # fmt: skip
            yield Said(text, (team, becomes.namespace))
    for team, state, cluster, old in _own_clusters(before, after):
        stays = team in after[old].teams
        there = f"stays in {old} while its workloads move" if stays else f"goes from {old}"
        text = (
            f"team {team} goes from `{before[old].teams[team].isolation}` in {old} to `cluster`. Made: the cluster {cluster} with its network, "
            f"identities, audit log and node pools, and the namespace {state.namespace} in it. Moves: nothing by itself; deploy the workloads "
            f"into {cluster}. The namespace {state.namespace} {there}"
        )
        yield Said(text, (team, state.namespace))
    for team, state, cluster, new in _left_clusters(before, after):
        made = "nothing" if _was_in(before, new, team) else f"the namespace {state.namespace} in {new}"
        text = (
            f"team {team} goes from `cluster` in {cluster} to `{state.isolation}` in {new}. Made: {made}. Moves: nothing by itself; what still "
            f"runs in {cluster} goes with {'its namespace there' if cluster in after else 'that cluster'}"
        )
        yield Said(text, (team, state.namespace))


def strands(before: Versions, after: Versions) -> Iterator[Said]:
    """Say of each change that would leave pods without a node, or leave others' pods on nodes that become a team's own."""
    for _, old, new in _both(before, after):
        yield from _nodes_to_come(old, new)
        yield from _nodes_that_go(old, new)
        yield from _shared_nodes(old, new)
    for team, state, cluster, old in _own_clusters(before, after):
        if team not in after[old].teams:
            text = (
                f"team {team} gets {cluster} for its own, and with the same `up` the namespace {state.namespace} would go from {old} with every "
                f"workload, Secret and volume claim in it, before anything could have moved. Write `movingFrom: {before[old].teams[team].isolation}` "
                "for the team until its workloads run there, and take the line out in a later `up`"
            )
            yield Said(text, (team, state.namespace))
    for team, state, cluster, new in _left_clusters(before, after):
        if not _was_in(before, new, team):
            text = (
                f"team {team} leaves {cluster}, which was its own, and its namespace comes into {new} with the same `up`, before anything could "
                f"have moved. Leave `isolation: cluster` and the lines under `clusters`, and write `movingFrom: {state.isolation}` for the team: "
                f"{new} gets the namespace. When its workloads run there, write `isolation: {state.isolation}` and take those lines out in a later `up`"
            )
            yield Said(text, (team, state.namespace))


def _left_clusters(before: Versions, after: Versions) -> Iterator[tuple[str, TeamState, str, str]]:
    """Yield teams that no longer have a cluster of their own, as they are in a cluster that has them now, which was theirs, and which that is."""
    for cluster, old in before.items():
        for team, was in old.teams.items():
            if was.isolation != "cluster" or (cluster in after and team in after[cluster].teams):
                continue
            for name, new in after.items():
                if team in new.teams and new.teams[team].isolation != "cluster":
                    yield team, new.teams[team], cluster, name


def _was_in(before: Versions, cluster: str, team: str) -> bool:
    return cluster in before and team in before[cluster].teams


def _own_clusters(before: Versions, after: Versions) -> Iterator[tuple[str, TeamState, str, str]]:
    """Yield teams that come into a cluster of their own, which that is, and one that had them before."""
    for cluster, new in after.items():
        for team, state in new.teams.items():
            was_there = cluster in before and team in before[cluster].teams
            if state.isolation == "cluster" and not was_there:
                had = (
                    name
                    for name, old in before.items()
                    if name in after and name != cluster and team in old.teams
                )
                yield from ((team, state, cluster, name) for name in had)


def _both(before: Versions, after: Versions) -> Iterator[tuple[str, ClusterState, ClusterState]]:
    """Yield the clusters of both records, where the one before says anything of isolation."""
    for name, old in before.items():
        if name in after and any(team.isolation is not None for team in old.teams.values()):
            yield name, old, after[name]


def _changed(old: ClusterState, new: ClusterState) -> Iterator[tuple[str, TeamState, TeamState]]:
    """Yield teams that keep their namespace and get another degree."""
    teams = {team.namespace: team for team in old.teams.values()}
    for name, becomes in new.teams.items():
        was = teams.get(becomes.namespace)
        if was and was.isolation is not None and was.isolation != becomes.isolation:
            yield name, was, becomes


def _fresh(pool: str, state: PoolState, old: ClusterState, namespace: str) -> bool:
    before = old.pools.get(pool)
    return state.namespace == namespace and (before is None or before.namespace != namespace)


def _made(was: TeamState, becomes: TeamState, pools: list[str]) -> str:
    made = [f"the nodes of pool {pool}, tainted {NODES_OF}={becomes.namespace}:NoSchedule" for pool in pools]
    if becomes.isolation in _OWN and was.isolation not in _OWN:
        made.append(f"a refusal of every pod in {becomes.namespace} that does not name these nodes")
    if becomes.isolation == "sandbox":
        made.append(f"a refusal of every pod in {becomes.namespace} that is in no virtual machine")
    return ", ".join(made) or "nothing"


def _moving(was: TeamState, becomes: TeamState) -> str:
    namespace = becomes.namespace
    asked: list[str] = []
    if becomes.isolation in _OWN and was.isolation not in _OWN:
        asked.append(f"nodeSelector {NODES_OF}: {namespace} with the toleration of that taint")
    if becomes.isolation == "sandbox":
        asked.append("runtimeClassName: kata-vm-isolation")
    if not asked:
        if was.isolation in _OWN and becomes.isolation not in _OWN:
            return f"nothing; pods of {namespace} stay on its nodes until their templates name these no longer and the pods start anew"
        return "nothing"
    return (
        f"each pod of {namespace} when it next starts, and nothing that runs. Write {' and '.join(asked)} into the workloads' templates, "
        f"which moves them: pods whose template says nothing of it are refused"
    )


def _nodes_to_come(old: ClusterState, new: ClusterState) -> Iterator[Said]:
    for team, was, becomes in _changed(old, new):
        sandbox = becomes.isolation == "sandbox"
        if becomes.isolation not in _OWN or (was.isolation in _OWN and not sandbox):
            continue
        there = [
            pool
            for pool, state in old.pools.items()
            if state.namespace == becomes.namespace and (not sandbox or state.fixed.get("sandboxed"))
        ]
        if not there:
            kind = "sandboxed nodes" if sandbox else "nodes"
            text = (
                f"team {team} goes to `{becomes.isolation}`, and no {kind} of its own are there yet: until Azure has made them, which it may not "
                f"be able to, no pod of {becomes.namespace} starts. Let the nodes come first: write `isolation: {was.isolation}` for this `up`, "
                f"beside the pool with `namespace: {becomes.namespace}`, and `isolation: {becomes.isolation}` for the next"
            )
            yield Said(text, (team, becomes.namespace))


def _nodes_that_go(old: ClusterState, new: ClusterState) -> Iterator[Said]:
    kept = {team.namespace for team in new.teams.values()}
    for team, state in old.teams.items():
        namespace = state.namespace
        pools = [pool for pool, one in old.pools.items() if one.namespace == namespace]
        if state.isolation not in _OWN or namespace not in kept or not pools:
            continue  # a namespace that goes has no pods to strand; `team-removal` is about those
        if any(pool in new.pools and new.pools[pool].namespace == namespace for pool in pools):
            continue
        text = (
            f"the pods of {namespace} name nodes of their own, and with this `up` those of {', '.join(pools)} are theirs no longer: "
            f"no pod of {namespace} would start. Leave `namespace: {namespace}` with the pool, and write `isolation: namespace` for the team; "
            "when its workloads' templates name the nodes no longer, let the pool go in a later `up`. To exchange the pool, add the new one "
            "with that line first"
        )
        yield Said(text, (team, namespace))


def _shared_nodes(old: ClusterState, new: ClusterState) -> Iterator[Said]:
    for pool, becomes in new.pools.items():
        was = old.pools.get(pool)
        if was is None or not becomes.namespace or was.namespace == becomes.namespace or was.nodes == 0:
            continue
        text = (
            f"pool {pool} becomes the nodes of {becomes.namespace} alone with the pods of others on it: a taint keeps new pods away, and drives "
            f"none out. Add a new pool with `namespace: {becomes.namespace}`; or empty this one first: `{_DRAIN.format(pool=pool)}`, then write "
            "`count: 0` for it in the place of `autoscaling`, run `up`, and add the line then"
        )
        yield Said(text, (pool, becomes.namespace))
