"""Cases of the rule about whom alerts reach."""

from typing import Any

from tests.security.build import DELETE, action_group

HAPPY = action_group
TYPE = "azure-native:monitor:ActionGroup"
_NOBODY = "enabled: the group is off, or has nobody in it; alerts that go to it tell nobody"
CASES: dict[str, dict[str, Any]] = {
    "cluster-contacts-reached": {
        "passes": {
            "by default on": {"enabled": DELETE},
            "a machine": {
                "emailReceivers": DELETE,
                "webhookReceivers": [{"name": "w", "serviceUri": "https://w"}],
            },
            "one of two": {"smsReceivers": []},
        },
        "fails": {
            "off": ({"enabled": False}, _NOBODY),
            "of nobody": ({"emailReceivers": DELETE}, _NOBODY),
            "of no address": ({"emailReceivers": []}, _NOBODY),
            "tagged for somebody": ({"emailReceivers": DELETE, "tags": {"Receivers": "x"}}, _NOBODY),
        },
    },
}
