"""Cases of the Namespace rules."""

from typing import Any

from tests.security.build import DELETE, namespace

HAPPY = namespace
ENFORCE = "M.labels.pod-security~kubernetes~io/enforce"

CASES: dict[str, dict[str, Any]] = {
    "namespace-pod-security": {
        "passes": {"baseline": {ENFORCE: "baseline"}},
        "fails": {
            "privileged": ({ENFORCE: "privileged"}, 'Namespace "app-new" enforces privileged'),
            "no such label": (
                {ENFORCE: DELETE, "M.labels.a": "restricted"},
                'Namespace "app-new" enforces nothing',
            ),
            "no labels": ({"M.labels": DELETE}, 'Namespace "app-new" enforces nothing'),
        },
    },
}
