"""The audit log's categories."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.words import repeated

PATH = "secure-aks:audit.categories"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield categories that are kept, and paid for, twice."""
    if not draft.audit:
        return
    places = [(f"{PATH}[{index}]", name) for index, name in enumerate(draft.audit.categories)]
    for place, name, _ in repeated(places):
        yield Finding(place, f"the category {name} is named twice", "name each category once")
    whole, part = "kube-audit", "kube-audit-admin"
    if {whole, part} <= set(draft.audit.categories):
        why = f"{whole} contains all of {part}, so each of its lines would be kept and paid for twice"
        place = next(place for place, name in places if name == part)
        yield Finding(place, why, f"remove {part}; or remove {whole}, if nobody needs what was only read")
