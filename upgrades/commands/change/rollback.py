"""`rollback`: take a pool back to what it ran before, write that down, and hold the bad version until a person lifts it."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated, Any

import typer
from secure_aks_lifecycle.clock import now
from secure_aks_lifecycle.facts.catalog import Catalog

from upgrades import typed
from upgrades.commands.common import StackName, blocked, open_session, out
from upgrades.journal.holds import HELD, LIFTED, hold_entry, lift_entry
from upgrades.journal.progress import ROLLBACK
from upgrades.observe.azure.values import recently_used, resource_id
from upgrades.plan.rollback import rollback as way_back
from upgrades.plan.waves.schedule import schedule

from .running import ask, azure_was_asked, begins, facts, recorded, run

if TYPE_CHECKING:
    from secure_aks_lifecycle.versions.version import Version

    from upgrades.check.values import Observed
    from upgrades.model.steps import Plan
    from upgrades.session.session import Session

REASON = "it was rolled back"


def rollback(
    pool: Annotated[str, typer.Option("--pool", help="The pool to take back.")],
    stack: StackName = "dev",
    *,
    lift: Annotated[bool, typer.Option("--lift", help="Let plans take the held version again.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why; a lift needs one.")] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Take a pool back to the version it ran before, within 7 days of its upgrade, and hold the version that it leaves.

    Where it was taken back outside already, this writes down what runs. No plan takes the held version again until --lift.
    """
    session = open_session(stack)
    if lift:
        _lift(session, pool, reason)
        return
    begins(session)
    seen = session.observed()
    made = _plan(session, seen, pool)
    if made.blockers:
        blocked(made)
    step = made.steps[0]
    ask([made], schedule([made]), yes=yes)
    with session.kept.open_holds() as journal:
        journal.write(HELD, **hold_entry(pool, step.before, reason.strip() or REASON, getpass.getuser()))
    told = facts(session, made, str(step.after))
    run(session, lambda rollout: rollout.start([step], 0, kind=ROLLBACK, **told))
    out.print(f"No plan takes {pool} to {step.before} again until somebody lifts that:", markup=False)
    out.print(
        typed.command("rollback", stack, f"--pool {pool} --lift --reason '<why it is good now>'"),
        markup=False,
    )


def _plan(session: Session, seen: Observed, pool: str) -> Plan:
    azure_was_asked(session, seen, "a pool goes back")
    last = recorded(session, seen)
    offered = _offered(session, pool) if any(one.name == pool for one in seen.cluster.pools) else None
    return way_back(seen.cluster, pool, last, Catalog.load(), now(), offered=offered)


def _offered(session: Session, pool: str) -> frozenset[Version]:
    where = resource_id(session.cluster_id())
    profile = session.azure.pool_upgrade_profile(where["resourcegroups"], where["managedclusters"], pool)
    return frozenset(recently_used(profile))


def _lift(session: Session, pool: str, reason: str) -> None:
    standing = session.kept.held()
    lifted: list[dict[str, Any]] = lift_entry(
        session.settings().cluster.name, standing, pool, reason, getpass.getuser()
    )
    with session.kept.open_holds() as journal:
        for entry in lifted:
            journal.write(LIFTED, **entry)
    names = ", ".join(str(entry["version"]) for entry in lifted)
    out.print(f"Lifted: plans may take {pool} of {session.name} to {names} again.", markup=False)
