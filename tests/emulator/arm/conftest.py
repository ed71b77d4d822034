from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emulator.arm.server import ArmServer
from tests.emulator.arm.wire import TODAY, Wire

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECURE_AKS_CLOCK", TODAY)


@pytest.fixture
def azure(tmp_path: Path) -> Generator[Wire]:
    """An empty Azure on the wire; no request may end in a defect of the lab."""
    with ArmServer(tmp_path / "lab") as server:
        wire = Wire(server)
        yield wire
        wire.close()
        assert server.faults == []
