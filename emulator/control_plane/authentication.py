"""Entra's tokens at the API server, as AKS has them: structured authentication instead of AKS's own webhook.

Source: Kubernetes, "Authenticating", section "JSON Web Token authenticator"; AKS, "AKS-managed Microsoft Entra integration":
an application is known by its object id, groups by theirs.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from emulator.cloud.file import write_private

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.entra.issuer import Issuer


def write_authentication(path: Path, issuer: Issuer) -> Path:
    """Write the API server's AuthenticationConfiguration; a server that runs takes a change over by itself."""
    authenticator = {
        "issuer": {
            "url": issuer.url,
            "discoveryURL": issuer.discovery,
            "certificateAuthority": issuer.authority,
            "audiences": [issuer.audience],
        },
        "claimValidationRules": [{"claim": "tid", "requiredValue": issuer.tenant}],
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
    text = json.dumps(content, indent=1).encode()  # JSON is YAML
    if not path.exists() or path.read_bytes() != text:
        write_private(path, text)
    return path
