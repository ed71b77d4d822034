from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import jwt

from emulator.azure import ids
from emulator.azure.aks.credentials import SERVER_APPLICATION
from emulator.entra.kubelogin import write_command

if TYPE_CHECKING:
    from pathlib import Path

    from tests.emulator.arm.helpers import Lab


def login(
    lab: Lab, folder: Path, *options: str, tenant: str = ids.TENANT, **more: str
) -> subprocess.CompletedProcess[str]:
    command = [write_command(folder / "bin"), "get-token", "--tenant-id", tenant, "--login", "devicecode"]
    command += ["--server-id", SERVER_APPLICATION, "--environment", "AzurePublicCloud", *options]
    return subprocess.run(
        command,
        env={**lab.server.environment, **more},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_login_gives_a_token_that_names_the_groups(lab: Lab, tmp_path: Path):
    with lab.azure.cloud.change() as state:
        members = {"objectId": ids.guid("admins"), "members": [ids.PRINCIPAL]}
        outer = {"objectId": ids.guid("outer"), "members": [ids.guid("admins")]}
        other = {"objectId": ids.guid("other"), "members": []}
        for group in (members, outer, other):
            state.put(f"/directory/{group['objectId']}", "azuread:index/group:Group", "a group", group)
    ran = login(lab, tmp_path, "--client-id", ids.CLIENT)
    assert ran.returncode == 0, ran.stderr
    answer = json.loads(ran.stdout)
    assert (answer["kind"], answer["apiVersion"]) == (
        "ExecCredential",
        "client.authentication.k8s.io/v1beta1",
    )
    with lab.client() as client:
        sts = client.get(f"https://sts.windows.net/{ids.TENANT}/.well-known/openid-configuration").json()
        keys = jwt.PyJWKSet.from_dict(client.get(sts["jwks_uri"]).json())
    token = answer["status"]["token"]
    claims = jwt.decode(token, keys.keys[0], ["RS256"], audience=SERVER_APPLICATION, issuer=sts["issuer"])
    assert claims["oid"] == ids.PRINCIPAL
    assert claims["groups"] == sorted([ids.guid("admins"), ids.guid("outer")])


def test_a_proxy_of_somebody_else_is_passed_by(lab: Lab, tmp_path: Path):
    ran = login(lab, tmp_path, https_proxy="http://127.0.0.1:1")
    assert ran.returncode == 0, ran.stderr


def test_a_refused_login_is_one_line(lab: Lab, tmp_path: Path):
    for more, words in (
        ({"AZURE_CLIENT_SECRET": "guess"}, "AADSTS7000215"),
        ({"AZURE_CLIENT_ID": ids.TENANT}, "AADSTS700016"),
        ({"AZURE_CLIENT_SECRET": ""}, "AZURE_CLIENT_SECRET"),
        ({"HTTPS_PROXY": ""}, "HTTPS_PROXY"),
        ({"HTTPS_PROXY": "http://proxy.example:8080"}, "HTTPS_PROXY"),
        ({"HTTPS_PROXY": "http://127.0.0.1:1"}, "cannot be reached"),
    ):
        ran = login(lab, tmp_path, **more)
        assert (ran.returncode, ran.stdout) == (1, "")
        assert words in ran.stderr
        assert len(ran.stderr.splitlines()) == 1
    assert "AADSTS90002" in login(lab, tmp_path, tenant=ids.CLIENT).stderr
    assert "AADSTS500011" in login(lab, tmp_path, "--server-id", ids.guid("nobody")).stderr
    wrong = login(lab, tmp_path, "--unknown")
    assert (wrong.returncode, len(wrong.stderr.splitlines())) == (1, 1)
