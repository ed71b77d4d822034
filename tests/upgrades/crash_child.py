"""One run of a rollout in a process of its own, which may kill itself at a boundary of the journal. Loaded by the fork server."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import grpc  # noqa: F401  # loaded once, before the fork server forks

from tests.upgrades.small_stack import CLOCK, SmallStack
from upgrades.journal import Journal, read


def go(folder: str, event: str = "", index: int | None = None, side: str = "") -> None:
    """Begin the rollout or go on with it; die before or after an event of the step `index` is written."""
    os.environ["SECURE_AKS_CLOCK"] = CLOCK
    if event:
        _die_at(event, index, side)
    small = SmallStack(Path(folder))
    small.run(start=not read(small.journal))


def _die_at(event: str, index: int | None, side: str) -> None:
    write = Journal.write

    def cut(self, written, **data):
        is_it = written == event and data.get("index") == index
        if is_it and side == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        entry = write(self, written, **data)
        if is_it:
            os.kill(os.getpid(), signal.SIGKILL)
        return entry

    Journal.write = cut  # pyright: ignore[reportAttributeAccessIssue]  # this process dies with it
