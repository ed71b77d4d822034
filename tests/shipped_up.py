"""The three shipped stacks, up on the engine with both packs, in the order of promotion: once a run, for every module.

Whoever brings them up has the documented roles alone. In dev AKS refuses a pool of the first `up`, and the second goes on. All stacks have one pool that is a patch behind.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pytest
from pulumi.automation import CommandError

from emulator.cloud.cloud import Cloud
from emulator.cloud.faults import Fault
from tests.documented_login import sign_in_with_the_documented_roles
from tests.engine.left_behind import left_behind
from tests.lab_stack import LabStack
from tests.once import once
from tests.project_copy import PACKS, ROOT, copy_of, edit

if TYPE_CHECKING:
    from pathlib import Path

UP_DAYS = {"dev": "2026-11-01", "staging": "2026-11-08", "prod": "2026-11-16"}
"""When each stack was first up: one soak time after the other."""
TODAY = "2026-11-23"
BEHIND = {
    "dev": ("spot", "1.35.5", "1.35.6"),
    "staging": ("general", "1.34.9", "1.34.10"),
    "prod": ("general", "1.34.9", "1.34.10"),
}
"""The pool that is a patch behind its control plane, and the one line that takes it there."""
KEPT = "seen.json"


@dataclass
class FirstUps:
    """What was seen of the first `up`s."""

    refused: str
    """What dev's first `up` printed."""
    made: list[str]
    """The URNs in dev's state after it."""
    told: str
    """What a preview after it printed, with one of the teams taken out of the stack file, as one line."""
    left: list[str]
    """What it left behind."""
    changes: dict[str, dict[str, int]]
    """By stack: how many resources were changed, by kind; for dev by its second `up`."""


@dataclass(frozen=True)
class ShippedUp:
    """A project folder whose stacks are up, for copying, and how they came up."""

    folder: Path
    seen: FirstUps


def changes(result: Any) -> dict[str, int]:
    """How many resources an operation changes, by kind."""
    found = getattr(result, "change_summary", None) or result.summary.resource_changes
    counts = {str(getattr(kind, "value", kind)): count for kind, count in found.items()}
    return {kind: count for kind, count in counts.items() if kind not in {"same", "read"}}


def failed(stack: LabStack, operation: str) -> str:
    """Run an operation that has to fail; return what was printed."""
    with pytest.raises(CommandError) as error:
        getattr(stack, operation)()
    return str(error.value)


def let_off_promotion(file: Path, name: str, reason: str) -> None:
    """Write the exemption that lets a cluster or a pool of a shipped stack go ahead of the stack before."""
    one = f"{{rule: promotion, resource: {{name: {name}}}, reason: {reason}, until: 2026-12-01}}"
    edit(file, "secure-aks:exemptions: []", f"secure-aks:exemptions: [{one}]")


def told_without_payments(stack: LabStack) -> str:
    """Preview a stack without one of its teams; leave the stack file as it was."""
    file = stack.folder / f"Pulumi.{stack.name}.yaml"
    text = file.read_text("utf-8")
    without = re.sub(r"(?m)^    - name: payments\n(?:      .*\n)*", "", text)
    assert without != text
    file.write_text(without, "utf-8")
    said = stack.preview().stdout
    file.write_text(text, "utf-8")
    return " ".join(said.split())


def bring_up(folder: Path) -> None:
    copy_of(ROOT, folder)
    for name in ("staging", "prod"):
        path = folder / f"Pulumi.{name}.yaml"
        path.write_text(path.read_text().replace("1.34.9", "1.34.10"))
        edit(path, f"name: {BEHIND[name][0]} > version: 1.34.10", "version: 1.34.9")
    for name in UP_DAYS:
        sign_in_with_the_documented_roles(LabStack(name, folder))
    let_off_promotion(folder / "Pulumi.staging.yaml", "general", "dev is a minor ahead")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECURE_AKS_CLOCK", UP_DAYS["dev"])
        dev = LabStack("dev", folder, PACKS)
        dev.checkpoints = True  # what is kept when it ends half-way is its subject
        with Cloud(dev.lab_folder / "cloud.json").change() as state:
            state.add_fault(Fault("fails", "*/agentPools/win", "put"))
        refused, made = failed(dev, "up"), [one["urn"] for one in dev.resources()]
        seen = FirstUps(refused, made, told_without_payments(dev), left_behind(folder), {})
        for name, day in UP_DAYS.items():
            patch.setenv("SECURE_AKS_CLOCK", day)
            seen.changes[name] = changes(LabStack(name, folder, PACKS).up())
    (folder / KEPT).write_text(json.dumps(asdict(seen)))


@pytest.fixture(scope="session")
def shipped_up(tmp_path_factory: pytest.TempPathFactory) -> ShippedUp:
    folder = once(tmp_path_factory, "shipped-up", bring_up)
    return ShippedUp(folder, FirstUps(**json.loads((folder / KEPT).read_text())))
