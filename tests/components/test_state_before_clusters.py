"""A state that an `up` of dev left before a stack could have several clusters, on the real engine with the program of today."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.lab_stack import LabStack

ROOT = Path(__file__).parents[2]
LEFT = Path(__file__).parent / "urns_before_clusters" / "dev.tar.xz"
"""The folder of the stack after that `up`, of the commit before `clusters:` came: its files, and the lab with state and cloud."""
HARMLESS = {"same", "read", "update"}


@pytest.mark.soak
def test_nothing_of_it_goes_or_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    with tarfile.open(LEFT) as archive:
        archive.extractall(tmp_path, filter="data")
    for name in ("components", "settings", "profiles", "policies"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "__main__.py", tmp_path)
    stack = LabStack("dev", tmp_path)
    before = {one["urn"]: one["type"] for one in stack.resources()}
    seen: dict[str, set[str]] = {}

    def note(event: Any) -> None:
        if event.resource_pre_event:
            said = event.resource_pre_event.metadata
            seen.setdefault(said.urn, set()).add(said.op.value)

    stack.preview(on_event=note)
    assert len(before) > 100
    assert {urn: seen.get(urn) for urn in before if not seen.get(urn, set()) - {None} <= HARMLESS} == {}
    assert before.keys() <= seen.keys()
    # What came new since then may be made, but nothing that was there already: that would be one that moved.
    made = {urn for urn, ops in seen.items() if urn not in before and ops != {"read"}}
    assert {urn for urn in made if kind_and_name(urn) in {kind_and_name(urn) for urn in before}} == set()


def kind_and_name(urn: str) -> tuple[str, str]:
    """What a URN says besides whose child it is."""
    _, _, types, name = urn.split("::", 3)
    return types.rpartition("$")[2], name
