"""kubeconfig files of a control plane."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from emulator.cloud.file import replace

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.https.certificates import KeyPair


def write_kubeconfig(path: Path, url: str, authority: Path, user: str, files: KeyPair) -> Path:
    """Write a kubeconfig with one cluster, one user and one context, readable by its owner only.

    The certificates are named by their paths, so the file holds no secret of its own.
    """
    credentials = {"client-certificate": str(files.certificate), "client-key": str(files.key)}
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {"name": "emulated", "cluster": {"server": url, "certificate-authority": str(authority)}}
        ],
        "users": [{"name": user, "user": credentials}],
        "contexts": [{"name": "emulated", "context": {"cluster": "emulated", "user": user}}],
        "current-context": "emulated",
    }
    # JSON is YAML; kubectl reads and rewrites it.
    replace(path, json.dumps(content, indent=2))
    return path
