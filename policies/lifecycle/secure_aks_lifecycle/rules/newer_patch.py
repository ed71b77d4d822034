"""Patches are taken within some days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.judging.context import parsed
from secure_aks_lifecycle.judging.finding import Finding
from secure_aks_lifecycle.judging.rule import Param, Params, Rule
from secure_aks_lifecycle.stack.aks import CLUSTER, DEPLOYMENT, POOL, versioned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secure_aks_lifecycle.judging.context import Context
    from secure_aks_lifecycle.judging.resource import Resource


def check(resource: Resource, context: Context, params: Params) -> Iterator[Finding]:
    """Report versions whose minor has a newer patch that has been out for `patchAgeDays`."""
    for item in versioned(resource):
        version = parsed(item.version)
        release = context.catalog.release(version.minor) if version else None
        if version is None or release is None:
            continue
        newer = [
            patch for patch in release.patches if patch.version > version and patch.since <= context.today
        ]
        oldest = min((patch.since for patch in newer), default=context.today)
        waiting = (context.today - oldest).days
        support = context.catalog.support(version, context.today, lts=context.has_lts(item.cluster))
        if support.newer:
            yield Finding(
                f"{item.subject}: {version} has had no support since {support.ends}, because in long-term support only the two "
                f"newest patches have it; move to {support.newer}",
                names=(item.name,),
            )
        elif newer and waiting > params["patchAgeDays"]:
            newest = max(patch.version for patch in newer)
            yield Finding(
                f"{item.subject}: {version} has been followed by newer patches for {waiting} days; move to {newest}",
                names=(item.name,),
            )


RULE = Rule(
    id="newer-patch",
    title="Control planes and node pools run a recent patch of their minor.",
    level="advisory",
    why="Patches of a minor bring the fixes for known holes and break nothing.",
    remedy="Move to the newest patch of the same minor: the control plane first, then each pool.",
    applies={CLUSTER, POOL, DEPLOYMENT}.__contains__,
    check=check,
    params={
        "patchAgeDays": Param(
            "integer",
            30,
            "Days for which a newer patch may be out before it is reported.",
            setting=("versionRules", "patchAgeDays"),
            minimum=0,
            maximum=365,
        )
    },
)
