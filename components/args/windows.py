"""The maintenance windows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

DayName = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


@dataclass(frozen=True)
class DailyArgs:
    """Every so many days."""

    every_days: int = 1
    """Days from one window to the next."""


@dataclass(frozen=True)
class WeeklyArgs:
    """A day of the week, every so many weeks."""

    day: DayName
    """Day of the week."""
    every_weeks: int = 1
    """Weeks from one window to the next."""


@dataclass(frozen=True)
class MonthlyArgs:
    """A date of the month, every so many months."""

    day_of_month: int
    """Date of the month; a month without it has no window."""
    every_months: int = 1
    """Months from one window to the next."""


@dataclass(frozen=True)
class RelativeMonthlyArgs:
    """Such as the last Tuesday, every so many months."""

    week: Literal["First", "Second", "Third", "Fourth", "Last"]
    """Which of the month's days of that name."""
    day: DayName
    """Day of the week."""
    every_months: int = 1
    """Months from one window to the next."""


@dataclass(frozen=True)
class WindowArgs:
    """A recurring window; exactly one of daily, weekly, monthly and relative_monthly says when."""

    start_time: str
    """Start of the window at `utc_offset`, such as 22:00."""
    hours: int
    """Length in hours; AKS advises four at least."""
    daily: DailyArgs | None = None
    """Every so many days (node OS window only)."""
    weekly: WeeklyArgs | None = None
    """A day of the week."""
    monthly: MonthlyArgs | None = None
    """A date of the month."""
    relative_monthly: RelativeMonthlyArgs | None = None
    """A day of the week in a week of the month."""
    utc_offset: str = "+00:00"
    """UTC offset of the times; AKS does not move it with daylight saving time."""
    start_date: str | None = None
    """First day on which the window counts, such as 2026-11-30."""


@dataclass(frozen=True)
class DateSpanArgs:
    """Whole days, first and last included."""

    start: str
    """First day, such as 2026-12-20."""
    end: str
    """Last day."""


@dataclass(frozen=True)
class MaintenanceArgs:
    """When Azure may work on the cluster."""

    releases: WindowArgs | None = None
    """AKS's own releases to the control plane (Azure's `default` configuration): weekly."""
    upgrades: WindowArgs | None = None
    """Kubernetes upgrades that Azure starts (`aksManagedAutoUpgradeSchedule`)."""
    node_os: WindowArgs | None = None
    """Node OS updates (`aksManagedNodeOSUpgradeSchedule`)."""
    not_allowed: Sequence[DateSpanArgs] = ()
    """Days without any maintenance."""
