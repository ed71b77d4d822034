"""Cases of the rule about what Flux follows."""

from typing import Any

from tests.security.build import DELETE, flux

HAPPY = flux
TYPE = "azure-native:kubernetesconfiguration:FluxConfiguration"
_SAID = "gitRepository.url is not https:// without a name, or ssh:// without a password"
_URL = "gitRepository.url"
CASES: dict[str, dict[str, Any]] = {
    "flux-source": {
        "passes": {
            "ssh": {_URL: "ssh://git@example.com:2222/a"},
            "a bucket": {"gitRepository": DELETE},
            "no url": {_URL: DELETE},
        },
        "fails": {
            "http": ({_URL: "http://example.com/a"}, _SAID),
            "git": ({_URL: "git://example.com/a"}, _SAID),
            "a token": ({_URL: "https://token@example.com/a"}, _SAID),
            "a password": ({_URL: "ssh://git:secret@example.com/a"}, _SAID),
        },
    },
}
