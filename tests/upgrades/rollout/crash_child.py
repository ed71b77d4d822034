"""One run of a rollout in a process of its own, which may be killed at a boundary of the journal. Loaded by the fork server."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from threading import Timer

import grpc  # noqa: F401  # loaded once, before the fork server forks

from tests.upgrades.small_stack import SmallStack
from upgrades.engine.interrupts import Interrupts
from upgrades.journal.file import Journal, read


def go(
    folder: str, lab: str, environment: dict[str, str], event: str = "", signals: tuple[int, ...] = ()
) -> None:
    """Begin a rollout of one step or go on with it.

    At `event` the process kills itself, or gets `signals`, one after another; it ends as the command line does.
    """
    os.environ.update(environment)
    if event:
        _at(event, signals)
    small = SmallStack(Path(folder), Path(lab))
    with Interrupts() as interrupts:
        try:
            small.run(start=not read(small.journal), steps=1, interrupts=interrupts)
        except KeyboardInterrupt:
            os._exit(interrupts.exit_code)


def _at(event: str, signals: tuple[int, ...]) -> None:
    write = Journal.write

    def written(self, name, **data):
        entry = write(self, name, **data)
        if name == event and not signals:
            os.kill(os.getpid(), signal.SIGKILL)
        if name == event:
            for number, one in enumerate(signals):
                Timer(3 + number, os.kill, (os.getpid(), one)).start()
        return entry

    Journal.write = written  # pyright: ignore[reportAttributeAccessIssue]  # this process dies with it
