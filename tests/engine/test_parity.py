"""The dry run and the engine give the same resources, inputs and verdicts, on a first `up`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from emulator.engine.stacks import salt
from emulator.lab import Lab
from tests.engine.bad_variants import PROGRAM, REFUSED
from tests.engine.seen import Seen, by_dry_run, by_engine
from tests.project_copy import copy_of, edit

ROOT = Path(__file__).parents[2]
STACKS = ("dev", "staging", "prod")
PACKS = [ROOT / "policies" / name for name in ("security", "lifecycle")]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder whose stacks are made and never up; previews leave it as it is."""
    folder = copy_of(ROOT, tmp_path_factory.mktemp("shipped"))
    with Lab(folder / ".emulator") as lab:
        for stack in STACKS:
            path = folder / f"Pulumi.{stack}.yaml"
            path.write_text(f"{path.read_text()}\n{salt(folder, stack, folder, lab.environment)}\n")
    return folder


def same(stack: str, folder: Path) -> Seen:
    """Preview on both ways; return what both show."""
    engine, dry = by_engine(stack, folder, PACKS), by_dry_run(stack, folder, PACKS)
    assert engine.inputs.keys() == dry.inputs.keys()
    for urn, inputs in engine.inputs.items():
        assert inputs == dry.inputs[urn], urn
    assert engine.verdicts == dry.verdicts
    assert engine.ok == dry.ok
    assert len(engine.inputs) > 1
    return engine


@pytest.mark.parametrize(
    "stack", [pytest.param(one, marks=[] if one == "dev" else [pytest.mark.soak]) for one in STACKS]
)
def test_a_shipped_stack(shipped: Path, stack: str) -> None:
    seen = same(stack, shipped)
    assert seen.ok
    assert "unknown-verdicts" in {policy for _, policy, *_ in seen.verdicts}


def test_twenty_bad_variants(tmp_path: Path) -> None:
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "__main__.py").write_text(PROGRAM)
    seen = same("dev", tmp_path)
    assert not seen.ok
    refused = {
        (urn.rpartition("::")[2], rule) for _, rule, level, urn, _ in seen.verdicts if level == "mandatory"
    }
    assert len(REFUSED) >= 20
    assert set(REFUSED.items()) <= refused


def test_settings_that_are_refused(tmp_path: Path) -> None:
    """What the program itself refuses comes as the same words, all problems at once."""
    folder = copy_of(ROOT, tmp_path / "project")
    edit(folder / "Pulumi.dev.yaml", "vmSize: Standard_D4ds_v5", "vmSize: [1]")
    edit(folder / "Pulumi.dev.yaml", "kubernetesVersion: 1.35.6", "kubernetesVersion: '1.35'")
    engine, dry = by_engine("dev", folder, []), by_dry_run("dev", folder, [])
    assert not engine.ok
    [(_, words)] = dry.errors
    assert "kubernetesVersion" in words
    assert "vmSize" in words
    assert words in {said for _, said in engine.errors}
