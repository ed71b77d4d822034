"""On GitHub the Azure CLI logs in anew until a job ends: a login by OIDC lasts for minutes."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from tests.adoption.workflows import EXAMPLES, load

if TYPE_CHECKING:
    from pathlib import Path

SLEEP = """#!/bin/sh
[ "$1" = 240 ] && echo . >> "$KEPT/slept" && [ "$(wc -l < "$KEPT/slept")" -le 3 ]
"""
CURL = """#!/bin/sh
[ "$1 $2 $3 $5" = "--fail --silent --config https://tokens.example/?a=b&audience=api://AzureADTokenExchange" ] || exit 2
grep -qx 'header = "Authorization: bearer of-the-job"' "$4" || exit 22
[ "$(wc -l < "$KEPT/slept")" -ne 1 ] && echo '{"value": "fresh"}'
"""
AZ = """#!/bin/sh
echo "$@" >> "$KEPT/asked"
[ "$1" = account ] || [ "$(wc -l < "$KEPT/slept")" -ne 2 ]
"""


def test_the_cli_logs_in_anew_whatever_fails_once(tmp_path: Path) -> None:
    for name, text in {"sleep": SLEEP, "curl": CURL, "az": AZ}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    folder = EXAMPLES / "github/actions/secure-aks"
    action = load(folder / "action.yml")
    [step] = [one for one in action["runs"]["steps"] if "kept fresh" in one.get("name", "")]
    names = {"client-id": "CLIENT", "tenant-id": "TENANT", "subscription-id": "SUBSCRIPTION"}
    assert step["env"] == {name: f"${{{{ inputs.{said} }}}}" for said, name in names.items()}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"] + "\nwait"],
        env={
            **{name: said for said, name in names.items()},
            "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
            "KEPT": str(tmp_path),
            "GITHUB_ACTION_PATH": str(folder),
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "of-the-job",
            "ACTIONS_ID_TOKEN_REQUEST_URL": "https://tokens.example/?a=b",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    login = "login --service-principal --username client-id --tenant tenant-id --federated-token fresh --output none"
    # The first time no token comes, the second time Entra refuses it, the third time all is well.
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked == [login, login, "account set --subscription subscription-id"]
