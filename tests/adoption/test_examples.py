"""examples/workflows: linted, and every command in them is one that there is, with options that it has."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import typer
import yaml
from secure_aks_lifecycle.cli import parser as lifecycle_parser

from cli.review.command import review
from emulator.engine.find import need_cli
from emulator.go_modules import GoModule
from tests.adoption.workflows import EXAMPLES, OWN, PINNED, ROOT, commands, load, scripts, steps
from upgrades.cli import app as upgrades

if TYPE_CHECKING:
    from pathlib import Path

GITHUB = sorted((EXAMPLES / "github").rglob("*.yml"))
AZURE = sorted((EXAMPLES / "azure").glob("*.yml"))
SHELL = sorted(EXAMPLES.rglob("*.sh"))
HOSTS = {
    "az",
    "cat",
    "cd",
    "cp",
    "curl",
    "echo",
    "exit",
    "export",
    "gh",
    "git",
    "head",
    "jq",
    "printf",
    "sed",
    "set",
    "sh",
    "test",
    "[",
    "fi",
}
"""What the runners of both hosts have."""
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
ACTIONLINT = GoModule(
    "actionlint",
    "actionlint",
    ROOT / "tests/adoption/actionlint",
    "the linter of GitHub's workflows",
    ("actionlint",),
)


def only_review() -> typer.Typer:
    """`secure-aks` with the one command that does not pass its words on."""
    app = typer.Typer()
    app.command()(review)
    app.callback()(lambda: None)
    return app


PROGRAMS: dict[str, Any] = {
    "upgrades": typer.main.get_command(upgrades),
    "cli": typer.main.get_command(only_review()),
}


def parse(command: Any, words: list[str]) -> None:
    """Parse as the command itself would, and stop before it runs. Raises what its users would see."""
    context = command.make_context(command.name, list(words))
    if hasattr(command, "resolve_command"):
        _, following, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        parse(following, rest)


def all_commands() -> list[tuple[Path, list[str]]]:
    """The commands of every step; what is `${{ }}` stands for one word."""
    return [
        (script.file, words)
        for path in [*GITHUB, *AZURE]
        for script in scripts(path)
        for words in commands(script.text)
        if words != ["EXPRESSION"]  # a template's script: looked at where it is given
    ]


@pytest.fixture(scope="module")
def pulumi() -> str:
    return str(need_cli(sys.__stderr__ or sys.stderr).path)


@pytest.mark.parametrize(
    ("path", "words"),
    all_commands(),
    ids=lambda part: part.stem if hasattr(part, "stem") else " ".join(part)[:60],
)
def test_a_command_is_one_that_there_is(path, words):
    name = words[0]
    if name == "python":
        assert words[1] == "-m"
        if words[2] == "secure_aks_lifecycle":
            lifecycle_parser().parse_args(words[3 : words.index(">")] if ">" in words else words[3:])
        else:
            parse(PROGRAMS[words[2]], words[3:])
    elif name == "make":
        assert set(words[1:]) <= TARGETS
    elif name.startswith("pipelines/"):
        assert (EXAMPLES / "azure" / name.removeprefix("pipelines/")).stat().st_mode & 0o111
    elif name.startswith("$GITHUB_ACTION_PATH/"):
        assert (path.parent / name.removeprefix("$GITHUB_ACTION_PATH/")).stat().st_mode & 0o111
    else:
        assert name in HOSTS | {"pulumi", "$HOME/.pulumi/bin/pulumi"}, f"{path}: {words}"


@pytest.mark.parametrize(
    "words",
    [["upgrades", "check", "--fromat", "sarif"], ["upgrades", "chek"], ["cli", "review"]],
    ids=" ".join,
)
def test_a_command_that_is_none_is_noticed(words):
    with pytest.raises(Exception, match=r"(?i)no such|missing"):
        parse(PROGRAMS[words[0]], words[1:])


def test_the_pulumi_commands_have_these_options(pulumi):
    ours = {tuple(words[1:]) for _, words in all_commands() if words[0].endswith("pulumi")}
    assert {words[0] for words in ours} == {"up", "login"}
    for words in ours:
        shown = subprocess.run(
            [pulumi, words[0], "--help"], capture_output=True, text=True, check=True
        ).stdout
        for option in (word for word in words if word.startswith("--")):
            assert option in shown


@pytest.fixture(scope="module")
def actionlint() -> Path:
    ACTIONLINT.build(sys.__stderr__ or sys.stderr)
    return ACTIONLINT.bin / "actionlint"


def test_actionlint_likes_the_projects_own(actionlint):
    done = subprocess.run(
        [actionlint, "-no-color", *OWN], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_actionlint_likes_the_examples_where_they_go(actionlint, tmp_path):
    shutil.copytree(EXAMPLES / "github", tmp_path / ".github")
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    config = tmp_path / ".github/actionlint.yaml"
    config.write_text("self-hosted-runner: {labels: [aks-staging, aks-prod]}\n")
    done = subprocess.run(
        [actionlint, "-no-color"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_shellcheck_likes_every_script(tmp_path):
    files = list(SHELL)
    for path in [*GITHUB, *AZURE]:
        for number, script in enumerate(scripts(path)):
            text = re.sub(r"\$\{\{.*?\}\}", "EXPRESSION", script.text)
            file = tmp_path / f"{path.parent.name}-{path.stem}-{number}.sh"
            file.write_text(f"#!/usr/bin/env bash\n{text}\n")
            files.append(file)
    # SC2154: variables of the runner.
    done = subprocess.run(
        ["shellcheck", "--exclude", "SC2154", *files], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", GITHUB, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_actions_are_fixed_and_tokens_are_small(path):
    uses = [line for line in re.findall(r"uses: .*", path.read_text("utf-8")) if "./.github/" not in line]
    assert [line for line in uses if not PINNED.search(line)] == []
    workflow = load(path)
    if "jobs" in workflow:
        assert workflow["permissions"] == {}
        assert all(job["permissions"] for job in workflow["jobs"].values())
    for script in scripts(path):
        assert "${{" not in script.text, "what comes from outside goes through an environment variable"


@pytest.mark.parametrize("path", AZURE, ids=lambda path: path.stem)
def test_templates_are_there_and_take_what_they_are_given(path):
    workflow = load(path)
    used = [
        *(step for _, _, step in steps(workflow) if "template" in step),
        *(s for s in workflow.get("stages", []) if "template" in s),
    ]
    for one in used:
        declared = {item["name"]: item for item in load(path.parent / one["template"])["parameters"]}
        given = one.get("parameters", {})
        assert given.keys() <= declared.keys()
        assert {name for name, item in declared.items() if "default" not in item} <= given.keys()


def test_the_page_tells_of_every_workflow():
    page = (ROOT / "docs/pull-requests.md").read_text(encoding="utf-8")
    for path in [*GITHUB, *AZURE]:
        assert path.name == "action.yml" or path.name in page, path.name


def test_nothing_holds_a_secret():
    for path in [*GITHUB, *AZURE]:
        for _, _, step in steps(load(path)):
            said = yaml.safe_dump(step)
            assert not re.search(r"(?i)client.?secret|creds:", said)


def test_the_page_names_each_workflow_that_names_a_stack():
    page = (ROOT / "docs/pull-requests.md").read_text(encoding="utf-8")
    part = page[page.index("## Your stacks") : page.index("## Node images")]
    named = {
        path.name
        for path in [*GITHUB, *AZURE]
        if re.search(r"(stack|STACK|--stack)\b.* '?(dev|staging|prod)\b", path.read_text(encoding="utf-8"))
    }
    assert named == set(re.findall(r"`([\w-]+\.yml)`", part)) - {"check.yml"}
    assert "dev" not in (EXAMPLES / "github/workflows/check.yml").read_text(encoding="utf-8")
