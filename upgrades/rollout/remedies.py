"""What to do when a step stopped: what clears the error, and what of the step can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi.automation import ConcurrentUpdateError
from secure_aks_lifecycle import ending

from upgrades import typed
from upgrades.errors import azure as azure_errors
from upgrades.plan.rollback_conditions import WITHIN

from .reached import left_by

if TYPE_CHECKING:
    from pulumi.automation import CommandError

    from upgrades.model.steps import Step


def remedy_of(error: CommandError, text: str, step: Step) -> str:
    """Return what to do after an `up` that failed: what clears the error, and what of the step can be undone."""
    if isinstance(error, ConcurrentUpdateError):
        cancel = f"{ending.there('pulumi')} cancel"
        return f"wait for the other update; when none runs (a killed one left its lock): `{cancel}`, then `resume`"
    return f"{cleared(text) or 'mend what it names, then `resume`'}; {way_back(step)}"


def cleared(text: str) -> str:
    """Return what clears an error, by Azure's code; empty when nothing better is known than its own words."""
    found = azure_errors.remedy(text)
    return found if not found or "`resume`" in found else f"{found}, then `resume`"


def way_back(step: Step) -> str:
    """Say what of a step can be undone, and how (facts of AKS, 2026-07)."""
    if step.move:
        return f"`abort` leaves everything as it is now: {left_by(step.move)}"
    if step.whole:
        again = typed.command("whole-cluster", step.stack, "--to", str(step.after))
        return f"Azure never lowers a control plane; `abort` leaves everything as it is now, and {again} goes on from there"
    if step.is_control_plane:
        return "Azure never lowers a control plane, and `abort` leaves everything as it is now"
    back = typed.command("rollback", step.stack, "--pool", step.target)
    return f"`abort` leaves everything as it is now, and within {WITHIN.days} days of its upgrade the pool can go back: {back}"
