"""Cases of the maintenance windows' rule."""

from typing import Any

from tests.security.build import DELETE, window

HAPPY = window
TYPE = "azure-native:containerservice:MaintenanceConfiguration"

CASES: dict[str, dict[str, Any]] = {
    "maintenance-window-length": {
        "passes": {
            "longer": {"maintenanceWindow.durationHours": 5},
            "no window": {"maintenanceWindow": DELETE},
        },
        "fails": {"three hours": ({"maintenanceWindow.durationHours": 3}, "the window lasts 3 hours")},
    },
}
