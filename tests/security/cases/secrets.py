"""Cases of the rules about Secrets."""

from typing import Any

from tests.security.build import secret

HAPPY = secret
CASES: dict[str, dict[str, Any]] = {
    "secret-token": {
        "passes": {"another type": {"type": "example.com/keys"}},
        "fails": {
            "a token": (
                {
                    "type": "kubernetes.io/service-account-token",
                    "metadata.annotations": {"kubernetes.io/service-account.name": "reader"},
                },
                'Secret "keys" asks for a token that never ends',
            ),
            "a node's login": (
                {"type": "bootstrap.kubernetes.io/token"},
                'Secret "keys" is the login of a node',
            ),
        },
    }
}
