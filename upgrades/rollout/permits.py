"""A permit in the environment of the engines that start while it holds: the lifecycle pack reads it there."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from secure_aks_lifecycle.versions.permit import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Generator

    from secure_aks_lifecycle.versions.permit import Permit


@contextmanager
def handed_over(permit: Permit) -> Generator[None]:
    """Hand a permit over for as long as the `with` block runs, and put back what was there."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = permit.text()
    try:
        yield
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before
