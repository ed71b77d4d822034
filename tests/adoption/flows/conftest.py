"""A clone of the project in a lab, with the workflows where they go, and stand-ins on its PATH."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from emulator.lab import Lab
from tests.adoption.flows.runner import Job, on_azure, on_github
from tests.adoption.flows.threads import Threads
from tests.adoption.workflows import EXAMPLES, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

TOKEN = "job-token"  # noqa: S105 - of the server of threads
FOLDERS = ("components", "cli", "upgrades", "settings", "policies", "profiles", "emulator")
STAND_INS = ROOT / "tests/adoption/flows/stand_ins.py"


@dataclass
class Host:
    """A runner's machine: the clone, what the stand-ins keep, and the environment of a job."""

    clone: Path
    kept: Path
    env: dict[str, str]

    def job(self, **table: str) -> Job:
        """A job on a fresh runner, with what its expressions mean."""
        return Job(self.clone, dict(self.env), table)

    def asked(self, name: str) -> list[list[str]]:
        """What a stand-in was asked, in order."""
        lines = map(json.loads, (self.kept / "asked.jsonl").read_text().splitlines())
        return [words for first, *words in lines if first == name]

    def has(self, name: str) -> Any:
        file = self.kept / f"{name}.json"
        return json.loads(file.read_text()) if file.exists() else []

    @property
    def passphrase(self) -> str:
        """What a repository keeps as a secret: by which the lab's states are written."""
        said = self.env.get("PULUMI_CONFIG_PASSPHRASE")
        return (
            said if said is not None else Path(self.env["PULUMI_CONFIG_PASSPHRASE_FILE"]).read_text().strip()
        )

    def git(self, *words: str) -> str:
        return git(self.clone, *words)

    def one_line_pull(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The one pull request there is, which has to be the next step's line, and what `upgrades next` told of it."""
        [pull] = self.has("pulls")
        told = json.loads((self.clone / "next.json").read_text())
        assert (pull["branch"], pull["title"]) == ("upgrades/dev", told["subject"])
        changed = self.git("diff", "--unified=0", "main", "origin/upgrades/dev").splitlines()
        assert [line for line in changed if line.startswith(("+ ", "- "))] == [
            "-" + told["before"],
            "+" + told["after"],
        ]
        return pull, told


@pytest.fixture(scope="module")
def lab_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the lab keeps what it has."""
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="module")
def lab(lab_folder: Path) -> Generator[dict[str, str]]:
    """A lab in which no stack is up: the environment of a process in it."""
    with Lab(lab_folder) as entered:
        yield dict(entered.around(os.environ))


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the project as it is in this checkout, committed or not, and the workflows where they go."""
    folder = tmp_path_factory.mktemp("origin")
    for name in FOLDERS:
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
        )
    files = (ROOT / name for name in ("__main__.py", "Makefile", ".gitignore", "constraints.txt"))
    for file in (*ROOT.glob("Pulumi*.yaml"), *files):
        shutil.copy(file, folder)
    shutil.copytree(EXAMPLES / "github", folder / ".github")
    shutil.copy(ROOT / ".github/workflows/catalog.yml", folder / ".github/workflows/own-catalog.yml")
    shutil.copytree(EXAMPLES / "azure", folder / "pipelines")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", ".")
    who = ("-c", "user.email=somebody@example.com", "-c", "user.name=Somebody")
    git(folder, *who, "commit", "--quiet", "--message", "Begin")
    return folder


@pytest.fixture
def host(tmp_path: Path, lab: dict[str, str], origin: Path) -> Host:
    clone, kept, home = tmp_path / "clone", tmp_path / "kept", tmp_path / "home"
    for folder in (kept, home):
        folder.mkdir()
    git(tmp_path, "clone", "--quiet", "--bare", str(origin), str(tmp_path / "origin"))
    git(tmp_path, "clone", "--quiet", str(tmp_path / "origin"), str(clone))
    (clone / ".venv").symlink_to(ROOT / ".venv")
    for file in (
        *(kept / "bin" / name for name in ("gh", "az", "curl", "make")),
        kept / "installed" / "pulumi",
    ):
        file.parent.mkdir(exist_ok=True)
        file.write_text(f'#!/bin/sh\nexec {sys.executable} {STAND_INS} {file.name} "$@"\n')
        file.chmod(0o755)
    (kept / "bin" / "sleep").write_text("#!/bin/sh\nexit 1\n")  # what a step leaves behind ends at once
    (kept / "bin" / "sleep").chmod(0o755)
    engine = shutil.which("pulumi", path=lab["PATH"])
    assert engine
    env = {
        **lab,
        "HOME": str(home),
        "PATH": f"{kept / 'bin'}:{lab['PATH']}",
        # What the clone holds is what runs, as on a runner; the environment of the checkout names the checkout.
        "PYTHONPATH": f"{clone}:{clone / 'policies/lifecycle'}:{clone / 'policies/security'}",
        "STAND_INS": str(kept),
        "STAND_IN_ENGINE": engine,
        "STAND_IN_SUBSCRIPTION": lab["AZURE_SUBSCRIPTION_ID"],
        "SECURE_AKS_CLOCK": "2026-11-23",
        "COLUMNS": "160",
    }
    return Host(clone, kept, env)


@pytest.fixture
def table(host: Host) -> dict[str, str]:
    """What the expressions of the workflows mean."""
    return {
        "github.token": "ghs_token",
        "github.event.pull_request.number": "7",
        "secrets.PULUMI_CONFIG_PASSPHRASE": host.passphrase,
        "vars.AZURE_CLIENT_ID": "client",
        "vars.AZURE_TENANT_ID": "tenant",
        "vars.AZURE_SUBSCRIPTION_ID": host.env["AZURE_SUBSCRIPTION_ID"],
        "vars.AZURE_LOCATION": "",
        "vars.PULUMI_BACKEND_URL": host.env["PULUMI_BACKEND_URL"],
        "matrix.stack": "dev",
        "inputs.stack": "dev",
    }


@pytest.fixture
def github(host: Host, table: dict[str, str]) -> Callable[..., Job]:
    """Run one job of a workflow on a fresh runner."""

    def one(name: str, of: str) -> Job:
        host.env["GITHUB_REPOSITORY"] = "contoso/clusters"
        job = host.job(**table)
        on_github(job, f"{name}.yml", of)
        assert "command not found" not in job.said
        assert "Traceback" not in job.said
        return job

    return one


@pytest.fixture
def threads() -> Generator[Threads]:
    server = Threads(TOKEN)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def azure(host: Host, threads: Threads) -> Callable[..., Job]:
    """Run one pipeline, or one job of it, on a fresh runner."""

    def one(name: str, of: str = "", **parameters: str) -> Job:
        staging = host.clone.parent / "staging"
        staging.mkdir(exist_ok=True)
        host.env |= {
            "SYSTEM_COLLECTIONURI": threads.address,
            "SYSTEM_TEAMPROJECTID": "project",
            "SYSTEM_TEAMPROJECT": "project",
            "BUILD_REPOSITORY_ID": "repository",
            "BUILD_REPOSITORY_NAME": "repository",
            "SYSTEM_PULLREQUEST_PULLREQUESTID": "7",
            "STACK": "dev",
        }
        table = {
            "System.AccessToken": TOKEN,
            "Build.ArtifactStagingDirectory": str(staging),
            "Build.Reason": "PullRequest",
            "PULUMI_BACKEND_URL": host.env["PULUMI_BACKEND_URL"],
            "PULUMI_CONFIG_PASSPHRASE": host.passphrase,
        }
        job = host.job(**table)
        on_azure(job, f"{name}.yml", of, **parameters)
        assert "command not found" not in job.said
        assert "Traceback" not in job.said
        return job

    return one
