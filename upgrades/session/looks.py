"""What a session sees of its stack: the cluster as a plan wants it, what runs, and what gates look at."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from pulumi.automation import CommandError, StackNotFoundError
from secure_aks_lifecycle.clock import now

from settings import SettingsError, load_file
from upgrades.check.values import Observed
from upgrades.errors.transient import complaint
from upgrades.journal.holds import held
from upgrades.lab import closed
from upgrades.observe.azure.clusters import with_offers
from upgrades.observe.errors import AzureError, ClusterError
from upgrades.observe.running import read
from upgrades.observe.stacks import NoStackError, stack_file, stacks
from upgrades.plan import promotion
from upgrades.plan.rollback import held_outside
from upgrades.rollout.edges import Drained
from upgrades.typed import bring_up
from upgrades.windows import window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secure_aks_lifecycle.stack.record import Versions

    from settings import StackSettings
    from upgrades.model.clusters import Cluster
    from upgrades.model.steps import Step
    from upgrades.model.view import View

    from .session import Session


def planned_cluster(session: Session) -> Cluster:
    """Return the recorded cluster with what promotion asks of a plan: what the stack it follows has run, and who follows it.

    Stacks of other projects and those that are not up count for nothing here; the gate and the pack judge them.
    """
    settings = session.settings()
    everything = promotion.recorded(session.outputs())
    own = {name: state for name, state in everything.items() if name == settings.cluster.name}
    followers: list[tuple[int, Versions]] = []
    leader: Versions = {}
    for name in stacks(session.folder):
        if name != session.stack_name:
            with suppress(SettingsError):
                rule = load_file(stack_file(session.folder, name)).promotion
                if rule and rule.follows == session.stack_name:
                    followers.append((rule.soak_days, _recorded_if_there(session, name)))
    rule = settings.promotion
    if rule and rule.follows in stacks(session.folder):
        leader = _recorded_if_there(session, rule.follows)
    cluster = replace(session.recorded_cluster(), held=held(session.kept.held()))
    return promotion.promoted(cluster, own, leader, followers, now())


def observed(session: Session) -> Observed:
    """Return what runs, and what Azure offers next, as Azure tells; where it cannot be asked, the stack's own record.

    `unread` says so then.
    """
    seen = Observed(planned_cluster(session), f"stack {session.name}", session.file, is_up=session.is_up)
    if not seen.is_up:
        return replace(seen, unread=_never_initialised(session))
    from upgrades.observe.azure.values import resource_id, shaped  # noqa: PLC0415  # loads the Azure SDK

    recorded = promotion.recorded(session.outputs()).get(seen.cluster.name)
    try:
        arm = session.azure.whole_cluster(session.cluster_id())
        running = read(arm["properties"])
        cluster = shaped(running.applied_to(seen.cluster), arm)
        cluster = held_outside(cluster, recorded) if recorded else cluster
    except (AzureError, ValueError) as error:
        return replace(seen, unread={"Azure (the stack's own record stands in)": str(error)})
    where = resource_id(session.cluster_id())
    seen = replace(
        seen,
        cluster=replace(cluster, subscription=where["subscriptions"], resource_group=where["resourcegroups"]),
        operations=running.operations,
        images=running.images,
        location=str(arm.get("location") or ""),
        arm=arm,
        recorded=recorded,
    )
    return with_offers(session.azure, session.cluster_id(), seen)


def view(session: Session, pool: str = "") -> View:
    """Return what gates see now; the API server is asked about the pods of the pool that is about to be drained."""
    from upgrades.observe.live import live_view  # noqa: PLC0415  # loads the Azure and Kubernetes clients

    settings, moment = session.settings(), now()
    is_open, opens = window(settings.maintenance, moment)
    seen = live_view(settings, session.outputs(), session.azure, moment, pool, closed=closed(session.name))
    seen = replace(seen, window_open=is_open, next_window=opens, maintenance=settings.maintenance)
    try:
        leader = _leader(session, settings)
    except (NoStackError, CommandError) as error:
        return replace(seen, unread={**seen.unread, "followed": complaint(error)})
    absent = {} if leader else {"followed": "the stack follows none"}
    return replace(seen, followed=leader, absent={**seen.absent, **absent})


def promotion_notes(session: Session, steps: Sequence[Step]) -> list[str]:
    """Return what promotion would stop of some steps now, or that the stack which goes first cannot be read."""
    try:
        leader = _leader(session, session.settings())
    except (NoStackError, CommandError) as error:
        return [f"PROMO001 would stop it, as the stack that goes first cannot be read: {complaint(error)}"]
    return leader.notes(steps, now()) if leader else []


def drain(session: Session, step: Step) -> Drained:
    """Cordon a step's pool and ask for the evictions that are due. Raises ClusterError."""
    from upgrades.observe.cluster.draining import drain_once  # noqa: PLC0415  # loads the Kubernetes client
    from upgrades.observe.cluster.login import client_of  # noqa: PLC0415

    if why := closed(session.name):
        raise ClusterError(why)
    return Drained(*drain_once(client_of(str(session.outputs()["kubeconfig"])), step.target))


def free_cores(session: Session, step: Step) -> dict[str, int]:
    """Return the quota for the pool that a step adds. Raises AzureError."""
    from upgrades.observe.azure.quota import free_cores as left  # noqa: PLC0415  # loads the Azure SDK

    if step.move is None:
        return {}
    old = next(pool for pool in session.settings().all_pools if pool.name == step.move.old)
    size = str(step.move.values.get("vmSize", old.vm_size))
    is_spot = step.move.values.get("priority", old.priority) == "Spot"
    return left(session.azure, session.outputs()["cluster"]["location"], {step.target: ((size,), is_spot)})


def _never_initialised(session: Session) -> dict[str, str]:
    """Tell apart a stack that is not up from one that Pulumi does not know: that may be the wrong backend."""
    try:
        session.stack.outputs()
    except StackNotFoundError as error:
        return {
            "the stack (its file stands in)": f"{complaint(error)}; or bring it up: {bring_up(session.name)}"
        }
    return {}


def _leader(session: Session, settings: StackSettings) -> promotion.Leader | None:
    """Return the stack that goes first. Raises NoStackError or CommandError when it cannot be read."""
    rule = settings.promotion
    if rule is None:
        return None
    systems = {pool.name: pool.os_type for pool in settings.all_pools}
    return promotion.Leader(rule.follows, _recorded(session, rule.follows), rule.soak_days, systems)


def _recorded(session: Session, name: str) -> Versions:
    return promotion.recorded(session.beside(name).stack.outputs())


def _recorded_if_there(session: Session, name: str) -> Versions:
    """Return nothing for a stack that has a file and that the CLI does not know: nobody ran `pulumi stack init`."""
    try:
        return _recorded(session, name)
    except StackNotFoundError:
        return {}
