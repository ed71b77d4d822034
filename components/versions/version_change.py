"""What an `up` is about to change of the versions, shown to the policy packs before Azure hears of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import pulumi
from secure_aks_lifecycle.stack.outputs import from_outputs

from settings import StackSettings
from settings.sections.teams import Team

from ..parts.earlier import earlier
from ..parts.team_marks import teams_made
from ..program.fixed import fixed_cluster, fixed_pools
from ..program.version_owner import Clusters, as_running, running

SCHEMA = 1
"""Version of the shape of `current` (see `secure_aks_lifecycle.stack.record`)."""


@dataclass(frozen=True)
class Before:
    """What the last `up` left of one cluster of a stack; the attributes are those of `VersionChange`."""

    previous: pulumi.Output[Any]
    is_first: pulumi.Output[bool]
    has_rights: pulumi.Output[bool]


class VersionChange(pulumi.ComponentResource):
    """The versions before and after this `up`, and those of the stack that goes first.

    It creates nothing. The lifecycle pack judges its outputs, once a preview has registered everything: `previous`, the
    stack's own last record (absent before the first `up`); `made`, the teams that its state has; `current`, the record as
    it is to be; `follows` and `followed`, the name of the stack that goes first and its record. They are outputs, not inputs, because
    an input that tells what changed would itself show up as a change in the preview after.
    """

    current: pulumi.Input[Mapping[str, Any]]
    """The versions as they are to be: the stack file's, or what runs where somebody else moves them."""
    running: pulumi.Output[Clusters]
    """What Azure runs, where somebody else moves the versions, by cluster; none else, and before the first `up`."""
    previous: pulumi.Output[Any]
    """The stack's own last record; None before the first `up`."""
    is_first: pulumi.Output[bool]
    """Whether no `up` of the stack has been through."""
    has_rights: pulumi.Output[bool]
    """Whether an earlier `up` has been through that applied the inside, and with it the deployers' own role."""

    def __init__(self, name: str, stack: StackSettings, opts: pulumi.ResourceOptions | None = None) -> None:
        follows = stack.promotion.follows if stack.promotion else None
        before = _outputs_of(pulumi.get_stack())
        previous = before.apply(from_outputs)
        super().__init__("secure-aks:index:VersionChange", name, None, opts)
        self.is_first, self.previous = previous.apply(lambda versions: versions is None), previous
        self.running = pulumi.Output.from_input(cast("Clusters", {}))
        self.current = declared(stack)
        if stack.version_rules.owner != "program":
            self.running = running(stack, previous, self)
            self.current = self.running.apply(lambda found: as_running(declared(stack), found))
        properties = {
            "current": self.current,
            "previous": previous,
            "made": teams_made(earlier()),
            "follows": follows,
            "followed": _outputs_of(follows).apply(from_outputs) if follows else None,
        }
        self._before = before
        self.has_rights = before.apply(_applied_inside)
        self.register_outputs(properties)

    def of(self, name: str, stack: StackSettings) -> Before:
        """Return what the last `up` left of a further cluster, by its name in the stack."""
        cluster = stack.cluster.name
        previous = self.previous.apply(lambda record: record if cluster in _clusters(record) else None)
        own = self._before.apply(lambda outputs: _further(outputs, name, cluster))
        return Before(previous, previous.apply(lambda record: record is None), own.apply(_applied_inside))


def _applied_inside(outputs: Mapping[str, Any]) -> bool:
    return bool(outputs.get("namespaces"))  # those of teams


def declared(stack: StackSettings) -> dict[str, Any]:
    """Return the record of what a stack file asks for (`secure_aks_lifecycle.stack.record` has its shape).

    Of a cluster that is there already it knows the version that is said to run, and the teams.
    """
    views = (stack, *stack.further.values())
    return {"schema": SCHEMA, "clusters": {view.cluster.name: _cluster(view) for view in views}}


def _further(outputs: Mapping[str, Any], name: str, cluster: str) -> Mapping[str, Any]:
    """Return the outputs about a further cluster; one that had another name below `clusters` is known by that in Azure."""
    clusters: Mapping[str, Mapping[str, Any]] = outputs.get("clusters") or {}
    same = (one for one in clusters.values() if one.get("cluster", {}).get("name") == cluster)
    return clusters.get(name) or next(same, None) or {}


def _clusters(record: Any) -> Mapping[str, Any]:
    return record.get("clusters", {}) if record else {}


def _cluster(stack: StackSettings) -> dict[str, Any]:
    version = {"version": str(stack.cluster.kubernetes_version)}
    teams = {team.name: _team(team, stack) for team in stack.teams if stack.cluster.inside == "now"}
    if stack.cluster.existing:
        return {"controlPlane": version, "pools": {}, "teams": teams}
    fixed = fixed_pools(stack)
    pools = {
        pool.name: {
            "version": str(pool.version),
            "osType": pool.os_type,
            "osSku": pool.os_sku,
            "mode": pool.mode,
            **({"nodes": pool.count} if pool.autoscaling is None else {}),
            **({"namespace": pool.namespace} if pool.namespace else {}),
            "fixed": fixed[pool.name],
        }
        for pool in stack.all_pools
    }
    return {
        "controlPlane": version,
        "pools": pools,
        "fixed": fixed_cluster(stack),
        "nodeOsChannel": stack.node_updates.channel,
        "teams": teams,
    }


def _team(team: Team, stack: StackSettings) -> dict[str, Any]:
    made = sorted(group.name for group in team.groups if not group.object_id and not stack.cluster.existing)
    return {"namespace": team.namespace, "groups": made, "isolation": team.isolation}


def _outputs_of(stack: str) -> pulumi.Output[Any]:
    """Return a stack's last outputs, which may be none.

    A StackReference would say the same, and the engine would print every output of that stack at each preview.
    """
    full_name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{stack}"
    answer = pulumi.runtime.invoke_output("pulumi:pulumi:readStackOutputs", {"name": full_name})
    # Some of them are called secrets (`unprinted`), and the record made from these would be one with them.
    return pulumi.Output.unsecret(answer).apply(lambda read: read["outputs"])
