"""The maintenance windows."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from settings.fields.days import Day
from settings.fields.types import ClockTime, UtcOffset
from settings.sections.base import Section

DayName = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
WeekIndex = Literal["First", "Second", "Third", "Fourth", "Last"]


class Daily(Section):
    """Every so many days."""

    every_days: Annotated[int, Field(ge=1, le=7)] = 1
    """Days from one window to the next."""


class Weekly(Section):
    """A day of the week, every so many weeks."""

    day: DayName
    """Day of the week."""
    every_weeks: Annotated[int, Field(ge=1, le=4)] = 1
    """Weeks from one window to the next."""


class AbsoluteMonthly(Section):
    """A date of the month, every so many months."""

    day_of_month: Annotated[int, Field(ge=1, le=31)]
    """Date of the month; a month without it has no window."""
    every_months: Annotated[int, Field(ge=1, le=6)] = 1
    """Months from one window to the next."""


class RelativeMonthly(Section):
    """Such as the last Tuesday, every so many months."""

    week: WeekIndex
    """Which of the month's days of that name."""
    day: DayName
    """Day of the week."""
    every_months: Annotated[int, Field(ge=1, le=6)] = 1
    """Months from one window to the next."""


class Window(Section):
    """A recurring window; exactly one of daily, weekly, monthly and relativeMonthly says when."""

    daily: Daily | None = None
    """Every so many days (node OS window only)."""
    weekly: Weekly | None = None
    """A day of the week."""
    monthly: AbsoluteMonthly | None = None
    """A date of the month."""
    relative_monthly: RelativeMonthly | None = None
    """A day of the week in a week of the month."""
    start_time: ClockTime
    """Start of the window at utcOffset."""
    hours: Annotated[int, Field(ge=4, le=24)]
    """Length in hours; AKS advises four at least."""
    utc_offset: UtcOffset = "+00:00"
    """UTC offset of the times; AKS does not move it with daylight saving time."""
    start_date: Day | None = None
    """First day on which the window counts."""


class DateSpan(Section):
    """Whole days, first and last included."""

    start: Day
    """First day."""
    end: Day
    """Last day."""


class Maintenance(Section):
    """When Azure may work on the cluster."""

    releases: Window | None = None
    """AKS's own releases to the control plane (Azure's `default` configuration): weekly."""
    upgrades: Window | None = None
    """Kubernetes upgrades that Azure starts (`aksManagedAutoUpgradeSchedule`)."""
    node_os: Window | None = None
    """Node OS updates (`aksManagedNodeOSUpgradeSchedule`)."""
    not_allowed: Annotated[tuple[DateSpan, ...], Field(max_length=100)] = ()
    """Days without any maintenance."""

    def is_allowed(self, day: date) -> bool:
        """Whether maintenance may happen on that day at all."""
        return not any(span.start <= day <= span.end for span in self.not_allowed)
