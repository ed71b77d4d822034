"""Cases of the rule about extensions."""

from typing import Any

from tests.security.build import DELETE, extension

HAPPY = extension
TYPE = "azure-native:kubernetesconfiguration:Extension"
_OFF = {"configurationSettings": {"multiTenancy.enforce": "false"}}
CASES: dict[str, dict[str, Any]] = {
    "flux-multi-tenancy": {
        "passes": {
            "by default": {"configurationSettings": {"helm-controller.enabled": "true"}},
            "without settings": {"configurationSettings": DELETE},
        },
        "fails": {"off": (_OFF, "multiTenancy.enforce is false")},
    },
}
