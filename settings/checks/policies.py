"""The packs' levels: of rules that exist, and in prod none switched off or lowered without a word."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.facts.pack_rules import PACKS, pack_rules
from settings.switched_off import REMEDY, RULE, switched_off
from settings.words import did_you_mean


def check(draft: Draft) -> Iterator[Finding]:
    """Yield levels of rules that are none, and what a production stack switches off or lowers."""
    if not draft.policies:
        return
    for pack in PACKS:
        known = pack_rules()[pack].every
        for name in getattr(draft.policies, pack):
            if name != "all" and name not in known:
                why = f"the {pack} pack has no rule {name!r}"
                yield Finding(f"secure-aks:policies.{pack}.{name}", why, did_you_mean(name, {*known, "all"}))
    for part in switched_off(draft.policies) if draft.is_prod else ():
        yield Finding(part.path, f"in prod, {part}", REMEDY, RULE, part.name)
