"""What several modules need and what takes long to make: made once a run, by the worker that needs it first."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder of this run that `make` has filled; pytest-xdist's other workers wait for the one that makes it.

    What it holds is for reading: a test that changes it takes a copy.
    """
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder.with_suffix(".made")
        if not done.exists():
            folder.mkdir()  # fails where somebody's making of it has failed
            make(folder)
            done.touch()
    return folder
