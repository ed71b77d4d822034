"""docs/commands.md: its examples of JSON and of exit codes, run; each command is told of, and says the same of itself."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys

import pytest
import typer

from cli import reference
from tests import forked
from tests.adoption.workflows import ROOT
from tests.command_line import stack_files
from upgrades.cli import app as upgrades

PAGE = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
AS_JSON = PAGE[PAGE.index("## As JSON") : PAGE.index("## Exit codes")]
NEED = {
    "import": "a cluster: tests/adoption/test_import_on_the_engine.py runs it",
    "review": "an engine: tests/adoption/test_review.py",
    "catalog": "an Azure: tests/lifecycle/test_cli.py",
    "lab": "somebody who ends it: tests/emulator/test_lab.py",
    "outputs": "a stack that is up: tests/engine/test_session.py",
    "rehearse": "an API server: tests/upgrades/rehearsal",
    "report": "a rollout: tests/upgrades/rollout",
    "status": "a rollout: tests/upgrades/rollout",
    "next": "a stack that is up: tests/tour",
}
"""Examples that are not run here: what they need, and who runs them."""


def examples():
    found = [shlex.split(one)[1:] for one in re.findall(r"`(\./secure-aks [^`]+)`", AS_JSON)]
    return [words for words in found if not NEED.keys() & set(words)]


def secure_aks(folder, words):
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "SECURE_AKS_CLOCK": "2026-11-23",
        "SECURE_AKS_TYPED": "./secure-aks",  # as the script says it: test_script.py
        "COLUMNS": "80",
    }
    return forked.run(["cli", *words], folder, environment)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A project whose stacks are not up."""
    made = stack_files(tmp_path_factory.mktemp("commands"))
    for name in ("__main__.py", "components", "settings", "policies"):
        (made / name).symlink_to(ROOT / name)
    return made


@pytest.mark.parametrize("words", examples(), ids=" ".join)
def test_an_example_prints_one_json_document(words, folder):
    done = secure_aks(folder, words)
    assert done.returncode in {0, 2}, done.stderr  # 2: a check that could not look into a cluster
    assert json.loads(done.stdout)


@pytest.mark.parametrize(
    ("said", "code"), re.findall(r"^\| `\./secure-aks ([^`]+)` \| (\d) \|", PAGE, re.MULTILINE)
)
def test_it_ends_as_the_table_says(said, code, folder):
    done = secure_aks(folder, shlex.split(said))
    assert done.returncode == int(code), done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout if done.returncode == 0 else done.stderr or done.stdout


def test_each_command_of_upgrades_is_told_of():
    told = set(re.findall(r"`(?:upgrades )?([a-z-]+)`", AS_JSON))
    assert set(vars(typer.main.get_command(upgrades))["commands"]) <= told
    assert {one.words.split()[1] for one in TOLD} - {"upgrades"} <= told


def test_a_command_without_json_is_named_with_why():
    """Those that change something: what they leave, another command tells."""
    without = {
        one.words.partition(" ")[2] for one in TOLD if not any("--json" in row.written for row in one.rows)
    }
    changes = re.search(r"`upgrades report`, after ([^|]+)", AS_JSON)
    passes = re.search(r"^(.*) pass on what", AS_JSON, re.MULTILINE)
    assert changes
    assert passes
    told = {
        *(f"upgrades {name}" for name in re.findall(r"`([\w-]+)`", changes[1])),
        *re.findall(r"`([\w-]+)`", passes[1]),
    }
    assert without - {"upgrades"} == told


def test_an_option_that_means_the_same_gives_the_same(folder):
    for name, default in (("check", "--stack"), ("plan", "--to=1.36.2")):
        words = [
            "upgrades",
            name,
            "--lab",
            *([default, "dev"] if name == "check" else [default, "--stack", "dev"]),
        ]
        alone, form = (secure_aks(folder, [*words, *said]) for said in (["--json"], ["--format", "json"]))
        assert (alone.returncode, alone.stdout) == (form.returncode, form.stdout)


def test_the_reference_is_fresh():
    assert reference.PAGE.read_text(encoding="utf-8") == reference.render(), "run `python -m cli.reference`"


TOLD = list(reference.commands())


def whole(text, printed):
    """Whether a text stands in what is printed from its first word to its last, however it is folded."""
    words = [re.findall(r"[^\s│╭╮╰╯─]+", one.lower()) for one in (text.rstrip("."), printed)]
    return " ".join(words[0]) in " ".join(words[1])


@pytest.mark.parametrize("name", ["emulator", "settings", "secure_aks_lifecycle", "secure_aks_security"])
def test_a_module_lists_its_commands_in_whole_sentences(name, folder):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"}
    narrow, wide = (
        forked.run([name, "--help"], folder, {**environment, "COLUMNS": columns}).stdout
        for columns in ("80", "400")
    )
    assert max(map(len, narrow.splitlines())) <= 80
    assert narrow.split() == wide.split()
    assert "..." not in narrow.partition("COMMAND ...")[2].partition("ommands:")[2]


@pytest.mark.parametrize("told", TOLD, ids=lambda told: told.words)
def test_the_reference_says_what_the_command_itself_says(told, folder):
    """Of every option and exit code that `--help` prints, and of none beside."""
    done = secure_aks(folder, [*shlex.split(told.words)[1:], "--help"])
    assert done.returncode == 0
    printed = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*(?=[\s,`.]|$)", done.stdout, re.MULTILINE))
    rows = {word for row in told.rows for word in re.findall(r"`(--[a-z-]+)`", row.written)}
    assert rows <= printed
    told_of = set(re.findall(r"^ *(?:-\w, +)?(--[a-z][a-z-]*)", done.stdout, re.MULTILINE))
    assert told_of <= {*rows, "--help"}
    assert all(row.text and row.written for row in told.rows)
    assert max(map(len, done.stdout.splitlines())) <= 80
    inner = [one.text.partition("\n\n")[0] for one in TOLD if one.words.rpartition(" ")[0] == told.words]
    assert [
        text for text in (told.text, *inner, *(row.text for row in told.rows)) if not whole(text, done.stdout)
    ] == []
    [usage] = [
        line.split() for line in done.stdout.splitlines() if line.lower().lstrip().startswith("usage: ")
    ]
    assert usage[1:].index(next(word for word in usage[1:] if word[0] in "[{")) == len(told.words.split())
    assert " ".join(usage[1:]).startswith(f"./{told.words} ")


@pytest.mark.parametrize(
    "words",
    [
        "preview",
        "upgrades",
        "upgrades check",
        "windows",
        "catalog",
        "access",
        "settings",
        "review",
        "explain",
    ],
)
def test_a_wrong_word_is_told_with_the_command_that_was_typed(words, folder):
    """One of each way to read words."""
    location = ["--location", "westeurope"] if words == "catalog" else []
    done = secure_aks(folder, [*words.split(), *location, "--nope"])
    assert (done.returncode, done.stdout) == (2, "")
    assert f"./secure-aks {words} " in " ".join(done.stderr.split())
    assert "python -m" not in done.stderr
    assert "Traceback" not in done.stderr


def test_exit_codes_that_mean_more_are_in_the_table_of_all():
    own = {told.words.rpartition(" ")[2]: reference.codes_of(told.text) for told in TOLD}
    assert [code for code, _ in own["check"]] == ["1", "2"]
    assert [code for code, _ in own["review"]] == ["1", "2"]
    table = PAGE[PAGE.index("## Exit codes") :]
    assert {code for codes in own.values() for code, _ in codes} <= set(
        re.findall(r"^\| (\d+) \|", table, re.MULTILINE)
    )


def test_a_command_in_the_lab_has_its_own_options(folder):
    """After `--`, and without it: of both parsers that the words go through none takes them for its own."""
    asked = [sys.executable, "-c", "import sys; print(sys.argv[1:])", "--stack", "dev", "--help", "--"]
    for dashes in (["--"], []):
        done = secure_aks(folder, ["run", *dashes, *asked])
        assert (done.returncode, done.stdout) == (0, "['--stack', 'dev', '--help', '--']\n"), done.stderr
