from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emulator.arm.server import ArmServer
from emulator.cloud.cloud import Cloud
from tests.emulator.arm.helpers import Lab
from tests.emulator.azure_provider import TODAY, Azure

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECURE_AKS_CLOCK", TODAY)


@pytest.fixture
def lab(tmp_path: Path) -> Generator[Lab]:
    """An empty Azure in a file, and its ARM."""
    with ArmServer(tmp_path) as server:
        yield Lab(Azure(Cloud(tmp_path / "cloud.json")), server)
