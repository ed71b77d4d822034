"""Permits that let a move past the lifecycle pack which is no upgrade's step: one-time, short, and in a journal."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from secure_aks_lifecycle.versions.permit import Move, Permit

if TYPE_CHECKING:
    from datetime import datetime

    from upgrades.model.steps import Step


PERMITTED = timedelta(hours=4)
"""How long a permit holds: a preview and an `up` of versions that run already. What Azure takes in between comes on top."""


def permit(step: Step, now: datetime, entry: str) -> Permit:
    """Return the permit for the preview and the `up` of a rollback or of a full-cluster upgrade; `entry` is where the journal has it."""
    moves = frozenset(
        Move(part.cluster, part.target, part.before, part.after)
        for part in step.parts
        if part.before != part.after
    )
    if not step.whole:
        return Permit(entry, f"rollback of pool {step.target}", now + PERMITTED, moves)
    longest = timedelta(minutes=step.duration.longest)
    return Permit(entry, f"full-cluster upgrade to {step.after}", now + longest + PERMITTED, moves)
