"""A rollout of several clusters in time, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from upgrades.model.steps import Plan


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a cluster has to have left what it runs: the first support that ends, of what, and the last start in time.

    `latest` is None when no start would be in time; `late` says which steps come too late as they are placed.
    """

    ends: date
    what: str
    latest: datetime | None
    late: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """One cluster's plan with its wave (counted from 1), and when each of its steps starts.

    Times are minutes from the start of the rollout. Between the legs of a plan the cluster takes no place of another.
    """

    plan: Plan
    wave: int
    start: int
    end: int
    starts: tuple[int, ...] = ()
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The slots in the order in which they start; `begin` is the moment of minute 0 (None: not placed in the calendar)."""

    slots: tuple[Slot, ...]
    begin: datetime | None = None

    @property
    def makespan(self) -> int:
        """Minutes from the first start to the last end, soak times between included."""
        return max((slot.end for slot in self.slots), default=0)

    @property
    def too_late(self) -> bool:
        """Tell whether some step comes after the support of what it leaves has ended."""
        return any(slot.deadline and slot.deadline.late for slot in self.slots)

    def moment(self, minute: int) -> datetime | None:
        """Return the moment of a minute; None when the schedule is not placed in the calendar."""
        return self.begin + timedelta(minutes=minute) if self.begin else None
