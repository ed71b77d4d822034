"""`kubelogin` in the lab: tokens of the emulated Entra for the API server, by the same arguments as Azure's own.

It logs in as whoever AZURE_CLIENT_ID and AZURE_CLIENT_SECRET name, whatever `--login` asks for: there is no Azure CLI, browser
or managed identity here. (Azure/kubelogin: `get-token`, ExecCredential of client.authentication.k8s.io/v1beta1.)
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path

_PROJECT = Path(__file__).parents[2]
_START = "import sys; sys.path.insert(0, {!r}); from emulator.entra.kubelogin import main; sys.exit(main())"


def install_kubelogin(folder: Path) -> Path:
    """Write an executable `kubelogin` into `folder` and return its path."""
    path = folder / "kubelogin"
    text = (
        f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c {shlex.quote(_START.format(str(_PROJECT)))} "$@"\n'
    )
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        fresh = path.with_suffix(".new")
        fresh.write_text(text, encoding="utf-8")
        fresh.chmod(0o755)
        fresh.replace(path)
    return path


def main() -> int:
    """Print an ExecCredential; 1 with a line on standard error when the login is refused."""
    parser = argparse.ArgumentParser(prog="kubelogin")
    parser.add_argument("command", choices=["get-token"])
    parser.add_argument("--server-id", required=True)
    parser.add_argument("--tenant-id", required=True)
    for unused in ("--login", "--client-id", "--environment"):
        parser.add_argument(unused)
    said = parser.parse_args()
    from azure.core.exceptions import AzureError  # noqa: PLC0415 - slow to load
    from azure.identity import ClientSecretCredential  # noqa: PLC0415

    logging.getLogger("azure").setLevel(logging.CRITICAL)
    try:
        login = ClientSecretCredential(
            said.tenant_id, os.environ["AZURE_CLIENT_ID"], os.environ["AZURE_CLIENT_SECRET"]
        )
        token = login.get_token(f"{said.server_id}/.default")
    except KeyError as error:
        sys.stderr.write(f"Error: failed to get token: {error.args[0]} is not set\n")
        return 1
    except AzureError as error:
        sys.stderr.write(f"Error: failed to get token: {str(error).splitlines()[0]}\n")
        return 1
    expires = datetime.fromtimestamp(token.expires_on, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    credential = {
        "kind": "ExecCredential",
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "spec": {"interactive": False},
        "status": {"expirationTimestamp": expires, "token": token.token},
    }
    sys.stdout.write(json.dumps(credential) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
