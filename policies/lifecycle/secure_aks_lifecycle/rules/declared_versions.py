"""What the stack says it changes is what it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.judging.context import parsed
from secure_aks_lifecycle.judging.finding import Finding
from secure_aks_lifecycle.judging.rule import Params, Rule
from secure_aks_lifecycle.stack.aks import CHANGE, Versioned
from secure_aks_lifecycle.stack.change import NotKnownError, read_change

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from secure_aks_lifecycle.judging.context import Context
    from secure_aks_lifecycle.judging.resource import Resource
    from secure_aks_lifecycle.stack.record import Versions
    from secure_aks_lifecycle.versions.version import Version


def check(resources: Sequence[Resource], context: Context, _params: Params) -> Iterable[Finding]:
    """Compare the versions that `VersionChange` declares with those the resources ask for (their inputs, seen one by one)."""
    asked = [item for item in context.seen.all() if parsed(item.version)]
    if not asked:
        return []
    changes = [resource for resource in resources if resource.type == CHANGE]
    if not changes:
        return [
            Finding(
                "the stack has AKS resources but no secure-aks:index:VersionChange, so its steps and its promotion cannot be judged; "
                "register components.versions.version_change.VersionChange before the cluster"
            )
        ]
    try:
        declared = read_change(changes[0]).after
    except NotKnownError as error:
        return [Finding(str(error), unknown=True)]
    except ValueError:
        return []  # `legal-step` reports it
    return [*_different(asked, declared), *_nobody_asks(asked, declared)]


def _different(asked: Sequence[Versioned], declared: Versions) -> Iterator[Finding]:
    for item in asked:
        known = list(_declared(item, declared))
        version = parsed(item.version)
        if version not in known:
            says = ", ".join(str(other) for other in known) or "nothing"
            yield Finding(
                f"{item.subject}: asks for {version}, and VersionChange declares {says}; make both from the same settings",
                names=(item.name,),
            )


def _declared(item: Versioned, declared: Versions) -> Iterator[Version]:
    for name, cluster in declared.items():
        if item.role == "control plane":
            if name == item.name:
                yield cluster.control_plane
        elif item.name in cluster.pools and (not isinstance(item.cluster, str) or item.cluster == name):
            yield cluster.pools[item.name].version


def _nobody_asks(asked: Sequence[Versioned], declared: Versions) -> Iterator[Finding]:
    """Find declared pools whose version no resource sets, such as an inline pool without the deployment that moves it."""
    pools = {item.name for item in asked if item.role == "pool"}
    for name, cluster in declared.items():
        for pool in cluster.pools:
            if pool not in pools:
                yield Finding(
                    f"pool {pool} of {name}: VersionChange declares its version, but no resource asks Azure for it; give it an "
                    f"AgentPool, or for an inline pool a resources.Deployment of that one pool",
                    names=(pool,),
                )


RULE = Rule(
    id="declared-versions",
    title="The versions that the stack declares are those its resources ask for.",
    level="mandatory",
    why="The rules on steps and promotion judge what VersionChange declares; were it wrong, they would judge nothing.",
    remedy="Register VersionChange, the cluster and the pools from the same settings.",
    applies={CHANGE}.__contains__,
    stack_check=check,
)
