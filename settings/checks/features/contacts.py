"""Contacts: somebody is named, and there is something to tell them."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.words import repeated

PATH = "secure-aks:cluster.monitoring.contacts"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield contacts without anybody, named twice, or of whom no alert is."""
    if not draft.cluster or not (contacts := draft.cluster.monitoring.contacts):
        return
    if not contacts.emails and not contacts.action_group:
        remedy = "write `emails: [<address>]`, `actionGroup: <resource id>`, or remove `contacts`"
        yield Finding(PATH, "it names nobody, so nobody would be told", remedy)
    places = [(f"{PATH}.emails[{index}]", email) for index, email in enumerate(contacts.emails)]
    for place, _, first in repeated(places):
        yield Finding(place, f"it is {first} already", "name each once")
    updates = draft.node_updates
    is_anything = draft.cluster.defender or draft.cluster.monitoring.alerts
    if draft.complete and updates and not is_anything and not updates.alerts_in_azure:
        why = "no alert of this stack goes to Azure: Defender is off, and neither managed Prometheus' alerts nor kured's are there"
        remedy = "remove `contacts`, or have an alert: `alerts: [node-not-ready]` under secure-aks:cluster.monitoring.prometheus, or `monitoring: {collector: azure-monitor, workspaceId: <resource id>}` under secure-aks:nodeUpdates.kured"
        yield Finding(PATH, why, remedy)
