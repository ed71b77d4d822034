"""The lines by which a team gets a cluster of its own in its stack."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network

from settings.checks.draft import SYSTEM_POOL, Draft
from settings.cluster_names import NAME
from settings.sections.teams import Team

_LONGEST = 63
_ALONE = "in a stack of its own (docs/isolation.md, A stack of its own), or write `isolation: sandbox`"


def own_cluster(team: Team, draft: Draft) -> str:
    """Return what to write, to be pasted where everything that it takes could be read."""
    space = next(_free_ranges(draft), None)
    system = draft.pools.get(SYSTEM_POOL)
    if not (NAME.fullmatch(team.name) and draft.cluster and system and space):
        return f"keep {team.name} alone {_ALONE}"
    name = f"{draft.cluster.name[: _LONGEST - len(team.name) - 1]}-{team.name}"
    version = f"kubernetesVersion: {draft.cluster.kubernetes_version}"
    pools = (pool for path, pool in draft.pools.items() if path != SYSTEM_POOL)
    made = [pool for pool in pools if pool.namespace in {None, team.namespace} and pool.os_type == "Linux"]
    # What costs least to begin with: the team's own pools, or one that is nobody's.
    theirs = [pool for pool in made if pool.namespace] or made[:1]
    versions = ", ".join(f"{pool.name}: {pool.version}" for pool in theirs)
    lines = (
        f"cluster: {{name: {name}, {version}}}",
        f"network: {{addressSpace: {space}}}",
        f"systemPool: {{version: {system.version}}}",
        f"poolVersions: {{{versions}}}",
    )
    return (
        f"add to secure-aks:clusters: `{team.name}: {{{', '.join(lines)}}}`, and while its workloads move, "
        f"`movingFrom: namespace` (or `nodes`, `sandbox`: what it was) to the team; or keep it {_ALONE}"
    )


def _free_ranges(draft: Draft) -> Iterator[IPv4Network]:
    """Yield ranges of private addresses, as large as the first cluster's, that meet nothing that is known here."""
    first = draft.network.address_space if draft.network else None
    if first is None or draft.cluster is None:
        return
    taken = [first, *draft.cluster.inner_ranges, *_read(draft.context.clusters.values())]
    private = IPv4Network("10.0.0.0/8")
    if first.prefixlen > private.prefixlen:
        for space in private.subnets(new_prefix=first.prefixlen):
            if space > first and not any(space.overlaps(one) for one in taken):
                yield space


def _read(texts: Iterable[str]) -> Iterator[IPv4Network]:
    for text in texts:
        try:
            yield IPv4Network(text)
        except ValueError:
            continue
