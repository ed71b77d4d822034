"""The shipped program and stack files before their first `up`: what the lifecycle pack says of a dry run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from emulator.dry_run.preview import preview
from emulator.dry_run.project import Project
from tests.project_copy import PACKS, ROOT, copy_of

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.dry_run.report import Report

TODAY = "2026-11-23"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project, its code by links."""
    monkeypatch.setenv("SECURE_AKS_CLOCK", TODAY)
    return copy_of(ROOT, tmp_path)


def edit(file: Path, pattern: str, replacement: str) -> None:
    text, count = re.subn(pattern, replacement, file.read_text(encoding="utf-8"), count=1)
    assert count == 1
    file.write_text(text, encoding="utf-8")


def dry_run(folder: Path, stack: str) -> Report:
    project = Project.load(folder)
    return preview(project, stack, project.load_config(stack), [PACKS[1]])


def refused(folder: Path, stack: str) -> str:
    """Return what the pack refuses, which it must."""
    report = dry_run(folder, stack)
    assert not report.ok
    assert report.errors() == []
    return "\n".join(v.message for v in report.verdicts() if v.level == "mandatory")


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_the_shipped_stacks_pass(project: Path, stack: str) -> None:
    report = dry_run(project, stack)
    assert report.ok
    assert report.packs.keys() == {"secure-aks-lifecycle"}


def test_a_pool_ahead_of_its_control_plane(project: Path) -> None:
    edit(project / "Pulumi.prod.yaml", r"(name: general\n\s+version: )1\.34\.9", r"\g<1>1.35.6")
    [(_, said)] = dry_run(project, "prod").errors()  # the settings have it before the pack sees anything
    assert "secure-aks:pools[0].version (Pulumi.prod.yaml:" in said
    assert "the control plane goes first" in said


def test_a_version_past_its_end(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2027-04-01")
    said = refused(project, "dev")
    assert "1.35.6 has had platform support only since 2027-03-31" in said
    assert re.search(r"for a new one 1\.36\.\d", said)


def test_all_problems_are_told_at_once(project: Path) -> None:
    file = project / "Pulumi.dev.yaml"
    file.write_text(re.sub(r"\b1\.35\.[56]\b", "1.32.11", file.read_text(encoding="utf-8")), encoding="utf-8")
    said = refused(project, "dev")
    for pool in ("spot", "general", "win", "sandbox"):
        assert pool in said
    assert "1.32.11 has had no support since 2026-03-31" in said
