"""Cases of the rules about managed Grafana."""

from typing import Any

from tests.security.build import DELETE, grafana

HAPPY = grafana
TYPE = "azure-native:dashboard:Grafana"
_OPEN = "properties.publicNetworkAccess is not Disabled"
CASES: dict[str, dict[str, Any]] = {
    "grafana-api-keys": {
        "passes": {"by default": {"properties.apiKey": DELETE}, "without properties": {"properties": DELETE}},
        "fails": {"keys": ({"properties.apiKey": "Enabled"}, "properties.apiKey is Enabled")},
    },
    "grafana-public-access": {
        "fails": {
            "open": ({"properties.publicNetworkAccess": "Enabled"}, _OPEN),
            "by default": ({"properties.publicNetworkAccess": DELETE}, _OPEN),
            "without properties": ({"properties": DELETE}, _OPEN),
        },
    },
}
