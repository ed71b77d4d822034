"""Managed Grafana: something to show, and somebody to look at it."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.words import repeated

PATH = "secure-aks:cluster.monitoring.grafana"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield a Grafana without metrics or without people, groups with two roles, and in prod one that is open to the internet."""
    if not draft.cluster or not (grafana := draft.cluster.monitoring.grafana):
        return
    if not draft.cluster.monitoring.prometheus:
        why = "it shows what managed Prometheus collects, and nothing is collected"
        remedy = "add `prometheus: {workspace: <resource id of an Azure Monitor workspace>}` beside it, or remove `grafana`"
        yield Finding(PATH, why, remedy)
    if not any(grafana.groups.values()):
        why = "no group may look at it, and Entra's groups are the only way in"
        yield Finding(PATH, why, "add `viewers: [{name: <group>, objectId: <object id>}]`")
    places = [
        (f"{PATH}.{key}[{index}]", group.name)
        for key, groups in grafana.groups.items()
        for index, group in enumerate(groups)
    ]
    for place, name, first in repeated(places):
        yield Finding(
            place, f"the group {name!r} is {first} already", "name each group once, by what it may most"
        )
    people = [
        (f"{PATH}.{key}[{index}].objectId", group.object_id)
        for key, groups in grafana.groups.items()
        for index, group in enumerate(groups)
        if group.object_id
    ]
    for place, _, first in repeated(people):
        yield Finding(place, f"the group is {first} already", "name each group once, by what it may most")
    if draft.is_prod and grafana.public_access:
        why = "in prod, the pictures of the cluster are not on the internet"
        remedy = "remove the key, or write false"
        yield Finding(f"{PATH}.publicAccess", why, remedy, "prod-grafana-private", draft.cluster.name)
