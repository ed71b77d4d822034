"""One owner of the versions: this program, AKS's channel, or a fleet; and what a fleet is told."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.sections.fleet import FLEET_NAME, Fleet
from settings.words import repeated

OWNER = "secure-aks:versionRules.owner"
CHANNEL = "secure-aks:versionRules.channel"
FLEET = "secure-aks:fleet"


def one_owner(draft: Draft) -> Iterator[Finding]:
    """Yield a second owner beside the one that `versionRules.owner` names, and an owner who lacks what it needs."""
    if not (rules := draft.version_rules):
        return
    if rules.channel and rules.owner != "channel":
        why = f"{OWNER.removeprefix('secure-aks:')} is {rules.owner}, and a channel would move versions too"
        yield Finding(CHANNEL, why, "remove it, or write `owner: channel`")
    if rules.owner == "channel" and not rules.channel:
        why = "AKS's channel moves the versions, and none is named"
        yield Finding(OWNER, why, "add `channel: patch`, `stable` or `rapid` beside it")
    if draft.fleet and rules.owner != "fleet":
        why = f"the fleet moves the versions of its members, and {OWNER.removeprefix('secure-aks:')} is {rules.owner}: two owners"
        yield Finding(FLEET, why, f"write `owner: fleet` under secure-aks:versionRules, or remove {FLEET}")
    if rules.owner == "fleet" and not draft.fleet and draft.complete:
        why = "a fleet moves the versions, and there is none"
        yield Finding(
            OWNER, why, f"add {FLEET} with the `id` of one that exists, or the `name` of one to create"
        )


def fleet(draft: Draft) -> Iterator[Finding]:
    """Yield what makes no fleet, or leaves the cluster out of its runs."""
    if not (said := draft.fleet):
        return
    if bool(said.id) == bool(said.name):
        why = "it names a fleet that exists and one to create" if said.id else "it names no fleet"
        yield Finding(FLEET, why, "write `id` of a fleet that exists, or `name` of one to create")
    for key, value in {"stages": said.stages, "autoUpgrade": said.auto_upgrade}.items():
        if said.id and value:
            why = "the fleet is another stack's, and what it does would be said in two places"
            yield Finding(f"{FLEET}.{key}", why, "say it in the stack that makes the fleet")
    yield from _names(said)
    group = said.group or draft.context.stack
    if not FLEET_NAME.fullmatch(group):
        why = (
            f"the cluster's group is the stack's name unless set, and Fleet Manager takes no group {group!r}"
        )
        yield Finding(FLEET, why, "add `group`, of at most 50 of a-z, 0-9 and '-'")
    if said.stages and not any(group in stage.groups for stage in said.stages):
        why = f"the cluster's own group, {group}, is in no stage: no run of the strategy would move it"
        yield Finding(f"{FLEET}.stages", why, f"add {group} to the `groups` of a stage")


def _names(said: Fleet) -> Iterator[Finding]:
    """Yield what stands in a strategy twice: Fleet Manager refuses it."""
    stages = [(f"{FLEET}.stages[{index}].name", stage.name) for index, stage in enumerate(said.stages)]
    groups = [
        (f"{FLEET}.stages[{index}].groups[{at}]", group)
        for index, stage in enumerate(said.stages)
        for at, group in enumerate(stage.groups)
    ]
    profiles = [
        (f"{FLEET}.autoUpgrade[{index}].name", profile.name)
        for index, profile in enumerate(said.auto_upgrade)
    ]
    for what, named in {"stage": stages, "group": groups, "profile": profiles}.items():
        for place, name, first in repeated(named):
            yield Finding(place, f"{first} has the {what} {name} already", "name each once")


CHECKS = (one_owner, fleet)
