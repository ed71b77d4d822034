"""`make azure-preview` and `make azure-up`: nobody is logged in, or no pack is there, and one line says so before anything is asked."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from cli.azure_login import missing

ROOT = Path(__file__).parents[1]
STAND_IN = '#!/bin/sh\necho "$(basename "$0") $@" >> "$ASKED"\nexit {code}\n'


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with the programs that `make` needs and a `pulumi`; no `az`."""
    for name in ("make", "bash", "sh", "basename"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    put(tmp_path, "pulumi")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("ASKED", str(tmp_path / "asked"))
    for name in [name for name in os.environ if name.startswith("ARM_")]:
        monkeypatch.delenv(name)
    return tmp_path


def put(folder: Path, name: str, code: int = 0) -> None:
    program = folder / name
    program.write_text(STAND_IN.format(code=code))
    program.chmod(0o755)


def make(target: str, *words: str) -> tuple[int, list[str]]:
    done = subprocess.run(
        ["make", "--silent", "-o", ".venv/.ready", target, *words],
        cwd=ROOT,
        env={
            name: value
            for name, value in os.environ.items()
            if name not in {"MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES"}
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, [line for line in done.stderr.splitlines() if not line.startswith("make")]


@pytest.mark.parametrize("target", ["azure-preview", "azure-up"])
def test_without_a_login_one_line_says_so_and_pulumi_is_not_started(machine: Path, target: str) -> None:
    code, [line] = make(target)
    assert code == 2
    assert line.startswith("no Azure login: az is not on PATH; install the Azure CLI, then `az login`")
    put(machine, "az", code=1)
    code, [line] = make(target)
    assert code == 2
    assert line.startswith("no Azure login: `az login`, then run this again")
    assert (machine / "asked").read_text() == "az account show --output none\n"
    put(machine, "az")
    assert make(target) == (0, [])
    assert (
        (machine / "asked")
        .read_text()
        .splitlines()[-1]
        .startswith(f"pulumi {target.removeprefix('azure-')} --stack dev")
    )


def test_without_a_pack_one_line_says_so(machine: Path) -> None:
    put(machine, "az")
    assert make("azure-preview", "PACKS=") == (
        0, ["no policy pack judges this: policies/ has none (--policy-pack names one)"],
    )  # fmt: skip


@pytest.mark.parametrize("name", ["ARM_CLIENT_ID", "ARM_USE_MSI", "ARM_USE_OIDC"])
def test_a_login_by_variables_needs_no_azure_cli(machine: Path, name: str) -> None:
    assert missing("dev", machine, {})
    assert not missing("dev", machine, {name: "x"})


def test_without_a_stack_one_line_asks_for_it(machine: Path) -> None:
    put(machine, "az")
    assert make("azure-preview", "STACK=") == (2, ["no stack is named: add STACK=<name>, such as STACK=dev"])


@pytest.mark.parametrize("name", ["Pulumi.yaml", "Pulumi.dev.yaml"])
def test_what_is_no_file_is_told_before_pulumi_waits_for_it(machine: Path, name: str) -> None:
    os.mkfifo(machine / name)
    with pytest.raises(SystemExit, match=f"{name}: cannot be read: it is no regular file; put a file there"):
        missing("dev", machine, {"ARM_USE_MSI": "true"})


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("config:\n  azure-native:clientId: x\n", True),
        ("config:\n  azure-native:useMsi: true\n", True),
        ("environment:\n  - azure\nconfig: {}\n", True),
        ("config:\n  azure-native:location: westeurope\n  secure-aks:environment: dev\n", False),
    ],
)
def test_a_login_that_the_stack_file_has(machine: Path, text: str, known: bool) -> None:  # noqa: FBT001 - a case
    (machine / "Pulumi.dev.yaml").write_text(text)
    assert (missing("dev", machine, {}) == "") is known
