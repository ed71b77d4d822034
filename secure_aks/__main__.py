"""`python -m secure_aks`: see `secure_aks.cli`."""

from collections.abc import Callable

from secure_aks_lifecycle.ending import run


def _load() -> Callable[[], None]:
    from secure_aks.cli import main  # noqa: PLC0415 - what goes wrong while it loads is told too

    return main


run(_load)
