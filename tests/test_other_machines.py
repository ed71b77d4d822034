"""Commands where this user may not write, and on a system that is none of ours: they do what needs no writing, and say the rest in a line."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli.cli import app
from tests.walk import ROOT, THEIRS, walk

READING = (
    "settings effective --stack dev",
    "components.access --stack dev",
    "upgrades windows",
    "upgrades status",
    "cli admission --kubernetes-version 1.35.6",
)
"""Commands that write nothing."""
WRITING = (
    "emulator run -- true",
    "emulator outputs --stack dev",
    "upgrades check --stack dev --lab",
    "upgrades next --stack dev --to 1.36.2 --write --lab",
    "secure_aks_lifecycle docs --output page.md",
)
"""Commands that write into the project, or keep something there."""
_DROP = 24  # PR_CAPBSET_DROP, prctl(2)
_OVERRIDE, _SEARCH, _OWNER = 1, 2, 3  # CAP_DAC_OVERRIDE and so on, capabilities(7)


def as_anybody() -> None:
    """Have root, which may write anywhere, start programs that may not: rights are asked of it from its next exec on."""
    if os.geteuid() == 0:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        if any(prctl(_DROP, right, 0, 0, 0) for right in (_OVERRIDE, _SEARCH, _OWNER)):
            raise OSError(ctypes.get_errno(), "the rights of root cannot be put down")


@pytest.fixture(scope="module")
def read_only(tmp_path_factory):
    folder = tmp_path_factory.mktemp("read-only") / "project"
    folder.mkdir()
    for name in (
        "__main__.py",
        "Pulumi.yaml",
        *(f"Pulumi.{stack}.yaml" for stack in ("dev", "staging", "prod")),
    ):
        shutil.copy(ROOT / name, folder)
        (folder / name).chmod(0o444)
    folder.chmod(0o555)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    home = str(folder / "home")  # a home that cannot be made either
    told = walk(
        folder, [(words, {}) for words in (*READING, *WRITING)], as_anybody, HOME=home, PULUMI_HOME=home
    )
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    folder.chmod(0o755)
    assert after == before
    return dict(zip((*READING, *WRITING), told, strict=True))


@pytest.mark.parametrize("command", READING)
def test_where_nothing_may_be_written_what_reads_goes_on(read_only, command):
    code, said = read_only[command]
    assert code == 0, said
    assert not THEIRS.search(said), said


@pytest.mark.parametrize("command", WRITING)
def test_where_nothing_may_be_written_what_writes_says_where(read_only, command):
    code, said = read_only[command]
    assert code == 1, said
    remedies = ("make room and rights for it, and run again", "name another one, or unset it")
    assert ": Permission denied" in said
    assert said.rstrip().endswith(remedies)
    assert len(said.splitlines()) == 1, said
    assert not THEIRS.search(said), said


EVERY = {
    "preview": "--stack dev", "up": "--stack dev --yes", "refresh": "--stack dev --yes", "destroy": "--stack dev --yes",
    "outputs": "--stack dev", "run": "-- true", "lab": "", "engine": "", "upgrades": "check --stack dev --lab", "windows": "--stack dev",
    "catalog": "--location westeurope --subscription x --endpoint http://127.0.0.1:9", "access": "--stack dev", "settings": "--stack dev",
    "review": "--stack dev", "import": "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks --stack new", "admission": "--kubernetes-version 1.35.6", "explain": "prod-zones",
}  # fmt: skip
"""Each command of the one table, with words to run it by."""
NOWHERE = "/dev/null/none"
"""A folder that nobody can make."""


@pytest.fixture(scope="module")
def without_folders(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    for name in ("__main__.py", "Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.staging.yaml", "Pulumi.prod.yaml"):
        shutil.copy(ROOT / name, folder)
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    told = walk(
        folder, [(f"cli {name} {words}", {}) for name, words in EVERY.items()],
        HOME=NOWHERE, TMPDIR=NOWHERE, PULUMI_HOME=NOWHERE, SECURE_AKS_CACHE=NOWHERE, PATH=path,
    )  # fmt: skip
    return dict(zip(EVERY, told, strict=True))


def test_the_table_is_whole():
    commands = app.registered_commands
    assert EVERY.keys() == {one.name or getattr(one.callback, "__name__", "") for one in commands}


@pytest.mark.parametrize("name", EVERY)
def test_without_a_home_a_cache_and_a_temporary_folder_of_use_each_command_does_its_work_or_says_so(
    without_folders, name
):
    code, said = without_folders[name]
    assert code in {0, 1, 2}, said
    assert code == 0 or said.strip()
    assert not THEIRS.search(said), said
    if NOWHERE in said:
        assert code, said
        assert re.search(r"name a(nother| folder)|unset it", said.rstrip().splitlines()[-1]), said


WINDOWS = """
import asyncio, os, runpy, signal, subprocess, sys, sysconfig, pulumi, rich.console, typer
sysconfig.get_config_vars()  # which looks for a file of this platform
for name in ("fcntl", "grp", "pwd", "resource", "termios"):
    sys.modules[name] = None
for module, names in ((signal, ("SIGHUP", "SIGKILL", "SIGALRM")), (os, ("fchmod", "geteuid", "fork", "killpg", "O_NONBLOCK"))):
    for name in names:
        delattr(module, name)
sys.platform = "win32"
sys.argv.pop(0)
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
"""A Python that lacks what one on Windows lacks."""


def on_windows(words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WINDOWS, *words.split()], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("words", ["upgrades status", "emulator run -- true", "emulator preview --stack dev"])
def test_windows_is_told_in_a_line(words):
    done = on_windows(words)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "this needs Linux or macOS (there is no `fcntl` here); on Windows use WSL\n"


def test_windows_does_what_needs_no_more_than_a_file(tmp_path):
    assert on_windows("settings effective --stack dev").returncode == 0
    page = tmp_path / "page.md"
    assert on_windows(f"secure_aks_lifecycle docs --output {page}").returncode == 0
    assert page.read_text(encoding="utf-8") == (ROOT / "docs" / "policies-lifecycle.md").read_text(
        encoding="utf-8"
    )
