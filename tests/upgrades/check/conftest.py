"""The server that stands for Azure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .arm import Arm

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.fixture
def arm() -> Generator[Arm]:
    server = Arm()
    yield server
    server.stop()
