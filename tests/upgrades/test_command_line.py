"""The command line: what it prints, what it refuses, its exit codes; the docs' table of gates is the gates' own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import command_line
from upgrades.render.gates import as_markdown

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path):
    return command_line.stack_files(tmp_path)


@pytest.fixture
def upgrades(lab):
    """Run a command in the environment of a lab, which is all that it knows of it."""

    def run(project, *words, code=0):
        ended, said = command_line.upgrades(project, *words, environment=lab)
        assert ended == code, said
        return said

    return run


def test_a_plan_in_every_form(project, upgrades):
    words = ("plan", "--to", "1.36.2")
    assert "34 steps on 3 clusters" in upgrades(project, *words)
    data, _ = json.JSONDecoder().raw_decode(
        upgrades(project, *words, "--format", "json")
    )  # stderr comes after it
    assert [cluster["wave"] for cluster in data["clusters"]] == [1, 3, 2]  # dev, prod, staging
    words += ("--stack", "dev")
    stages, _ = json.JSONDecoder().raw_decode(upgrades(project, *words, "--format", "fleet"))
    assert [stage["groups"][0]["name"] for stage in stages["stages"]] == ["dev"]
    assert "- name: wave-1\n    groups: [dev]" in upgrades(project, *words, "--format", "fleet-settings")
    assert "```mermaid" in upgrades(project, *words, "--format", "markdown")
    page = upgrades(project, *words, "--format", "html").partition("</html>")[0]
    assert page.startswith("<!doctype html>")
    assert "http" not in page.replace("http-equiv", "")


def test_no_client_of_azure_or_kubernetes_is_loaded_before_it_is_needed():
    """It would be a third of the time that every command takes to begin."""
    look = "import sys, upgrades.cli; print({'kubernetes', 'requests', 'azure'} & {name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_next_writes_one_line(project, upgrades):
    before = (project / "Pulumi.dev.yaml").read_text().splitlines()
    shown = upgrades(project, "next", "--stack", "dev", "--to", "1.36.2", "--write")
    after = (project / "Pulumi.dev.yaml").read_text().splitlines()
    assert [line for line in after if line not in before] == ["    kubernetesVersion: 1.36.2"]
    assert "Move the control plane of dev to Kubernetes 1.36.2" in shown


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("plan", "--to", "1.36", "--stack", "dev"), 2, "names no patch"),
        (("plan", "--to", "1.36.2", "--stack", "nope"), 1, "the stacks here are: dev, prod, staging"),
        (("plan", "--to", "1.99.1", "--stack", "dev"), 1, "refresh the catalog"),
        (("next", "--to", "1.30.1", "--stack", "dev"), 1, "AKS never lowers one"),
        (("rollout", "--to", "1.36.2", "--stack", "dev"), 1, "bring it up first: make azure-up STACK=dev"),
        (("resume", "--stack", "dev"), 1, "no rollout to go on with"),
        (("abort", "--stack", "dev"), 1, "no rollout to abort"),
        (("status", "--stack", "dev"), 0, "dev: none"),
    ],
)
def test_what_cannot_be_done_is_said(project, upgrades, words, code, message):
    assert message in upgrades(project, *words, code=code)


@pytest.mark.parametrize(
    ("rules", "way"),
    [
        ("{owner: fleet}", "--format fleet-settings"),
        ("{owner: channel, channel: patch}", "maintenance.upgrades"),
    ],
)
@pytest.mark.parametrize(
    "words", [("next", "--to", "1.36.2"), ("rollout", "--to", "1.36.2"), ("rollback", "--pool", "spot")]
)
def test_what_somebody_else_moves_is_moved_by_nobody_here(project, upgrades, words, rules, way):
    path = project / "Pulumi.dev.yaml"
    fleet = "\n  secure-aks:fleet: {name: shop}" if "fleet" in rules else ""
    path.write_text(path.read_text() + f"\n  secure-aks:versionRules: {rules}{fleet}\n")
    said = upgrades(project, *words, "--stack", "dev", code=1)
    assert "so nothing here moves its versions" in said
    assert way in said


def test_without_a_cli_one_line_names_two_ways_to_get_one(project, tmp_path):
    empty = tmp_path / "bin"
    empty.mkdir()
    for words in (("check",), ("plan", "--to", "1.36.2"), ("rollout", "--to", "1.36.2")):
        code, said = command_line.upgrades(project, *words, environment={"PATH": str(empty)})
        assert code == 1
        assert len(said.splitlines()) == 1
        assert "https://www.pulumi.com/docs/install" in said
        assert "--lab" in said  # `make engine` builds it, and puts it on no PATH


def test_the_lab_is_an_option_of_every_command_by_two_names(project):
    for command in ("check", "plan", "next", "rollout", "resume", "abort", "status", "report"):
        code, said = command_line.upgrades(project, command, "--help")
        assert code == 0
        assert "--lab,--emulated" in said.replace(" ", "")
        assert "--verbose" in said


def test_journals_of_the_lab_are_kept_apart(project):
    folder = project / ".upgrades"
    folder.mkdir()
    process = {"host": "elsewhere", "pid": 1, "began": "1"}
    begun = {"seq": 1, "at": "2026-11-23T00:00:00+00:00", "event": "started", "steps": [], "process": process}
    (folder / "dev.jsonl").write_text(json.dumps(begun) + "\n")
    assert (
        "dev: running (process 1 on elsewhere, which cannot be seen from here)"
        in command_line.upgrades(project, "status")[1]
    )
    assert command_line.upgrades(project, "status", "--lab")[1] == "dev: none\n"


def test_a_bad_stack_file_is_refused_in_words(project, upgrades):
    path = project / "Pulumi.dev.yaml"
    path.write_text(path.read_text().replace("tier: Standard", "teir: Standard"))
    assert "did you mean `tier`?" in upgrades(project, "plan", "--to", "1.36.2", "--stack", "dev", code=1)


def test_the_docs_have_the_gates_own_table():
    page = (ROOT / "docs" / "upgrades.md").read_text(encoding="utf-8")
    assert as_markdown() in page, "write it anew: python -m upgrades gates --markdown"
