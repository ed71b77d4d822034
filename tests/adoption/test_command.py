"""The one command: it reads well at 80 columns, reaches everything, and ends as what it runs ends."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys

import pytest
import typer

from cli import cli, reference
from tests import forked
from tests.adoption.test_habits import VERSION
from tests.adoption.workflows import ROOT
from tests.command_line import stack_files
from upgrades.cli import app as upgrades

NAMES = [*(command.name for command in cli.PASSED), "review", "import", "admission", "explain"]
PAGE = (ROOT / "docs/commands.md").read_text(encoding="utf-8")


def secure_aks(*words, columns="80", folder=ROOT):
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "COLUMNS": columns,
        "SECURE_AKS_CLOCK": "2026-11-23",
        "SECURE_AKS_TYPED": "./secure-aks",
    }
    return forked.run(["cli", *words], folder, environment)


def test_help_fits_80_columns_and_names_every_command():
    done = secure_aks("--help")
    assert done.returncode == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    for name in NAMES:
        [line] = [line for line in done.stdout.splitlines() if re.match(rf"│ {name} ", line)]
        assert line.rstrip("│ ").endswith((".", "ls"))  # a whole sentence on its line, not cut


def test_it_says_its_version():
    done = secure_aks("--version")
    assert (done.returncode, done.stdout) == (0, f"secure-aks {VERSION}\n")


@pytest.mark.parametrize("name", NAMES)
def test_every_command_is_reached(name):
    done = secure_aks(name, "--help")
    assert done.returncode == 0, done.stderr
    assert "usage:" in done.stdout.lower()
    assert max(map(len, done.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    "words",
    [
        ("access", "--nope"),
        ("access", "--stack", ""),
        ("upgrades", "check", "--stack="),
        ("upgrades", "chek"),
        ("preview", "--stack"),
        ("catalog",),
        ("nope",),
    ],
)
def test_wrong_usage_is_2(words):
    done = secure_aks(*words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_what_it_prints_and_how_it_ends_is_what_the_module_does():
    for words, module in (
        (("access", "--stack", "prod"), "components.access"),
        (("access", "--stack", "none"), "components.access"),
    ):
        alone = subprocess.run(
            [sys.executable, "-m", module, *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False
        )
        done = secure_aks(*words)
        assert (done.returncode, done.stdout, done.stderr) == (alone.returncode, alone.stdout, alone.stderr)


def test_another_folder_is_named_before_a_command_or_after_it(tmp_path):
    """As if started there: a relative path is read from there, and what is printed to be typed next says the folder."""
    project = tmp_path / "a project"
    project.mkdir()
    stack_files(project)
    for words in (["access", "--stack", "dev"], ["settings"], ["windows"], ["run", "--", "pwd"]):
        after, before = [words[0], "-C", "a project", *words[1:]], ["-C", "a project", *words]
        there, *elsewhere = (
            secure_aks(*said, folder=folder)
            for said, folder in ((words, project), (after, tmp_path), (before, tmp_path))
        )
        assert there.returncode == 0, there.stderr
        said = there.stdout.replace("./secure-aks upgrades", "./secure-aks -C 'a project' upgrades")
        assert {(done.returncode, done.stdout) for done in elsewhere} == {(0, said)}
    config = project / "config.yaml"
    config.write_text("secure-aks:policies: {}\n")
    words = ["admission", "--kubernetes-version", "1.35.6", "--config", config.name, "-C", config.parent.name]
    assert secure_aks(*words, folder=tmp_path).returncode == 0
    for said in (["-C", "a project", "upgrades", "report"], ["upgrades", "-C", "a project", "report"]):
        done = secure_aks(*said, "--nope", folder=tmp_path)
        assert f"./secure-aks {shlex.join(said)} [OPTIONS]" in done.stderr


@pytest.mark.parametrize("told", list(reference.commands()), ids=lambda told: told.words)
def test_every_command_takes_another_folder(told):
    assert "`--cwd`, `-C`" in {row.written for row in told.rows}


@pytest.mark.parametrize("words", ["windows", "settings", "outputs --stack dev", "upgrades gates"])
def test_a_folder_that_is_not_there_is_wrong_usage(words, tmp_path):
    for said in ([*words.split(), "-C", "gone"], ["-C", "gone", *words.split()]):
        done = secure_aks(*said, folder=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "gone: No such file or directory" in done.stderr


@pytest.mark.parametrize(("ends", "code"), [("sys.exit(7)", 7), ("sys.exit('no')", 1), ("pass", 0)])
def test_an_exit_code_passes_through(ends, code, tmp_path, monkeypatch):
    (tmp_path / "ending_as_told.py").write_text(f"import sys\nassert sys.argv[1:] == ['a', '--b']\n{ends}\n")
    monkeypatch.syspath_prepend(tmp_path)
    before = list(sys.argv)
    assert cli.hand_over("ending_as_told", ["a", "--b"], "./secure-aks") == code
    assert sys.argv == before


@pytest.mark.parametrize("code", ["prod-zones", "PDB001", "legal-step", "pod-privileged"])
def test_explain_asks_everybody(code):
    done = secure_aks("explain", code)
    assert (done.returncode, done.stdout.partition(":")[0].partition(" ")[0]) == (0, code)


def test_the_script_runs_from_anywhere(tmp_path):
    done = subprocess.run(
        [ROOT / "secure-aks", "explain", "PDB001"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("PDB001")


def test_the_page_has_every_command():
    table = "\n".join(line for line in PAGE.splitlines() if line.startswith("| `"))
    for name in NAMES:
        assert re.search(rf"`{name}[ `]", table), name
    listed = re.search(r"check, plan[^|]*", table)
    assert listed
    known = set(vars(typer.main.get_command(upgrades))["commands"])
    assert set(re.findall(r"[\w-]+", listed[0])) <= known
