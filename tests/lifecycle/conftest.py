"""Fixtures of the lifecycle pack's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.lifecycle.pack_server import PackServer

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


@pytest.fixture
def start_pack() -> Generator[Callable[..., PackServer]]:
    """Start the pack as the engine does; every pack that was started ends with the test."""
    started: list[PackServer] = []

    def start(config: dict[str, object], clock: str | None = "2026-11-23") -> PackServer:
        started.append(PackServer(config, clock))
        return started[-1]

    yield start
    for server in started:
        server.stop()
