"""`python -m settings`: see `settings.cli`."""

from collections.abc import Callable

from secure_aks_lifecycle.ending import run


def _load() -> Callable[[], int]:
    from settings.cli import main  # noqa: PLC0415 - what goes wrong while it loads is told too

    return main


if __name__ == "__main__":
    run(_load)
