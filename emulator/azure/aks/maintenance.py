"""Microsoft.ContainerService/managedClusters/maintenanceConfigurations."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from emulator.azure.errors import bad_request, invalid
from emulator.azure.resource_type import Put, ResourceType
from emulator.azure.shapes import rows, table

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props

_NAMES = ("default", "aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule")
_SCHEDULES = ("daily", "weekly", "absoluteMonthly", "relativeMonthly")
_HOURS = range(4, 25)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_OFFSET = re.compile(r"[+-]([01]\d|2[0-3]):[0-5]\d")


def put_configuration(put: Put) -> Props:
    """Refuse a name that AKS does not know, and a window that is none."""
    if put.name not in _NAMES:
        raise invalid("maintenanceConfiguration.name", f"{put.name} is not one of {', '.join(_NAMES)}")
    window = put.body.get("maintenanceWindow")
    if window:
        _window(put.name, window)
    elif put.name != "default":
        raise invalid("maintenanceWindow", f"{put.name} needs one")
    elif not put.body.get("timeInWeek"):
        raise bad_request(
            "TimeInWeekIsNil", "The configuration 'default' needs timeInWeek or maintenanceWindow."
        )
    return put.body | {
        "name": put.name,
        "type": "Microsoft.ContainerService/managedClusters/maintenanceConfigurations",
    }


def _window(name: str, window: Props) -> None:
    if window.get("durationHours") not in _HOURS:
        raise invalid(
            "maintenanceWindow.durationHours",
            f"{window.get('durationHours')} is not between {_HOURS[0]} and {_HOURS[-1]}",
        )
    if not _TIME.fullmatch(str(window.get("startTime"))):
        raise invalid("maintenanceWindow.startTime", f"{window.get('startTime')} is not of the form 22:00")
    if window.get("utcOffset") is not None and not _OFFSET.fullmatch(str(window["utcOffset"])):
        raise invalid("maintenanceWindow.utcOffset", f"{window['utcOffset']} is not of the form +01:00")
    named = [k for k in _SCHEDULES if table(window, "schedule").get(k) is not None]
    if len(named) != 1:
        raise invalid(
            "maintenanceWindow.schedule",
            f"exactly one of {', '.join(_SCHEDULES)} must be given, not {len(named)}",
        )
    if name == "default" and named != ["weekly"]:
        raise invalid(
            "maintenanceWindow.schedule", "the configuration 'default' takes a weekly schedule only"
        )
    if name == "aksManagedAutoUpgradeSchedule" and named == ["daily"]:
        raise invalid("maintenanceWindow.schedule", "daily is for aksManagedNodeOSUpgradeSchedule only")
    for span in rows(window, "notAllowedDates"):
        try:
            right = date.fromisoformat(str(span.get("start"))) <= date.fromisoformat(str(span.get("end")))
        except ValueError:
            right = False
        if not right:
            raise bad_request(
                "InvalidStartEndTime",
                f"notAllowedDates: {span.get('start')} to {span.get('end')} is no span of days.",
            )


MAINTENANCE = ResourceType(
    token="containerservice:MaintenanceConfiguration",  # noqa: S106  (a type token)
    path="/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.ContainerService/"
    "managedClusters/{resourceName}/maintenanceConfigurations/{configName}",
    computed=("name", "systemData", "type"),
    located=False,
    put=put_configuration,
)
