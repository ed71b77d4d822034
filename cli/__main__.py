"""`python -m cli`: see `cli.cli`."""

import sys
from collections.abc import Callable

try:
    from secure_aks_lifecycle.ending import run
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is not installed here: run `make setup` once, then use .venv/bin/python")


def _load() -> Callable[[], None]:
    from cli.cli import main  # noqa: PLC0415 - what goes wrong while it loads is told too

    return main


run(_load)
