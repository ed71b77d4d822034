"""The real control plane for tests: started at first use, one for each test process.

A test that asks for `control_plane` (or `namespace`, which asks for it) gets the marker of that name. pytest-xdist
gives a whole module to one worker (`--dist loadscope`), so what a module sets up for itself is set up once.
"""

from __future__ import annotations

import os
import sys
import uuid
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from emulator.control_plane.builder import build
from emulator.control_plane.server import ControlPlane

if TYPE_CHECKING:
    from collections.abc import Generator


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if {"control_plane", "control_plane_built"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.control_plane)


@pytest.fixture(scope="session")
def control_plane_built() -> None:
    """See to it that a control plane can be started, for tests whose lab starts one."""
    build(sys.__stderr__ or sys.stderr)


def started() -> Generator[ControlPlane]:
    """Yield a control plane for as long as a fixture needs it."""
    build(sys.__stderr__ or sys.stderr)
    # Its parts look less often for what they need not keep, which is a tenth of what they do in a test.
    with mock.patch.dict(os.environ, {"GOGC": "200"}):
        running = ControlPlane().start()
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def control_plane() -> Generator[ControlPlane]:
    """Give the control plane of this test process; tests keep apart by namespaces of their own.

    A module that installs admission policies, which hold for everybody, has a fixture of this name of its own.
    """
    yield from started()


@pytest.fixture
def namespace(control_plane: ControlPlane) -> Generator[str]:
    """Give a fresh namespace, whose deletion begins when the test ends."""
    admin = control_plane.client()
    name = f"test-{uuid.uuid4().hex[:8]}"
    admin.create("/api/v1/namespaces", {"metadata": {"name": name}})
    yield name
    admin.delete(f"/api/v1/namespaces/{name}")
