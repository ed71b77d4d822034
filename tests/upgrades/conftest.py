"""The server that stands for Azure where the lab's cannot be told what to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.upgrades.check.arm import Arm

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.fixture
def arm() -> Generator[Arm]:
    server = Arm()
    yield server
    server.stop()
