"""`python -m emulator.control_plane`: see `emulator.control_plane.cli`."""

from collections.abc import Callable

from emulator.ending import run


def _load() -> Callable[[], int]:
    from emulator.control_plane.cli import main  # noqa: PLC0415 - what goes wrong while it loads is told too

    return main


if __name__ == "__main__":
    run(_load)
