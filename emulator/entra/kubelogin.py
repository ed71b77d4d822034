"""`kubelogin` of the lab: prints a Kubernetes ExecCredential with a token of the emulated Entra.

It takes kubelogin's own argument list (https://azure.github.io/kubelogin) and signs in whoever AZURE_CLIENT_ID and
AZURE_CLIENT_SECRET name, whatever `--login` says: in the lab there is no browser, no Azure CLI and no managed identity. The
token comes from the token endpoint over HTTPS. Run by its path and with the standard library alone, for it starts with
every call of kubectl.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import NoReturn

LOGINS = ("azurecli", "azd", "devicecode", "interactive", "msi", "ropc", "spn", "workloadidentity", "azurepipelines")  # fmt: skip
_TAKEN = (
    "--client-id --client-secret --client-certificate --federated-token-file --authority-host --identity-resource-id "
    "--token-cache-dir --redirect-url --username"
)
_TAKEN_FLAGS = "--legacy --use-azurerm-env-vars --disable-instance-discovery --disable-environment-override"
"""Options of kubelogin that have no effect here."""
_LOOPBACK = "127.0.0.1"
_SECONDS = 30.0
_AUTHORITY = "https://login.microsoftonline.com"
_ENVIRONMENTS = ("AzurePublicCloud",)


def write_command(folder: Path) -> Path:
    """Write an executable `kubelogin` into a folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "kubelogin"
    command = f"exec {shlex.quote(sys.executable)} -I {shlex.quote(str(Path(__file__).resolve()))}"
    text = f'#!/bin/sh\n# The lab\'s stand-in for kubelogin.\n{command} "$@"\n'
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


def main(arguments: list[str]) -> int:
    """Run `kubelogin <arguments>`; return its exit code."""
    said = _parser().parse_args(arguments)
    if said.environment not in _ENVIRONMENTS:
        _fail(f"unable to get token: the lab has no cloud {said.environment!r}, but {_ENVIRONMENTS[0]}")
    tenant = said.tenant_id or os.environ.get("AZURE_TENANT_ID", "")
    client, secret = os.environ.get("AZURE_CLIENT_ID", ""), os.environ.get("AZURE_CLIENT_SECRET", "")
    proxy = os.environ.get("HTTPS_PROXY", "")
    if not tenant:
        _fail("tenantID is required")
    if urllib.parse.urlsplit(proxy).hostname != _LOOPBACK:  # else the real Entra would be asked
        _fail("failed to get token: HTTPS_PROXY is not the lab's, and the lab's kubelogin asks nobody else")
    if not client or not secret:
        _fail(
            f"failed to get token: {said.login}: nobody is logged in: AZURE_CLIENT_ID and AZURE_CLIENT_SECRET are not set"
        )
    answer = _ask(proxy, tenant, client, secret, f"{said.server_id}/.default")
    ends = datetime.now(timezone.utc) + timedelta(seconds=int(answer["expires_in"]))  # noqa: UP017  (any Python 3)
    status = {"expirationTimestamp": f"{ends:%Y-%m-%dT%H:%M:%SZ}", "token": answer["access_token"]}
    kind = {"kind": "ExecCredential", "apiVersion": _api_version()}
    sys.stdout.write(json.dumps({**kind, "spec": {"interactive": False}, "status": status}) + "\n")
    return 0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line, as kubelogin does."""
        _fail(message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="kubelogin", allow_abbrev=False)
    commands = parser.add_subparsers(required=True)
    get = commands.add_parser("get-token", allow_abbrev=False)
    get.add_argument("--environment", "-e", default="AzurePublicCloud")
    get.add_argument("--server-id", required=True)
    get.add_argument("--tenant-id", "-t", default="")
    get.add_argument("--login", "-l", choices=LOGINS, default="devicecode")
    for name in _TAKEN.split():
        get.add_argument(name)
    for name in _TAKEN_FLAGS.split():
        get.add_argument(name, action="store_true")
    return parser


def _ask(proxy: str, tenant: str, client: str, secret: str, scope: str) -> dict[str, str]:
    form = {
        "grant_type": "client_credentials",
        "client_id": client,
        "client_secret": secret,
        "scope": scope,
    }
    url = f"{_AUTHORITY}/{urllib.parse.quote(tenant)}/oauth2/v2.0/token"
    request = urllib.request.Request(url, urllib.parse.urlencode(form).encode())  # noqa: S310  (https, above)
    try:
        # A proxy in lower case, of somebody else, would win over the lab's.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({"https": proxy}))
        with opener.open(request, timeout=_SECONDS) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            _fail(f"failed to get token: expected an empty error but received: {_told(error)}")
    except (OSError, ValueError) as error:
        _fail(f"failed to get token: {getattr(error, 'reason', error)}")


def _told(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.loads(error.read())["error_description"])
    except (ValueError, KeyError, TypeError):
        return str(error)


def _api_version() -> str:
    """Return the version that the Kubernetes client asked in, which it wants back."""
    try:
        return str(json.loads(os.environ["KUBERNETES_EXEC_INFO"])["apiVersion"])
    except (ValueError, KeyError, TypeError):
        return "client.authentication.k8s.io/v1beta1"


def _fail(message: str) -> NoReturn:
    """End as kubelogin does: one line on stderr, exit code 1."""
    sys.stderr.write(f"Error: {message}\n")
    raise SystemExit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
