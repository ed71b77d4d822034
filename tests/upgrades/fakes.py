"""A stack in memory with the methods of pulumi.automation.Stack that a rollout uses, and an AKS that keeps its rules."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from pulumi.automation import CommandError, CommandResult, EngineEvent
from pulumi.automation.events import OpType, ResourcePreEvent, StepEventMetadata, StepEventStateMetadata
from secure_aks_lifecycle.versions.permit import VARIABLE

from upgrades.engine.previewed import CLUSTER as CLUSTER_TYPE
from upgrades.engine.previewed import POOL as POOL_TYPE
from upgrades.journal.file import Journal, read
from upgrades.journal.progress import State
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.model.view import View

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 8, 1, 12, tzinfo=UTC)


class Killed(BaseException):
    """Stands for SIGKILL: nothing catches it."""


def cut_off(patch, boundary, side):
    """Let the process die at the so manieth entry of a journal, before or after it is written, while `patch` lasts."""
    write, count = Journal.write, 0

    def cut(self, event, **data):
        nonlocal count
        count += 1
        if count == boundary and side == "before":
            raise Killed
        entry = write(self, event, **data)
        if count == boundary:
            raise Killed
        return entry

    patch.setattr(Journal, "write", cut)


def goes_on(world, monkeypatch, boundary, side):
    """Kill a rollout at an entry of its journal, and begin or resume it: it ends, Azure was asked once, and no permit is left in force."""
    with monkeypatch.context() as patch:
        cut_off(patch, boundary, side)
        with pytest.raises(Killed):
            world.go(start=True)
    assert world.go(start=not read(world.path)).state is State.DONE
    assert world.asked == 1
    assert VARIABLE not in os.environ


def until(what, seconds=60):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it does not come about"
        time.sleep(0.05)


def failure(text):
    return CommandError(CommandResult(stdout="", stderr=text, code=255))


def update(kind, name, changed, **same):
    """An event of a preview: a resource is updated in the properties `changed`."""
    urn = f"urn:pulumi:dev::secure-aks::{kind}::{name}"
    new = StepEventStateMetadata(kind, urn, "id", "", "p", inputs=changed | same)
    step = StepEventMetadata(OpType.UPDATE, urn, kind, "p", new=new, diffs=list(changed))
    return EngineEvent(1, 1, resource_pre_event=ResourcePreEvent(step))


STACK = """\
config:
  secure-aks:cluster:
    kubernetesVersion: {cp}
  secure-aks:systemPool: {{name: system, version: {cp}}}
  secure-aks:pools:
    - {{name: general, version: {cp}}}
"""


@dataclass
class FakeStack:
    """What `aks` runs lives here; the file says what it should run."""

    path: Path
    aks: dict
    failures: list = field(default_factory=list)
    extra_change: bool = False
    while_previewing: list = field(default_factory=list)
    as_up_begins: list = field(default_factory=list)
    log: list = field(default_factory=list)

    @classmethod
    def at(cls, folder: Path, version: str) -> FakeStack:
        path = folder / "Pulumi.dev.yaml"
        path.write_text(STACK.format(cp=version))
        return cls(path, {CONTROL_PLANE: version, "system": version, "general": version})

    def declared(self):
        text = self.path.read_text()
        found = re.findall(r"(?:kubernetesV|v)ersion: ([\d.]+)", text)
        return dict(zip([CONTROL_PLANE, "system", "general"], found, strict=True))

    def differences(self):
        return [(name, want) for name, want in self.declared().items() if self.aks[name] != want]

    def preview(self, *, on_event=None):
        assert on_event
        if self.while_previewing:
            self.while_previewing.pop(0)()
        self.tell(on_event)

    def tell(self, on_event):
        for name, want in self.differences():
            if name == CONTROL_PLANE:
                on_event(update(CLUSTER_TYPE, "cluster", {"kubernetesVersion": want}, resourceName="aks"))
            else:
                on_event(
                    update(
                        POOL_TYPE,
                        name,
                        {"orchestratorVersion": want},
                        agentPoolName=name,
                        resourceName="aks",
                    )
                )
        if self.extra_change:
            on_event(update(POOL_TYPE, "other", {"tags": {}}, agentPoolName="other"))

    def up(self, *, on_event=None):
        if self.failures:
            error = self.failures.pop(0)
            if isinstance(error, str):
                raise failure(error)
            error(self)
        if self.as_up_begins:
            self.as_up_begins.pop(0)()
        if on_event:
            self.tell(on_event)
        for name, want in self.differences():
            order = [int(part) for part in want.split(".")]
            assert order > [int(part) for part in self.aks[name].split(".")], "never down"
            if name != CONTROL_PLANE:
                assert order <= [int(part) for part in self.aks[CONTROL_PLANE].split(".")], "never above"
            self.log.append((name, self.aks[name], want))
            self.aks[name] = want


class Clock:
    """A clock that sleeping moves."""

    def __init__(self):
        self.time, self.slept = START, []

    def now(self):
        return self.time

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)


class Silent:
    """A reporter that only remembers."""

    def __init__(self):
        self.phases, self.notes, self.results, self.waits = [], [], [], []

    def step(self, index, steps, phase):
        self.phases.append((index, phase))

    def gates(self, results):
        self.results.extend(results)

    def event(self, event):
        pass

    def note(self, text):
        self.notes.append(text)

    def waiting(self, what, seconds):
        self.waits.append(what)


def view(clock):
    return View(at=clock.now())
