"""Cases of the rule about alerts."""

from typing import Any

from tests.security.build import DELETE, alerts

HAPPY = alerts
TYPE = "azure-native:alertsmanagement:PrometheusRuleGroup"
_QUIET = "rules: NodeNotReady goes off, and nobody is told"
_RECORD, _OFF = {"record": "a:b"}, {"alert": "Off", "enabled": False}
CASES: dict[str, dict[str, Any]] = {
    "cluster-alerts-told": {
        "passes": {
            "that is off": {"rules[0].actions": DELETE, "rules[0].enabled": False},
            "that records": {"rules": [{"record": "a:b", "expression": "up"}]},
            "without rules": {"rules": DELETE},
        },
        "fails": {
            "to nobody": ({"rules[0].actions": DELETE}, _QUIET),
            "to no group": ({"rules[0].actions": []}, _QUIET),
            "after others": (
                {
                    "rules": [
                        _RECORD,
                        _OFF,
                        {**_OFF, "enabled": True, "actions": [{}]},
                        {"alert": "NodeNotReady"},
                    ]
                },
                _QUIET,
            ),
            "by default on": ({"rules[0].actions": DELETE, "rules[0].enabled": DELETE}, _QUIET),
        },
    },
}
