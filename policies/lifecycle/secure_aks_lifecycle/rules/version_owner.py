"""A fleet moves versions only where it is their owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.judging.finding import Finding
from secure_aks_lifecycle.judging.rule import Params, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secure_aks_lifecycle.judging.context import Context
    from secure_aks_lifecycle.judging.resource import Resource

MEMBER = "azure-native:containerservice:FleetMember"
PROFILE = "azure-native:containerservice:AutoUpgradeProfile"
RUN = "azure-native:containerservice:UpdateRun"
_WHAT = {
    MEMBER: "makes the cluster a member of a fleet, whose update runs move its versions",
    PROFILE: "lets a fleet move the versions of its members by itself",
    RUN: "moves the versions of a fleet's members",
}


def check(resource: Resource, context: Context, _params: Params) -> Iterator[Finding]:
    """Refuse what gives a fleet the versions that somebody else has."""
    owner = context.config.version_owner
    if owner != "fleet":
        yield Finding(
            f"{_WHAT[resource.type]}, and secure-aks:versionRules.owner is {owner}: two owners; write `owner: fleet` there, or remove this",
            names=(resource.name,),
        )


RULE = Rule(
    id="one-version-owner",
    title="A fleet moves versions only where the stack file names it as their owner.",
    level="mandatory",
    severity="high",
    why="Two owners undo each other's work: the next `up` asks for a version below the one that the fleet brought, and AKS refuses it.",
    remedy="Name one owner in secure-aks:versionRules.owner; a member that no run ever moves is exempted by name.",
    applies=_WHAT.keys().__contains__,
    check=check,
)
