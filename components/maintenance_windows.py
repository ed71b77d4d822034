"""When Azure may work on the cluster."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_azure_native import containerservice

from .args.like import like
from .args.windows import DateSpanArgs, MaintenanceArgs, WindowArgs

AZURE_NAMES = {
    "releases": "default",
    "upgrades": "aksManagedAutoUpgradeSchedule",
    "node_os": "aksManagedNodeOSUpgradeSchedule",
}
"""Azure's fixed name of each window, by the name it has here."""


@dataclass(frozen=True)
class MaintenanceWindowsArgs:
    """What the windows are made from."""

    resource_group_name: pulumi.Input[str]
    """Resource group of the cluster."""
    cluster_name: pulumi.Input[str]
    """Azure name of the cluster."""
    maintenance: MaintenanceArgs
    """The windows, and the days without."""
    after: pulumi.Resource | None = None
    """What must be done before Azure sees them: the cluster."""


class MaintenanceWindows(pulumi.ComponentResource):
    """The windows of a cluster: AKS's own releases, upgrades that Azure starts, and node OS updates.

    A window that is left out is left to Azure, which then works at any time; days on which nothing may
    happen hold for every window.
    """

    windows: dict[str, containerservice.MaintenanceConfiguration]
    """Each window by its name in the arguments."""

    def __init__(
        self, name: str, args: MaintenanceWindowsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("secure-aks:index:MaintenanceWindows", name, None, opts)
        args = like(MaintenanceWindowsArgs, args)
        declared: dict[str, WindowArgs | None] = {key: getattr(args.maintenance, key) for key in AZURE_NAMES}
        self.windows = {
            key: containerservice.MaintenanceConfiguration(
                f"{name}-{key.replace('_', '-')}",
                resource_group_name=args.resource_group_name,
                resource_name_=args.cluster_name,
                config_name=AZURE_NAMES[key],
                maintenance_window=_window(window, args.maintenance.not_allowed),
                opts=pulumi.ResourceOptions(parent=self, depends_on=[args.after] if args.after else None),
            )
            for key, window in declared.items()
            if window
        }
        self.register_outputs({"windows": {key: window.id for key, window in self.windows.items()}})


def _window(window: WindowArgs, not_allowed: Sequence[DateSpanArgs]) -> Any:
    return containerservice.MaintenanceWindowArgs(
        schedule=_schedule(window),
        start_time=window.start_time,
        duration_hours=window.hours,
        utc_offset=window.utc_offset,
        start_date=window.start_date,
        not_allowed_dates=[
            containerservice.DateSpanArgs(start=span.start, end=span.end) for span in not_allowed
        ],
    )


def _schedule(window: WindowArgs) -> containerservice.ScheduleArgs:
    if window.daily:
        return containerservice.ScheduleArgs(
            daily=containerservice.DailyScheduleArgs(interval_days=window.daily.every_days)
        )
    if window.weekly:
        return containerservice.ScheduleArgs(
            weekly=containerservice.WeeklyScheduleArgs(
                day_of_week=window.weekly.day, interval_weeks=window.weekly.every_weeks
            )
        )
    if window.monthly:
        return containerservice.ScheduleArgs(
            absolute_monthly=containerservice.AbsoluteMonthlyScheduleArgs(
                day_of_month=window.monthly.day_of_month, interval_months=window.monthly.every_months
            )
        )
    if window.relative_monthly:
        return containerservice.ScheduleArgs(
            relative_monthly=containerservice.RelativeMonthlyScheduleArgs(
                week_index=window.relative_monthly.week,
                day_of_week=window.relative_monthly.day,
                interval_months=window.relative_monthly.every_months,
            )
        )
    raise ValueError("a maintenance window says neither daily, weekly, monthly nor relativeMonthly")
