"""kubelogin of the lab: `kubelogin get-token --server-id <id> --tenant-id <id> --login <any>` prints an ExecCredential.

Whatever the login, it is that of the emulated principal (AZURE_CLIENT_ID, AZURE_CLIENT_SECRET): nobody can type a code into
an emulator. Tokens come from the token endpoint, through the proxy of the environment. This file runs by itself, started
without the project on its path, so that a login is quick: it must import nothing of the project.
Source: github.com/Azure/kubelogin, its documentation of `get-token`; Kubernetes, "client-go credential plugins".
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
import time
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import httpx

API = "client.authentication.k8s.io/v1beta1"
LOGINS = (
    "devicecode",
    "interactive",
    "spn",
    "ropc",
    "msi",
    "azurecli",
    "azd",
    "workloadidentity",
    "azurepipelines",
)
SECONDS = 30.0
"""How long an answer may take."""


class LoginError(Exception):
    """There is no token; the message is one line."""


def write_command(folder: Path) -> Path:
    """Write the executable `kubelogin` into a folder, for a PATH, and return its path."""
    from emulator.cloud.file import replace  # noqa: PLC0415 - the lab writes it; where it runs, the project is not on the path

    path = folder / "kubelogin"
    command = shlex.join([sys.executable, "-P", str(Path(__file__).resolve())])
    replace(path, f'#!/bin/sh\nexec {command} "$@"\n', 0o755)
    return path


def main(arguments: list[str]) -> int:
    """Run the command; return its exit code."""
    said = _parser().parse_args(arguments)
    tenant = said.tenant_id or os.environ.get("AZURE_TENANT_ID", "")
    try:
        token, ends = token_of(tenant, said.server_id)
    except LoginError as error:
        print(f"Error: failed to get token: {error}", file=sys.stderr)  # noqa: T201
        return 1
    expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(ends))
    status = {"expirationTimestamp": expires, "token": token}
    answer = {"kind": "ExecCredential", "apiVersion": API, "spec": {"interactive": False}, "status": status}
    print(json.dumps(answer))  # noqa: T201
    return 0


def token_of(tenant: str, server: str) -> tuple[str, float]:
    """Return a token for an application and when it ends, in seconds since the epoch. Raises LoginError."""
    client, secret = os.environ.get("AZURE_CLIENT_ID"), os.environ.get("AZURE_CLIENT_SECRET")
    if not tenant or not client or not secret:
        raise LoginError("AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET of the lab are not set")
    proxy = os.environ.get("HTTPS_PROXY", "")
    if urlsplit(proxy).hostname != "127.0.0.1":  # else the real Entra would be asked
        raise LoginError("HTTPS_PROXY of the lab is not set")
    form = {
        "grant_type": "client_credentials",
        "client_id": client,
        "client_secret": secret,
        "scope": f"{server}/.default",
    }
    url = f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
    try:
        answer = httpx.post(url, data=form, timeout=SECONDS, proxy=proxy)
        body: dict[str, Any] = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        said = str(error).strip().partition("\n")[0] or type(error).__name__
        raise LoginError(f"login.microsoftonline.com cannot be reached: {said}") from None
    if answer.is_error:
        raise LoginError(str(body.get("error_description") or body.get("error")).partition("\n")[0])
    return str(body["access_token"]), time.time() + int(body["expires_in"])


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line, as kubelogin does."""
        self.exit(1, f"Error: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="kubelogin", description="Log in to a cluster of the emulated Azure.", allow_abbrev=False
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    get = commands.add_parser("get-token", help="print a token as an ExecCredential", allow_abbrev=False)
    get.add_argument("--server-id", required=True, help="application of the API server")
    get.add_argument("--tenant-id", "-t", default="", help="tenant; AZURE_TENANT_ID unless said")
    get.add_argument(
        "--login", "-l", default="devicecode", choices=LOGINS, help="taken, and always the lab's own"
    )
    for option in ("--client-id", "--environment", "-e", "--identity-resource-id", "--token-cache-dir"):
        get.add_argument(option, help="taken, and without effect here")
    get.add_argument("--legacy", action="store_true", help="taken, and without effect here")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
