"""`python -m secure_aks_lifecycle`."""

from collections.abc import Callable

from secure_aks_lifecycle.ending import run


def _load() -> Callable[[], int]:
    from secure_aks_lifecycle.cli import main  # noqa: PLC0415  # what goes wrong while it loads is told too

    return main


run(_load)
