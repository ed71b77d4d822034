"""The README: its landing page has what it shows, its commands say what it tells; the walk through is the tour's (tests/tour)."""

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
from tests.tour.pictures import PRINTED

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


def make(words, arguments=""):
    """What a target of the Makefile runs, read from the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.search(rf"^{words}:.*\n\t@\$\(BIN\)/python -m (.*)$", makefile, re.MULTILINE)
    assert found, words
    return found[1].replace("$(STACK)", "dev").replace("$(ARGS)", arguments).split()


def test_what_it_does_is_on_one_screen():
    landing = README[: README.index("\n## ")]
    pictures = re.findall(r"!\[([^]]+)\]\(([^)]+)\)", landing)
    assert {Path(file).stem for _, file in pictures} == set(PRINTED)
    assert all((ROOT / file).is_file() and len(words.split()) > 5 for words, file in pictures)
    assert len(landing.splitlines()) < 40
    assert "(docs/tour.md)" in landing


@pytest.mark.soak
def test_the_upgrade_commands(clone):
    [with_cluster] = re.findall(r"`make up ARGS=(--[\w-]+)`", README)
    check, plan, following, _rollout, _report = re.findall(
        r"^\./secure-aks (upgrades .*?)(?:  +#.*)?$", README, re.MULTILINE
    )
    run(clone, *make("up", with_cluster))
    assert re.search(r"spot runs 1\.35\.5, and 1\.35\.\d is out", run(clone, *check.split()))
    assert "control plane 1.35.6 -> 1.36.2" in run(clone, *plan.split())
    assert "+     kubernetesVersion: 1.36.2" in run(clone, *following.split())
    run(clone, *make("destroy"))


def test_every_link_leads_somewhere():
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")):
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
