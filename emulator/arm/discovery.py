"""How an API server finds out who signs tokens: it has no proxy and no DNS of its own, but takes a configuration file.

The file (`--authentication-config`) is kept in the lab's folder and names the server's own port, because the API server
outlives a lab: while no lab runs it goes by the keys that it has, or asks again until there is one. It reads a changed file
by itself. An application is known by its object id, groups by theirs, as in AKS.
Sources: Kubernetes, "Authenticating", section "JSON Web Token authenticator"; AKS, "AKS-managed Microsoft Entra integration".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from emulator.azure.aks.credentials import SERVER_APPLICATION
from emulator.azure.ids import TENANT
from emulator.cloud.file import replace_changed
from emulator.entra.tokens import issuer
from emulator.https.listener import LOOPBACK

if TYPE_CHECKING:
    from pathlib import Path


def authentication_file(folder: Path) -> Path:
    """Return where a lab keeps the API server's authentication configuration; JSON, which is YAML too."""
    return folder / "arm" / "authentication.json"


def write_authentication(folder: Path, port: int, authority: Path) -> None:
    """Write the configuration for keys at a port of the loopback address, with the certificate authority that vouches for it."""
    authenticator = {
        "issuer": {
            "url": issuer(TENANT),
            "discoveryURL": f"https://{LOOPBACK}:{port}/{TENANT}/.well-known/openid-configuration",
            "certificateAuthority": authority.read_text(encoding="utf-8"),
            "audiences": [SERVER_APPLICATION],
        },
        "claimValidationRules": [{"claim": "tid", "requiredValue": TENANT}],
        "claimMappings": {
            "username": {"claim": "oid", "prefix": ""},
            "groups": {"expression": "has(claims.groups) ? claims.groups : []"},
            "uid": {"claim": "oid"},
        },
        "userValidationRules": [
            {
                "expression": "user.groups.all(group, !group.startsWith('system:'))",
                "message": "a group of Entra cannot be one of Kubernetes' own",
            }
        ],
    }
    content = {
        "apiVersion": "apiserver.config.k8s.io/v1",
        "kind": "AuthenticationConfiguration",
        "jwt": [authenticator],
    }
    replace_changed(authentication_file(folder), json.dumps(content, indent=1))
