"""How far teams are kept apart: whose nodes are whose, and what each degree needs."""

import re
from collections.abc import Iterator, Mapping

from secure_aks_lifecycle.stack.isolation import NODES_OF

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.checks.teams.own_cluster import own_cluster
from settings.sections.pools import Pool
from settings.sections.teams import Team
from settings.words import did_you_mean

_LONGEST = 12
_FIRST_DIGITS = re.compile("^[0-9]+")


def check(draft: Draft) -> Iterator[Finding]:
    """Yield teams without what their degree of isolation needs, and nodes that are nobody's, or cannot be somebody's."""
    namespaces = [team.namespace for team in draft.teams.values()]
    # Where one is missing or there twice, that is the one problem.
    clear = draft.complete and len(set(namespaces)) == len(namespaces)
    for path, pool in draft.pools.items():
        yield from _pool(path, pool, namespaces if clear else None)
    if not clear or any(pool.namespace and pool.namespace not in namespaces for pool in draft.pools.values()):
        return
    for path, team in draft.teams.items():
        yield from _moving(f"{path}.movingFrom", team)
        if team.has_own_nodes:
            yield from _nodes(f"{path}.isolation", team, draft)
        elif team.isolation == "cluster":
            yield from _cluster(f"{path}.isolation", team, draft)


def _pool(path: str, pool: Pool, namespaces: list[str] | None) -> Iterator[Finding]:
    for key, values in (
        ("labels", pool.labels),
        ("taints", [taint.partition("=")[0] for taint in pool.taints]),
    ):
        if NODES_OF in values:
            why = f"{NODES_OF} says whose the nodes are, and the rules go by it"
            yield Finding(f"{path}.{key}", why, "remove it, and write `namespace: <the team's>` for the pool")
    if pool.namespace is None:
        return
    place = f"{path}.namespace"
    if pool.mode == "System":
        why = "AKS's own pods, which serve everybody, run on system pools"
        yield Finding(place, why, "remove the key, or write `mode: User`; the system pool stays everybody's")
    elif namespaces is not None and pool.namespace not in namespaces:
        why = f"no team has the namespace {pool.namespace!r}"
        remedy = did_you_mean(pool.namespace, namespaces) if namespaces else "add the team, or remove the key"
        yield Finding(place, why, remedy)


def _nodes(place: str, team: Team, draft: Draft) -> Iterator[Finding]:
    own = {path: pool for path, pool in draft.pools.items() if pool.namespace == team.namespace}
    if not own:
        why = f"the pods of {team.namespace} are to run on nodes of their own, and no pool is theirs"
        yield Finding(place, why, f"add to secure-aks:pools: `- {_proposal(team, draft)}`")
    for path, pool in own.items() if team.isolation == "sandbox" else ():
        if not pool.sandboxed:
            why = f"{path} is of {team.namespace}, whose pods run in virtual machines, and is not sandboxed"
            there = any(other.sandboxed for other in own.values())
            remedy = (
                f"let {path} go first, while the team has `isolation: nodes`, and write `isolation: sandbox` in a later `up`"
                if there
                else f"add to secure-aks:pools: `- {_proposal(team, draft)}`, and give {path} up"
            )
            yield Finding(place, why, remedy)


def _proposal(team: Team, draft: Draft) -> str:
    """Return a pool for a team, in one line that may be pasted: like the first pool, or of what runs sandboxes."""
    first = next(iter(draft.pools.values()))
    sandbox = team.isolation == "sandbox"
    size, sku = ("Standard_D4s_v5", "AzureLinux") if sandbox else (first.vm_size, first.os_sku)
    zones = ", ".join(f'"{zone}"' for zone in first.zones)
    version = draft.cluster.kubernetes_version if draft.cluster else first.version
    parts = [
        f"name: {_free_name(team.name, draft.pools)}",
        f"namespace: {team.namespace}",
        f"version: {version}",
        f"vmSize: {size}",
        f"osSku: {sku}",
        *(["sandboxed: true"] if sandbox else []),
        *([f"zones: [{zones}]"] if zones else []),
        "autoscaling: {min: 2, max: 4}",
    ]
    return f"{{{', '.join(parts)}}}"


def _free_name(wanted: str, pools: Mapping[str, Pool]) -> str:
    taken = {pool.name for pool in pools.values()}
    plain = _FIRST_DIGITS.sub("", re.sub("[^a-z0-9]", "", wanted))[:_LONGEST] or "team"
    names = [plain, *(f"{plain[: _LONGEST - 2]}{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def _cluster(place: str, team: Team, draft: Draft) -> Iterator[Finding]:
    others = [other.name for other in draft.teams.values() if other is not team]
    if others:
        why = f"a cluster of {team.name}'s own is shared with nobody, and in this one {_and(others)} {'run' if len(others) > 1 else 'runs'} too"
        yield Finding(place, why, own_cluster(team, draft))


def _moving(place: str, team: Team) -> Iterator[Finding]:
    """Yield `movingFrom` where it is of no use: `settings.reading.tenants` has taken it away wherever it is."""
    if team.moving_from:
        why = f"{team.name} has no cluster of its own in this stack to move into"
        yield Finding(
            place,
            why,
            f"remove it, or write `isolation: cluster` and a cluster called {team.name} under `clusters`",
        )


def _and(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
