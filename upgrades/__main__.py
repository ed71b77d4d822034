"""Starts the command line: in the project's environment, whether that is activated or not, so that a printed command works as pasted."""

import os
import sys
from collections.abc import Callable

try:
    from secure_aks_lifecycle.ending import run
except ModuleNotFoundError as error:
    own = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), ".venv", "bin", "python")  # noqa: PTH100, PTH118, PTH120
    if os.access(own, os.X_OK) and os.environ.get("SECURE_AKS_STARTED") != own:
        os.environ["SECURE_AKS_STARTED"] = own  # once: an environment that lacks it too says so below
        os.execv(own, [own, "-m", "upgrades", *sys.argv[1:]])  # noqa: S606 - the same words, in the environment that has what they need
    sys.exit(f"{error.name} is not installed here: run `make setup` once, then use .venv/bin/python")


def _load() -> Callable[[], int]:
    from .quiet import before_anything_loads  # noqa: PLC0415

    before_anything_loads()
    from .cli import main  # noqa: PLC0415 - the line above is for what this imports

    return main


run(_load)
