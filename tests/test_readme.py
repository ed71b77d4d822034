"""The README's walk through, with its own words: each command, each edit, and what it says comes of it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from emulator.engine.find import need_cli
from emulator.go_modules import cache_folder

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PARTS = (
    "__main__.py",
    "Pulumi.yaml",
    "settings",
    "components",
    "policies",
    "profiles",
    "emulator",
    "upgrades",
)
REFUSED = 1


@pytest.fixture
def clone(tmp_path):
    """The files of a fresh clone that the walk needs, on a machine that has the engine."""
    need_cli(sys.__stderr__ or sys.stderr)
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for part in (*PARTS, *(path.name for path in ROOT.glob("Pulumi.*.yaml"))):
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, tmp_path / part, ignore=ignore)
        else:
            shutil.copy(source, tmp_path)
    return tmp_path


def run(clone, *words, code=0):
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=clone,
        env={
            **os.environ,
            "SECURE_AKS_CLOCK": "2026-11-23",
            "SECURE_AKS_EMULATOR_DIR": str(clone / ".emulator"),
            "SECURE_AKS_CACHE": str(cache_folder()),
            "COLUMNS": "200",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout
    assert "Traceback" not in done.stdout
    return done.stdout


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def make(words, arguments=""):
    """What a target of the Makefile runs, read from the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.search(rf"^{words}:.*\n\t@\$\(BIN\)/python -m (.*)$", makefile, re.MULTILINE)
    assert found, words
    return found[1].replace("$(STACK)", "dev").replace("$(ARGS)", arguments).split()


def test_preview_up_one_line_preview_destroy(clone):
    assert "135 to create" in run(clone, *make("preview"))
    assert "135 created" in run(clone, *make("up"))
    assert "135 unchanged" in run(clone, *make("preview"))

    old, new = re.findall(r"one line from `(version: [\d.]+)` to `(version: [\d.]+)`", README)[0]
    edit(clone / "Pulumi.dev.yaml", old, new)
    shown = run(clone, *make("preview"))
    assert "1 to update" in shown
    assert "134 unchanged" in shown
    assert re.search(r"AgentPool +spot +update +\[diff: ~orchestratorVersion", shown)
    assert "1 updated" in run(clone, *make("up"))
    run(clone, *make("destroy"))
    assert "135 to create" in run(clone, *make("preview"))


def test_out_of_support_is_refused(clone):
    old = re.search(r"Set every version in that file to `([\d.]+)`", README)
    assert old
    path = clone / "Pulumi.dev.yaml"
    path.write_text(re.sub(r"(?i)(version: )1\.35\.\d", rf"\g<1>{old[1]}", path.read_text()))
    shown = run(clone, *make("preview"), code=REFUSED)
    assert "mandatory" in shown
    assert "supported-version" in shown


def test_a_privileged_pod_is_refused(clone):
    snippet = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[0]
    with (clone / "__main__.py").open("a", encoding="utf-8") as program:
        program.write(snippet)
    shown = run(clone, *make("preview"), code=REFUSED)
    assert "pod-privileged" in shown


@pytest.mark.soak
def test_the_upgrade_commands(clone):
    [with_cluster] = re.findall(r"`make up ARGS=(--[\w-]+)`", README)
    check, plan, following, _rollout, _report = re.findall(
        r"^\.venv/bin/python -m (upgrades .*?)(?:  +#.*)?$", README, re.MULTILINE
    )
    run(clone, *make("up", with_cluster))
    assert re.search(r"spot runs 1\.35\.5, and 1\.35\.\d is out", run(clone, *check.split()))
    assert "control plane 1.35.6 -> 1.36.2" in run(clone, *plan.split())
    assert "+     kubernetesVersion: 1.36.2" in run(clone, *following.split())
    run(clone, *make("destroy"))


def test_every_link_leads_somewhere():
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
