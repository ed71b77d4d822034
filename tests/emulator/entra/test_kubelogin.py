"""The lab's kubelogin, run as kubectl runs it."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import jwt
import pytest

from components.parts.kubeconfig import exec_kubeconfig
from emulator.azure.ids import PRINCIPAL, TENANT
from emulator.entra.kubelogin import write_command
from tests.emulator.arm.wire import AKS_SERVER, CLUSTER, Wire

if TYPE_CHECKING:
    from pathlib import Path


def run(
    azure: Wire, folder: Path, arguments: list[str], **environment: str
) -> subprocess.CompletedProcess[str]:
    command = write_command(folder / "a folder with spaces")
    return subprocess.run(
        [command, *arguments],
        env=os.environ | azure.environment | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


ARGUMENTS = ["get-token", "--server-id", AKS_SERVER, "--tenant-id", TENANT, "--login", "azurecli"]


def arguments_of_the_product(azure: Wire, login: str) -> list[str]:
    """The arguments in the kubeconfig that the program exports."""
    answer = azure.cluster().ask("POST", f"{CLUSTER}/listClusterUserCredential", format="exec")
    config = json.loads(exec_kubeconfig(answer.json()["kubeconfigs"][0]["value"], "aks", login))
    return config["users"][0]["user"]["exec"]["args"]


@pytest.mark.parametrize("login", ["azurecli", "workloadidentity", "msi", "spn", "devicecode", "interactive"])
def test_it_takes_what_the_product_writes(azure: Wire, tmp_path: Path, login: str) -> None:
    ran = run(azure, tmp_path, arguments_of_the_product(azure, login))
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert (found["kind"], found["apiVersion"]) == ("ExecCredential", "client.authentication.k8s.io/v1beta1")
    claims = jwt.decode(found["status"]["token"], options={"verify_signature": False})
    assert (claims["aud"], claims["oid"]) == (AKS_SERVER, PRINCIPAL)
    assert found["status"]["expirationTimestamp"].endswith("Z")


def test_it_answers_in_the_version_it_was_asked_in(azure: Wire, tmp_path: Path) -> None:
    asked = json.dumps({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential"})
    found = json.loads(run(azure, tmp_path, ARGUMENTS, KUBERNETES_EXEC_INFO=asked).stdout)
    assert found["apiVersion"] == "client.authentication.k8s.io/v1"


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (ARGUMENTS, {"AZURE_CLIENT_SECRET": "wrong"}, "AADSTS7000215"),
        (ARGUMENTS, {"AZURE_CLIENT_SECRET": ""}, "nobody is logged in"),
        (ARGUMENTS, {"HTTPS_PROXY": "http://127.0.0.1:9"}, "failed to get token"),
        (ARGUMENTS, {"HTTPS_PROXY": "http://proxy.example:8080"}, "HTTPS_PROXY is not the lab's"),
        (ARGUMENTS, {"HTTPS_PROXY": ""}, "HTTPS_PROXY is not the lab's"),
        ([*ARGUMENTS, "--magic"], {}, "--magic"),
        (["get-token", "--server-id", AKS_SERVER, "--login", "prayer"], {}, "prayer"),
        ([*ARGUMENTS, "--environment", "AzureChinaCloud"], {}, "AzureChinaCloud"),
        (["get-token", "--server-id", "nonsense", "--tenant-id", TENANT], {}, "AADSTS500011"),
    ],
)
def test_a_failure_is_one_line_and_exit_code_1(
    azure: Wire, tmp_path: Path, arguments: list[str], environment: dict[str, str], said: str
) -> None:
    ran = run(azure, tmp_path, arguments, **environment)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("Error: ")
    assert ran.stderr.count("\n") == 1
    assert said in ran.stderr


def test_a_proxy_of_somebody_else_does_not_win(azure: Wire, tmp_path: Path) -> None:
    ran = run(azure, tmp_path, ARGUMENTS, https_proxy="http://127.0.0.1:9")
    assert ran.returncode == 0, ran.stderr
