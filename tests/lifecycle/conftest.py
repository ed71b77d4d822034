"""Fixtures of the lifecycle pack's tests."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from secure_aks_lifecycle.cli import main
from secure_aks_lifecycle.facts import catalog

from tests.lifecycle.azure_versions import Azure
from tests.lifecycle.pack_server import PackServer

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path


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


@pytest.fixture
def azure() -> Generator[Azure]:
    """Azure's answers, to set."""
    server = Azure()
    yield server
    server.stop()


@pytest.fixture
def refresh(azure: Azure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Compare a copy of the shipped catalog with what Azure answers; returns the exit code."""
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    monkeypatch.delenv("AZURE_SUBSCRIPTION_ID", raising=False)
    shutil.copy(catalog.SHIPPED, tmp_path / "catalog.yaml")

    def run(*more: str, subscription: str = "sub") -> int:
        endpoint = ["--endpoint", f"http://127.0.0.1:{azure.server.server_port}"]
        named = ["--subscription", subscription] if subscription else []
        return main(
            [
                "refresh",
                "--location",
                "westeurope",
                "--catalog",
                str(tmp_path / "catalog.yaml"),
                *endpoint,
                *named,
                *more,
            ]
        )

    return run
