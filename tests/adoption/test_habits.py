"""The project's own habits: what its CI, its updates, its releases and its templates promise is there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib

import pytest
import yaml

from tests.adoption.workflows import OWN, PINNED, ROOT, commands, load, scripts

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
OUTSIDE = {"git", "gh", "echo"}
"""What a runner has beside what this repository brings."""


@pytest.mark.parametrize("path", [*OWN, ROOT / "azure-pipelines.yml"], ids=lambda path: path.name)
def test_a_workflow_runs_only_what_there_is(path):
    found = [
        words
        for script in scripts(path)
        for words in commands(script.text.replace("${{ matrix.target }}", "fuzz"))
    ]
    assert found
    for words in found:
        if words[0] == "make":
            assert set(words[1:]) <= TARGETS, words
        elif "/" in words[0]:
            assert (ROOT / words[0]).stat().st_mode & 0o111, words
        else:
            assert words[0] in OUTSIDE | {"exit"}, words


def test_the_soak_runs_targets_that_there_are():
    [job] = load(ROOT / ".github/workflows/soak.yml")["jobs"].values()
    assert set(job["strategy"]["matrix"]["target"]) <= TARGETS


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_actions_are_fixed_by_commit_and_tokens_are_small(path):
    text = path.read_text(encoding="utf-8")
    uses = re.findall(r"uses: .*", text)
    assert uses
    assert [line for line in uses if not PINNED.search(line)] == []
    workflow = load(path)
    assert workflow["permissions"], "the default token may write everything"
    assert all(job["timeout-minutes"] for job in workflow["jobs"].values())


def test_what_nobody_has_read_runs_where_nothing_can_be_written():
    """New versions are installed by one job, and proposed by another, whose token may write."""
    workflow = load(ROOT / ".github/workflows/lock.yml")
    assert set(workflow["permissions"].values()) == {"read"}
    for job in workflow["jobs"].values():
        runs = "\n".join(step.get("run", "") for step in job["steps"])
        assert ("make" in runs) != ("permissions" in job)
        [checkout] = [step for step in job["steps"] if "actions/checkout" in step.get("uses", "")]
        assert ("make" in runs) == (checkout.get("with", {}).get("persist-credentials") is False)


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_nothing_from_outside_is_pasted_into_a_script(path):
    for script in scripts(path):
        assert not re.search(r"\$\{\{ *(github\.event|github\.head_ref|github\.ref_name|inputs)", script.text)


def test_both_code_hosts_run_the_same():
    runs = [
        {script.text for script in scripts(path)}
        for path in (ROOT / ".github/workflows/ci.yml", ROOT / "azure-pipelines.yml")
    ]
    assert runs[0] == runs[1] == {".ci/run"}
    assert "make test" in (ROOT / ".ci/run").read_text(encoding="utf-8")


def test_updates_reach_every_file_that_names_versions():
    updates = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text(encoding="utf-8"))["updates"]
    folders = {
        (one["package-ecosystem"], folder)
        for one in updates
        for folder in one.get("directories", [one.get("directory")])
    }
    for pattern, kind in (("go.mod", "gomod"), ("Dockerfile", "docker")):
        tracked = _tracked(f"*{pattern}")
        assert tracked
        for path in tracked:
            assert (kind, "/" + path.removesuffix(pattern).rstrip("/")) in folders
    lock = [
        words for script in scripts(ROOT / ".github/workflows/lock.yml") for words in commands(script.text)
    ]
    assert ["make", "lock"] in lock


def _tracked(pattern: str) -> list[str]:
    done = subprocess.run(["git", "ls-files", pattern], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_hooks_run_tools_of_the_environment():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0][
        "hooks"
    ]
    for hook in hooks:
        tool, *rest = hook["entry"].split()
        assert (ROOT / tool).is_file(), hook
        assert all((ROOT / word).is_file() for word in rest if word.endswith(".py")), hook
    fits = re.compile(next(hook["files"] for hook in hooks if hook["id"] == "stack-files"))
    assert [name for name in _tracked("*.yaml") if fits.search(name)] == [
        path.name for path in sorted(ROOT.glob("Pulumi.*.yaml"))
    ]


def test_issue_forms_are_what_the_host_takes():
    for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("[!c]*.yml"):
        form = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert {"name", "description", "body"} <= form.keys()
        assert len({field["id"] for field in form["body"]}) == len(form["body"])
        assert all(
            field["type"] in {"textarea", "input", "dropdown"} and field["attributes"]["label"]
            for field in form["body"]
        )


def test_the_dev_container_has_a_python_that_will_do():
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
    version = re.search(r"python:3\.(\d+)", container["image"])
    assert version
    assert int(version[1]) >= 11
    assert container["postCreateCommand"].removeprefix("make ") in TARGETS


@pytest.fixture
def project(tmp_path):
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/notes", tmp_path / ".ci")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "secure-aks"\nversion = "1.2.0"\n')
    return tmp_path


def notes(project, version):
    return subprocess.run([project / ".ci/notes", version], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("title", ["## 1.2.0 - 2026-11-23", "## 1.2.0", "## [1.2.0] - 2026-11-23"])
def test_notes_of_a_release_are_its_section(project, title):
    (project / "CHANGELOG.md").write_text(
        f"# Changelog\n\n## Unreleased\n\n- later\n\n{title}\n\n### Added\n- this\n\n## 1.1.0\n\n- before\n"
    )
    done = notes(project, "v1.2.0")
    assert (done.returncode, done.stdout.split()) == (0, ["###", "Added", "-", "this"])


def test_a_tag_without_words_or_of_another_version_is_no_release(project):
    (project / "CHANGELOG.md").write_text(
        "# Changelog\n\n## Unreleased\n\n- later\n\n## 1.2.0\n\n## 1.1.0\n\n- before\n"
    )
    for version, says in (
        ("v1.2.0", "CHANGELOG.md has no section"),
        ("v1.1.0", 'pyproject.toml says version = "1.2.0"'),
    ):
        done = notes(project, version)
        assert done.returncode == 1
        assert says in done.stderr
        assert done.stdout == ""


def test_the_version_in_hand_could_be_released_now():
    """Its section is there, and an empty-handed `Unreleased` above it; a tag is all that is missing."""
    done = notes(ROOT, f"v{VERSION}")
    assert done.returncode == 0, done.stderr
    titles = re.findall(r"(?m)^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert titles[:2] == ["Unreleased", VERSION]


def test_a_release_has_all_that_the_pages_promise():
    text = (ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8")
    [create] = [line for line in text.splitlines() if "gh release create" in line]
    for part in ("--notes-file notes.md", "dist/*.whl", "sbom.cdx.json"):
        assert part in create
    assert "uv build --wheel --out-dir dist" in text


def test_owners_are_of_paths_that_there_are_and_of_the_teams_that_the_page_names():
    lines = [line.split() for line in (ROOT / ".github/CODEOWNERS").read_text(encoding="utf-8").splitlines()]
    owned = {path: owners for path, *owners in (line for line in lines if line and line[0] != "#")}
    assert [path for path in owned if path != "*" and not (ROOT / path.lstrip("/")).exists()] == []
    assert "*" in owned
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    organisation, teams = zip(*(one.split("/") for owners in owned.values() for one in owners), strict=True)
    assert len(set(organisation)) == 1
    assert all(f"`{name}`" in page for name in {*organisation, *teams})


def test_the_pages_command_names_the_owners_organisation_everywhere(tmp_path):
    page = (ROOT / "docs/your-own.md").read_text(encoding="utf-8")
    [command] = re.findall(r"`(perl [^`]*)`", page)
    (tmp_path / ".github").mkdir()
    owners = tmp_path / ".github/CODEOWNERS"
    shutil.copy(ROOT / ".github/CODEOWNERS", owners)
    subprocess.run(["bash", "-c", command.replace("<yours>", "acme")], cwd=tmp_path, check=True)
    written = owners.read_text(encoding="utf-8")
    assert set(re.findall(r"@\S+", written)) == {"@acme/platform", "@acme/security"}
    [printed] = re.findall(r"git grep -nE '([^']*)'", page)
    assert not re.search(printed, written), "nothing is left that the page's first command prints"


def test_what_is_nobodys_is_printed_by_one_command_and_has_its_row():
    page = (ROOT / "docs/your-own.md").read_text(encoding="utf-8")
    [command] = re.findall(r"```sh\n(git grep .*)\n```", page)
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True)
    found = {line.partition(":")[0] for line in done.stdout.splitlines()}
    rows = "".join(line for line in page.splitlines() if line.startswith("| `"))
    assert found == set(re.findall(r"`(\.github/\w+|Pulumi\.\w+\.yaml)`", rows))
    invented = re.compile(
        r"your-organisation|contoso|203\.0\.113\.|198\.51\.100\.|example\.(com|org)|sha256:0{9}"
    )
    files = [ROOT / name for name in _tracked("Pulumi*.yaml")] + [
        path for path in (ROOT / ".github").rglob("*") if path.is_file()
    ]
    nobodys = {
        (path.relative_to(ROOT).as_posix(), text)
        for path in files
        for text in path.read_text(encoding="utf-8").splitlines()
        if invented.search(text) and not text.startswith("#")
    }
    assert [
        where for where, text in nobodys if f"{text}\n" not in re.sub(r"(?m)^[^:]+:", "", done.stdout)
    ] == []


def test_scripts_of_ci_are_clean():
    done = subprocess.run(
        ["shellcheck", *_tracked(".ci/*")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
