"""The import of a cluster on the real engine: the page's own commands, then a preview with both packs that shows what the page lists."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from emulator.arm.server import ArmServer
from tests.adoption import clusters
from tests.adoption.workflows import ROOT
from tests.emulator.arm.wire import CLUSTER, TODAY, Wire
from tests.lab_stack import LabStack
from tests.project_copy import copy_of

if TYPE_CHECKING:
    from pathlib import Path

PACKS = [ROOT / "policies" / name for name in ("security", "lifecycle")]


@pytest.fixture(params=clusters.ALL, ids=lambda made: made.name)
def made(request: pytest.FixtureRequest) -> clusters.Made:
    return request.param


@pytest.fixture
def project(made: clusters.Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, whose lab holds a cluster that somebody else made."""
    folder = copy_of(ROOT, tmp_path_factory.mktemp("adopted"))
    with ArmServer(folder / ".emulator") as server:
        wire = Wire(server)
        made.put(wire)
        wire.close()
    return folder


@pytest.mark.soak
def test_the_first_preview_after_the_import_shows_what_the_page_lists(
    project: Path, made: clusters.Made, monkeypatch
) -> None:
    monkeypatch.setenv("SECURE_AKS_CLOCK", TODAY)
    words = ["import", CLUSTER, "--stack", "found", "--lab", "--json"]
    words += ["--admin-group", made.admin] if made.admin else []
    ran = subprocess.run(
        [sys.executable, "-m", "cli", *words],
        cwd=project, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout)
    page = (project / "import-found.md").read_text(encoding="utf-8")
    stack = LabStack("found", project, PACKS)
    [typed] = [line for line in page.splitlines() if line.startswith("pulumi import")]
    stack._with(lambda one: one.workspace.pulumi_command.run(shlex.split(typed)[1:], str(project), {}, print))

    events: list[Any] = []
    stack.preview(on_event=events.append)

    shown = {one["urn"]: one for one in told["preview"]}
    seen: set[str] = set()
    for event in events:
        if (
            (step := event.resource_pre_event and event.resource_pre_event.metadata)
            and "azure-native" in step.type
            and "providers" not in step.type
        ):
            urn, op = step.urn, str(getattr(step.op, "value", step.op))
            seen.add(urn)
            assert op == shown[urn]["op"], (urn, op, step.detailed_diff)
            told_of = (*shown[urn]["changes"], *shown[urn]["restated"])
            for path in (step.detailed_diff or {}) if op == "update" else ():
                plain = path.replace('["', ".").replace('"]', "").lower()
                assert any(_meet(plain, one.lower()) for one in told_of), (urn, path)
    assert seen == set(shown)
    assert not [
        event
        for event in events
        if event.policy_event and event.policy_event.enforcement_level == "mandatory"
    ]


def _meet(path: str, other: str) -> bool:
    parts = [re.split(r"[.\[]", text) for text in (path, other)]
    least = min(map(len, parts))
    return parts[0][:least] == parts[1][:least]
