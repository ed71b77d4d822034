"""A warning before support ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.judging.context import parsed
from secure_aks_lifecycle.judging.finding import Finding
from secure_aks_lifecycle.judging.rule import Param, Params, Rule
from secure_aks_lifecycle.stack.aks import CLUSTER, DEPLOYMENT, POOL, versioned
from secure_aks_lifecycle.versions.advice import next_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secure_aks_lifecycle.judging.context import Context
    from secure_aks_lifecycle.judging.resource import Resource


def check(resource: Resource, context: Context, params: Params) -> Iterator[Finding]:
    """Warn about versions whose support ends within `warnDays`."""
    for item in versioned(resource):
        version = parsed(item.version)
        if version is None:
            continue
        support = context.catalog.support(version, context.today, lts=context.has_lts(item.cluster))
        days = support.days_left
        if days is not None and 0 <= days <= params["warnDays"]:
            newer = next_version(version, context.catalog, context.today)
            remedy = f"plan the move to {newer}" if newer else "plan the move to the next minor"
            yield Finding(
                f"{item.subject}: the support of {version} ends on {support.ends}, in {days} days; {remedy}",
                names=(item.name,),
            )


RULE = Rule(
    id="support-ending",
    title="Support does not end soon for the Kubernetes version of a control plane or a node pool.",
    level="advisory",
    why="An upgrade of a large cluster takes weeks: control plane, then pool after pool, each proven before the next.",
    remedy="Start the upgrade to the next minor.",
    applies={CLUSTER, POOL, DEPLOYMENT}.__contains__,
    check=check,
    params={
        "warnDays": Param(
            "integer",
            60,
            "Days before the end of support from which it is reported.",
            setting=("versionRules", "warnDays"),
            minimum=0,
            maximum=365,
        )
    },
)
