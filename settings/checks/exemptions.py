"""Exemptions: named, reasoned, ended, needed; and what they lift."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache

from settings.checks.draft import Draft
from settings.checks.finding import RULES, Finding
from settings.facts.pack_rules import pack_rules
from settings.fields.patterns import BARE, fits, names_no_one
from settings.sections.exemptions import Exemption
from settings.words import did_you_mean

LONGEST = timedelta(days=366)
"""How long an exemption lasts at most; whoever still needs it then says so again."""

_WHO = "name the resource, or three letters of it at least, such as kured or payments-*"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield exemptions that are too wide, without a reason, over, or stated twice."""
    seen: dict[tuple[object, ...], str] = {}
    for path, exemption in draft.exemptions.items():
        resource = exemption.resource
        if not exemption.reason.strip():
            yield Finding(f"{path}.reason", "nobody would know why", "write why, and who decided it")
        if BARE.fullmatch(exemption.rule) or "*" in exemption.rule:
            yield Finding(f"{path}.rule", "an exemption is from one rule", "write the rule's id")
        elif exemption.rule not in known_rules():
            why = f"there is no rule {exemption.rule!r}, so nothing would be exempt"
            yield Finding(f"{path}.rule", why, did_you_mean(exemption.rule, known_rules()))
        for key, value in resource.model_dump(exclude_none=True).items():
            if why := names_no_one(value):
                yield Finding(f"{path}.resource.{key}", why, _WHO)
        if not exemption.holds(draft.context.today):
            why = f"it ended on {exemption.until}"
            yield Finding(
                f"{path}.until", why, "remove the exemption, or prolong it with a reason that still holds"
            )
        elif exemption.until - draft.context.today > LONGEST:
            why = f"{exemption.until} is more than a year away, and an exemption has an end in sight"
            yield Finding(f"{path}.until", why, f"write {draft.context.today + LONGEST} or earlier")
        same = (exemption.rule, *resource.model_dump().values())
        if same in seen:
            yield Finding(path, f"{seen[same]} says the same", "remove one of them")
        seen.setdefault(same, path)


@cache
def known_rules() -> frozenset[str]:
    """Return the ids of all rules: the settings' own and the packs'."""
    return frozenset(RULES).union(*(rules.every for rules in pack_rules().values()))


def lift(draft: Draft, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings that no exemption lifts, and the exemptions from these rules that lift none."""
    used: set[str] = set()
    for finding in findings:
        lifting = [path for path, exemption in draft.exemptions.items() if _lifts(draft, exemption, finding)]
        used.update(lifting)
        if not lifting:
            yield _with_way_out(finding)
    for path, exemption in draft.exemptions.items():
        if (
            exemption.rule in RULES
            and path not in used
            and exemption.holds(draft.context.today)
            and draft.complete
        ):
            why = f"nothing named {exemption.resource.name!r} breaks the rule {exemption.rule}"
            yield Finding(path, why, "remove the exemption, or mend its resource's name")


def _lifts(draft: Draft, exemption: Exemption, finding: Finding) -> bool:
    name = exemption.resource.name
    return (
        finding.rule is not None
        and finding.resource is not None
        and exemption.rule == finding.rule
        and exemption.holds(draft.context.today)
        and not BARE.fullmatch(name)
        and fits(name, finding.resource)
    )


def _with_way_out(finding: Finding) -> Finding:
    if finding.rule is None:
        return finding
    return replace(
        finding,
        remedy=f"{finding.remedy}; or exempt `{finding.resource}` from the rule `{finding.rule}` with a reason and an end date",
    )
