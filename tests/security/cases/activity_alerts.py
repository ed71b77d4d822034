"""Cases of the rule about alerts of the activity log and of queries."""

from typing import Any

from tests.security.build import DELETE, activity_alert

HAPPY = activity_alert
TYPE = "azure-native:monitor:ActivityLogAlert"
_QUIET = "actions.actionGroups: the alert goes off, and nobody is told"
_QUERY = {"token": "azure-native:monitor:ScheduledQueryRule", "actions.actionGroups": ["a"]}
CASES: dict[str, dict[str, Any]] = {
    "cluster-activity-alerts-told": {
        "passes": {
            "that is off": {"actions": DELETE, "enabled": False},
            "by default on": {"enabled": DELETE},
            "of a query": _QUERY,
            "that makes a metric": _QUERY | {"actions": DELETE, "kind": "LogToMetric"},
        },
        "fails": {
            "to nobody": ({"actions": DELETE}, _QUIET),
            "to nobody by default": ({"actions": DELETE, "enabled": DELETE}, _QUIET),
            "to no group": ({"actions.actionGroups": DELETE}, _QUIET),
            "to none of the groups": ({"actions.actionGroups": []}, _QUIET),
            "of a query, to nobody": (_QUERY | {"actions.actionGroups": [], "kind": "LogAlert"}, _QUIET),
        },
    },
}
