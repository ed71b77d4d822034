"""Contacts: somebody is named, in prod by all means."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.words import repeated

PATH = "secure-aks:cluster.monitoring.contacts"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield contacts without anybody or named twice, and a production stack without any."""
    if not draft.cluster:
        return
    contacts = draft.cluster.monitoring.contacts
    if not contacts:
        if draft.is_prod:
            why = (
                "in prod, somebody is told when the cluster is unwell, and an alert that tells nobody is none"
            )
            remedy = "write `contacts: {emails: [<address>]}` or `contacts: {actionGroup: <resource id>}`"
            yield Finding(PATH, why, remedy, "prod-alerts", draft.cluster.name)
        return
    if not contacts.emails and not contacts.action_group:
        remedy = "write `emails: [<address>]`, `actionGroup: <resource id>`, or remove `contacts`"
        yield Finding(PATH, "it names nobody, so nobody would be told", remedy)
    places = [(f"{PATH}.emails[{index}]", email) for index, email in enumerate(contacts.emails)]
    for place, _, first in repeated(places):
        yield Finding(place, f"it is {first} already", "name each once")
