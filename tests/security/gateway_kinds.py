"""Gateways and ListenerSets on an API server: custom resources with as much of their published schemas as rules read."""

from typing import Any

_TEXT = {"type": "string"}
_SELECTOR: dict[str, Any] = {
    "type": "object",
    "properties": {
        "matchLabels": {"type": "object", "additionalProperties": _TEXT},
        "matchExpressions": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["key", "operator"],
                "properties": {"key": _TEXT, "operator": _TEXT, "values": {"type": "array", "items": _TEXT}},
            },
        },
    },
}
_ALLOWED: dict[str, Any] = {
    "type": "object",
    "properties": {
        "kinds": {"type": "array", "items": {"type": "object"}},
        "namespaces": {
            "type": "object",
            "properties": {
                "from": {"type": "string", "enum": ["All", "Selector", "Same", "None"]},
                "selector": _SELECTOR,
            },
        },
    },
}
_LISTENER = {
    "type": "object",
    "required": ["name", "protocol", "port"],
    "properties": {"name": _TEXT, "protocol": _TEXT, "port": {"type": "integer"}, "allowedRoutes": _ALLOWED},
}
_SPEC = {
    "type": "object",
    "properties": {
        "gatewayClassName": _TEXT,
        "listeners": {"type": "array", "items": _LISTENER},
        "allowedListeners": _ALLOWED,
    },
}


def _definition(kind: str, group: str, version: str) -> dict[str, Any]:
    plural = f"{kind.lower()}s"
    schema = {"type": "object", "required": ["spec"], "properties": {"spec": _SPEC}}
    served = {"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    approved = "https://github.com/kubernetes-sigs/gateway-api"
    return {
        "metadata": {
            "name": f"{plural}.{group}",
            "annotations": {"api-approved.kubernetes.io": approved},  # which groups of k8s.io need
        },
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
            "versions": [served],
        },
    }


DEFINITIONS = [
    _definition("Gateway", "gateway.networking.k8s.io", "v1"),
    _definition("ListenerSet", "gateway.networking.k8s.io", "v1"),
    _definition("XListenerSet", "gateway.networking.x-k8s.io", "v1alpha1"),
]
"""The CustomResourceDefinitions."""
