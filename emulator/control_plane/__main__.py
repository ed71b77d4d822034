"""`python -m emulator.control_plane`: see `emulator.control_plane.cli`."""

import sys
from collections.abc import Callable

try:
    from secure_aks_lifecycle.ending import run
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is not installed here: run `make setup` once, then use .venv/bin/python")


def _load() -> Callable[[], int]:
    from emulator.control_plane.cli import main  # noqa: PLC0415 - what goes wrong while it loads is told too

    return main


if __name__ == "__main__":
    run(_load)
