"""Cases of the rule about who else says who somebody is."""

from typing import Any

from tests.security.build import DELETE, authenticator

HAPPY = authenticator
TYPE = "azure-native:containerservice:JWTAuthenticator"
_URL = "properties.issuer.url"
_NOBODY = "whoever has a token of an issuer nobody names gets into the cluster"


def _of(url):
    return {_URL: url}, f"whoever has a token of {url} gets into the cluster"


CASES: dict[str, dict[str, Any]] = {
    "cluster-authenticator": {
        "fails": {
            "another issuer": _of("https://token.actions.githubusercontent.com"),
            "another tenant of the same": _of("https://issuer.example/other"),
            "a longer name": _of("https://issuer.example/shop.evil.example"),
            "no address": ({_URL: DELETE}, _NOBODY),
            "no issuer": ({"properties.issuer": DELETE}, _NOBODY),
            "nothing": ({"properties": DELETE}, _NOBODY),
        },
    }
}
