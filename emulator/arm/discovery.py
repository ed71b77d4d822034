"""How an API server finds out who signs tokens: it has no proxy and no DNS of its own, but takes a configuration file.

The file (`--authentication-config`) is kept in the lab's folder and names the server's own port, because the API server
outlives a lab: while no lab runs it goes by the keys that it has, or asks again until there is one. It reads a changed file
by itself. `authentication.json` is the part that never changes. An application is known by its object id, groups by theirs, as in AKS.
Sources: Kubernetes, "Authenticating", section "JSON Web Token authenticator"; AKS, "AKS-managed Microsoft Entra integration".
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from emulator.azure.aks.credentials import SERVER_APPLICATION
from emulator.azure.ids import TENANT
from emulator.cloud.file import replace_changed
from emulator.entra.tokens import issuer
from emulator.https.listener import LOOPBACK


def authentication_file(folder: Path) -> Path:
    """Return where a lab keeps the API server's authentication configuration; JSON, which is YAML too."""
    return folder / "arm" / "authentication.json"


def write_authentication(folder: Path, port: int, authority: Path) -> None:
    """Write the configuration for keys at a port of the loopback address, with the certificate authority that vouches for it."""
    content: Any = json.loads(Path(__file__).with_name("authentication.json").read_text(encoding="utf-8"))
    (authenticator,) = content["jwt"]
    authenticator["issuer"] = {
        "url": issuer(TENANT),
        "discoveryURL": f"https://{LOOPBACK}:{port}/{TENANT}/.well-known/openid-configuration",
        "certificateAuthority": authority.read_text(encoding="utf-8"),
        "audiences": [SERVER_APPLICATION],
    }
    authenticator["claimValidationRules"] = [{"claim": "tid", "requiredValue": TENANT}]
    replace_changed(authentication_file(folder), json.dumps(content, indent=1))
