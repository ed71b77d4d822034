"""`python -m emulator`: see `emulator.cli`."""

import gc
import signal
import sys
from collections.abc import Callable

try:
    from secure_aks_lifecycle.ending import run
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is not installed here: run `make setup` once, then use .venv/bin/python")

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts background jobs with it ignored
gc.disable()  # one command makes little garbage; looking for it takes a third of the imports


def _load() -> Callable[[], int]:
    from emulator.cli import main  # noqa: PLC0415 - what goes wrong while it loads is told too

    return main


run(_load)
