"""`python -m secure_aks_lifecycle`."""

from collections.abc import Callable

from .ending import run


def _load() -> Callable[[], int]:
    from .cli import main  # noqa: PLC0415  # what goes wrong while it loads is told too

    return main


run(_load)
