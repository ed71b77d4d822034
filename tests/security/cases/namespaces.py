"""Cases of the Namespace rules."""

from typing import Any

from tests.security.build import DELETE, namespace

HAPPY = namespace
ENFORCE = "M.labels.pod-security~kubernetes~io/enforce"

VERSION = "M.labels.pod-security~kubernetes~io/enforce-version"

CASES: dict[str, dict[str, Any]] = {
    "namespace-reserved": {
        "fails": {
            name: ({"M.name": name}, f'the name "{name}" is kept for AKS')
            for name in ("gatekeeper-system", "aks-istio-system")
        },
    },
    "namespace-webhooks": {
        "passes": {
            "no labels": {"M.labels": DELETE},
            "as kubebuilder has it": {"M.labels.control-plane": "controller-manager"},
            "managed by others": {"M.labels.kubernetes~azure~com/managedby": "own"},
        },
        "fails": {
            label: (
                {f"M.labels.{label}": value},
                'Namespace "app-new" has a label by which webhooks leave it out',
            )
            for label, value in (
                ("admission~gatekeeper~sh/ignore", ""),
                ("control-plane", "true"),
                ("kubernetes~azure~com/managedby", "aks"),
            )
        },
    },
    "namespace-pod-security": {
        "passes": {
            "baseline": {ENFORCE: "baseline"},
            "the newest version": {VERSION: "latest"},
            "the cluster's version": {VERSION: "v1.36"},
            "the version of the newest check": {VERSION: "v1.34"},
            "an older cluster's version": {VERSION: "v1.33", "facts": {"podSecurityVersions": ["v1.33"]}},
        },
        "fails": {
            "an old version": ({VERSION: "v1.0"}, 'Namespace "app-new" enforces restricted of v1.0'),
            "a version of nothing": ({VERSION: "v1.33"}, 'Namespace "app-new" enforces restricted of v1.33'),
            "an old version of nothing": (
                {ENFORCE: DELETE, VERSION: "v1.0"},
                'Namespace "app-new" enforces nothing of v1.0',
            ),
            "privileged": ({ENFORCE: "privileged"}, 'Namespace "app-new" enforces privileged'),
            "no such label": (
                {ENFORCE: DELETE, "M.labels.a": "restricted"},
                'Namespace "app-new" enforces nothing',
            ),
            "no labels": ({"M.labels": DELETE}, 'Namespace "app-new" enforces nothing'),
        },
    },
}
