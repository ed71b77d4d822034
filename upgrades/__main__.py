"""Starts the command line."""

import sys
from collections.abc import Callable

from .quiet import before_anything_loads

try:
    from secure_aks_lifecycle.ending import run
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is not installed here: run `make setup` once, then use .venv/bin/python")


def _load() -> Callable[[], int]:
    before_anything_loads()
    from .cli import main  # noqa: PLC0415 - the line above is for what this imports

    return main


run(_load)
