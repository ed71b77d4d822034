"""An Azure to talk to, on the day that the tests are written for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emulator.cloud.cloud import Cloud
from tests.emulator.azure_provider import TODAY, Azure

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECURE_AKS_CLOCK", TODAY)


@pytest.fixture
def azure() -> Azure:
    """An empty Azure in memory."""
    return Azure(Cloud())


@pytest.fixture
def stored(tmp_path: Path) -> Azure:
    """An empty Azure in a file."""
    return Azure(Cloud(tmp_path / "cloud.json"))
