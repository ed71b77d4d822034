"""A stack on a cluster that is there already: what needs Azure or Entra further down, and what has to be known of it."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.sections.groups import Group
from settings.sections.teams import Team

CLUSTER = "secure-aks:cluster"
_CIDRS = "kubectl cluster-info dump | grep -m1 -E 'cluster-cidr|service-cluster-ip-range'"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield what cannot be on a cluster that others make."""
    if not draft.cluster:
        return
    for key, groups in (("deployers", draft.cluster.deployers), ("readers", draft.cluster.readers)):
        for index, group in enumerate(groups):
            yield from _group(f"{CLUSTER}.{key}[{index}]", group)
    for path, team in draft.teams.items():
        yield from _team(path, team)
    kured = draft.node_updates.kured if draft.node_updates else None
    if kured and kured.monitoring and kured.monitoring.collector == "azure-monitor":
        why = "an alert of Azure Monitor's is made in Azure"
        yield Finding(
            "secure-aks:nodeUpdates.kured.monitoring.collector", why, "write `collector: prometheus-operator`"
        )
    yield from _ranges(draft)


def _group(path: str, group: Group) -> Iterator[Finding]:
    if group.members:
        why = "its members are kept by whoever the cluster asks who somebody is, and no group is made here"
        yield Finding(f"{path}.members", why, "remove it")
    if group.name.startswith("system:") and not group.object_id:
        why = (
            f"{group.name!r} is a group of Kubernetes itself, which takes in far more than people of your own"
        )
        yield Finding(f"{path}.name", why, "write the name of a group as the cluster's logins say it")


def _team(path: str, team: Team) -> Iterator[Finding]:
    for index, group in enumerate(team.groups):
        yield from _group(f"{path}.groups[{index}]", group)
    for index, _ in enumerate(team.identities):
        yield Finding(f"{path}.identities[{index}]", "an identity of Azure's is made in Azure", "remove it")
    if team.has_own_nodes:
        why = "nodes of its own are a pool of the stack, and the nodes of this cluster are others'"
        yield Finding(
            f"{path}.isolation", why, "write `isolation: namespace`, or `cluster` where it is the only team"
        )


def _ranges(draft: Draft) -> Iterator[Finding]:
    existing = draft.cluster.existing if draft.cluster else None
    if existing and existing.pod_cidr and existing.service_cidr:
        return
    for path, owner in (*draft.platform.items(), *draft.teams.items()):
        for direction, openings in (("ingress", owner.ingress), ("egress", owner.egress)):
            for index, opening in enumerate(openings):
                if opening.range:
                    why = (
                        f"{opening.range} might take in the cluster's own pods, whose network nobody has said"
                    )
                    remedy = f"add `podCidr` and `serviceCidr` under cluster.existing ({_CIDRS})"
                    yield Finding(f"{path}.{direction}[{index}].range", why, remedy)
