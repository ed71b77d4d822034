"""`whole-cluster`: control plane and all pools at once, the way of a cluster that is out of support."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from secure_aks_lifecycle.clock import now
from secure_aks_lifecycle.facts.catalog import Catalog

from upgrades.commands.common import StackName, blocked, fail, open_session
from upgrades.plan.offers import narrowed
from upgrades.plan.waves.schedule import schedule
from upgrades.plan.whole_cluster import patch_of
from upgrades.plan.whole_cluster import whole_cluster as plan_of_all

from .running import ask, azure_was_asked, begins, facts, recorded, run

if TYPE_CHECKING:
    from upgrades.model.steps import Plan
    from upgrades.session.session import Session

KIND = "whole-cluster"
"""The kind of a rollout, in its first entry, that takes a whole cluster at once."""


def whole_cluster(
    to: Annotated[
        str, typer.Option("--to", help="The lowest supported minor, as x.y (its newest patch) or x.y.z.")
    ],
    stack: StackName = "dev",
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Take a cluster without support and without LTS to the lowest supported minor: control plane and all pools at once.

    AKS has no other way for it, and nothing of it goes back. Shows what it does and asks first. Where it was done outside already
    (az aks upgrade), this writes down what runs. Killed? `resume` goes on.
    """
    session = open_session(stack)
    begins(session)
    made = _plan(session, to)
    if made.blockers:
        blocked(made)
    ask([made], schedule([made]), yes=yes)
    told = facts(session, made, str(made.target))
    run(session, lambda rollout: rollout.start(made.steps, 0, kind=KIND, **told))


def _plan(session: Session, to: str) -> Plan:
    seen = session.observed()
    azure_was_asked(session, seen, "a whole cluster goes")
    last = recorded(session, seen)
    today, catalog = now().date(), Catalog.load()
    cluster = narrowed(seen.cluster, seen.offered)
    try:
        target = patch_of(to, cluster, catalog, today)
    except ValueError as error:
        fail(f"--to: {error}", code=2)
    there = [str(one.get("name")) for one in seen.arm.get("properties", {}).get("agentPoolProfiles") or ()]
    return plan_of_all(cluster, last, there, target, catalog, today)
