"""The lab, the small stack in it that rollouts are tried on, and a server for answers that the lab's Azure never gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.lab_stack import enter
from tests.upgrades.check.arm import Arm
from tests.upgrades.small_stack import CLOCK, Kept, SmallStack

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.fixture
def arm() -> Generator[Arm]:
    server = Arm()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A lab in which no stack is up: its environment."""
    from emulator.lab import Lab  # noqa: PLC0415 - builds the engine where there is none

    with Lab(tmp_path_factory.mktemp("lab")) as entered:
        yield dict(entered.environment)


@pytest.fixture(scope="session")
def small_lab(tmp_path_factory):
    """A lab with a small stack that is up: the lab, the project, and both as they were."""
    from emulator.lab import Lab  # noqa: PLC0415 - builds the engine where there is none

    folder = tmp_path_factory.mktemp("small")
    with pytest.MonkeyPatch.context() as patch, Lab(folder / "lab") as lab:
        patch.setenv("SECURE_AKS_CLOCK", CLOCK)
        enter(patch, lab)
        SmallStack.up(folder / "stack", folder / "lab")
        patch.undo()
        yield lab, folder / "stack", Kept(folder / "lab", folder / "stack", folder / "aside")


@pytest.fixture
def small(small_lab, monkeypatch):
    """The small stack as it was when it had come up, in its lab."""
    lab, folder, kept = small_lab
    monkeypatch.setenv("SECURE_AKS_CLOCK", CLOCK)
    enter(monkeypatch, lab)
    kept.put_back()
    return SmallStack(folder, kept.pairs[0][0])
