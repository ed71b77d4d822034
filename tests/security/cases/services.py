"""Cases of the Service rules."""

from typing import Any

from tests.security.build import service

HAPPY = service
INTERNAL = "M.annotations.service~beta~kubernetes~io/azure-load-balancer-internal"
PUBLIC = 'Service "web" asks for a public load balancer'

CASES: dict[str, dict[str, Any]] = {
    "service-public-load-balancer": {
        "passes": {
            "internal": {"S.type": "LoadBalancer", INTERNAL: "true"},
            "ClusterIP": {"S.type": "ClusterIP"},
        },
        "fails": {
            "no annotation": ({"S.type": "LoadBalancer"}, PUBLIC),
            "said no": ({"S.type": "LoadBalancer", INTERNAL: "false"}, PUBLIC),
            "another annotation": ({"S.type": "LoadBalancer", "M.annotations.note": "true"}, PUBLIC),
        },
    },
    "service-external-ips": {
        "passes": {"empty": {"S.externalIPs": []}},
        "fails": {"an address": ({"S.externalIPs": ["203.0.113.1"]}, 'Service "web" claims 203.0.113.1')},
    },
    "service-node-port": {
        "passes": {"ClusterIP": {"S.type": "ClusterIP"}},
        "fails": {"NodePort": ({"S.type": "NodePort"}, 'Service "web" is of the type NodePort')},
    },
}
