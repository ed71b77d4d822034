"""`python -m emulator`: see `emulator.cli`."""

import gc
import signal
from collections.abc import Callable

from emulator.ending import run

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts background jobs with it ignored
gc.disable()  # one command makes little garbage; looking for it takes a third of the imports


def _load() -> Callable[[], int]:
    from emulator.cli import main  # noqa: PLC0415 - what goes wrong while it loads is told too

    return main


run(_load)
