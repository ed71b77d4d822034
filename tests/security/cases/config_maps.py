"""Cases of the rules about ConfigMaps."""

from base64 import b64encode
from typing import Any

from tests.security.build import DELETE, config_map
from tests.security.labelled import labelled

HAPPY = config_map
LONG = "x" * 4096
KEYS = ("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "ENCRYPTED PRIVATE KEY")
CASES: dict[str, dict[str, Any]] = {
    "config-secret": {
        "passes": {
            "nothing": {"data": DELETE},
            "empty": {"data": {"PASSWORD": ""}},
            "named in the stack file": {"data": {"CANDY_TOKEN": "sweet"}},
            "a file of bytes": {"binaryData": {"logo.png": "iVBORw0KGgo="}},
            "a certificate in bytes": {"binaryData": {"ca.crt": "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t"}},
            "a long file": {"data": {"app.token": f"{LONG}x"}},
            "a long certificate in base64": {
                "data": {"ca": b64encode(f"-----BEGIN CERTIFICATE-----\n{LONG}".encode()).decode()}
            },
        }
        | {f"{name}={value}": {"data": {name: value}} for name, value, secret in labelled() if not secret},
        "fails": {
            f"{name}={value}": ({"data": {name: value}}, f'ConfigMap "settings" has a secret in {name}')
            for name, value, secret in labelled()
            if secret
        }
        | {
            "among others": (
                {"data": {"LEVEL": "info", "PASSWORD": "x"}},
                'ConfigMap "settings" has a secret in PASSWORD',
            ),
            "in bytes": (
                {"binaryData": {"password": "aHVudGVyMg=="}},
                'ConfigMap "settings" has a secret in password',
            ),
            "a key in bytes": (
                {"binaryData": {"id": b64encode(b"-----BEGIN OPENSSH PRIVATE KEY-----").decode()}},
                'ConfigMap "settings" has a secret in id',
            ),
            "a file that is not long": (
                {"data": {"app.token": LONG}},
                'ConfigMap "settings" has a secret in app.token',
            ),
            **{
                f"a long {kind} in base64": (
                    {"data": {"tls": b64encode(f"-----BEGIN {kind}-----\n{LONG}".encode()).decode()}},
                    'ConfigMap "settings" has a secret in tls',
                )
                for kind in KEYS
            },
            "a key in a long file": (
                {"data": {"a.pem": f"{LONG}-----BEGIN PRIVATE KEY-----"}},
                'ConfigMap "settings" has a secret in a.pem',
            ),
        },
    }
}
