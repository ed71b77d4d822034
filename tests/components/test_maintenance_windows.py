"""When Azure may work on the cluster."""

import pytest
from pulumi_azure_native import resources

from components.args.like import like
from components.args.windows import MaintenanceArgs
from components.maintenance_windows import MaintenanceWindows, MaintenanceWindowsArgs
from settings.sections.maintenance import Maintenance
from tests.components.helpers import depends_on, run

WINDOW = {"weekly": {"day": "Tuesday"}, "start_time": "22:00", "hours": 8, "utc_offset": "+01:00"}


def register(**windows):
    def program():
        after = resources.ResourceGroup("before")
        MaintenanceWindows(
            "maintenance",
            MaintenanceWindowsArgs("rg", "aks-test", like(MaintenanceArgs, Maintenance(**windows)), after),
        )

    return run(program)


def window_of(**window):
    done = register(upgrades={**{key: value for key, value in WINDOW.items() if key != "weekly"}, **window})
    return done.one(":MaintenanceConfiguration").inputs["maintenanceWindow"]


def test_three_windows_have_azures_names():
    done = register(releases=WINDOW, upgrades=WINDOW, node_os=WINDOW)

    assert {one.name: one.inputs["configName"] for one in done.of(":MaintenanceConfiguration")} == {
        "maintenance-releases": "default",
        "maintenance-upgrades": "aksManagedAutoUpgradeSchedule",
        "maintenance-node-os": "aksManagedNodeOSUpgradeSchedule",
    }


def test_window_that_is_left_out_is_left_to_azure():
    assert [one.name for one in register(node_os=WINDOW).of(":MaintenanceConfiguration")] == [
        "maintenance-node-os"
    ]
    assert register().of(":MaintenanceConfiguration") == []


@pytest.mark.parametrize(
    ("declared", "schedule"),
    [
        ({"daily": {"every_days": 2}}, {"daily": {"intervalDays": 2}}),
        (
            {"weekly": {"day": "Tuesday", "every_weeks": 3}},
            {"weekly": {"dayOfWeek": "Tuesday", "intervalWeeks": 3}},
        ),
        (
            {"monthly": {"day_of_month": 15, "every_months": 2}},
            {"absoluteMonthly": {"dayOfMonth": 15, "intervalMonths": 2}},
        ),
        (
            {"relative_monthly": {"week": "Last", "day": "Sunday"}},
            {"relativeMonthly": {"weekIndex": "Last", "dayOfWeek": "Sunday", "intervalMonths": 1}},
        ),
    ],
)
def test_every_kind_of_schedule(declared, schedule):
    assert window_of(**declared)["schedule"] == schedule


def test_start_length_and_offset_are_passed_on():
    window = window_of(weekly={"day": "Monday"}, start_date="2026-12-01")

    assert (window["startTime"], window["durationHours"], window["utcOffset"]) == ("22:00", 8, "+01:00")
    assert window["startDate"] == "2026-12-01"
    assert "startDate" not in window_of(weekly={"day": "Monday"})


def test_days_without_maintenance_hold_for_every_window():
    span = {"start": "2026-12-18", "end": "2027-01-04"}
    done = register(releases=WINDOW, node_os=WINDOW, not_allowed=[span])

    assert [
        one.inputs["maintenanceWindow"]["notAllowedDates"] for one in done.of(":MaintenanceConfiguration")
    ] == [
        [span],
        [span],
    ]


def test_windows_belong_to_the_cluster_and_come_after_it():
    done = register(releases=WINDOW)
    window = done.one(":MaintenanceConfiguration")

    assert (window.inputs["resourceGroupName"], window.inputs["resourceName"]) == ("rg", "aks-test")
    assert depends_on(window, done.one(":ResourceGroup"))
    assert window.request.parent == done.one(":MaintenanceWindows").urn
    assert set(done.outputs[window.request.parent]["windows"]) == {"releases"}
