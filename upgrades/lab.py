"""The one place where the lab is entered: its environment is this process's for as long as a command runs.

Nothing else of `upgrades` knows whether it talks to Azure or to the lab.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle import ending

from settings.cluster_names import stack_of

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

JOURNALS = "SECURE_AKS_JOURNALS"
"""Variable with the folder of the journals; else it is `.upgrades` in the project."""

INSIDE = "SECURE_AKS_LAB"
"""Variable that is set in the lab, for this process and those that it starts: `cluster` with an API server, `bare` without."""

STATE, ELSEWHERE = ".emulator", "SECURE_AKS_EMULATOR_DIR"
"""The lab's folder in a project, and the variable that names another."""


class LabError(ValueError):
    """The lab cannot be entered; the message says which file of it, why, and what to do."""


@contextmanager
def entered(project: Path, *, servers: bool = True) -> Generator[None]:
    """Enter the lab of a project. Without `servers` only its journals are looked at: nothing is asked of Azure or an engine.

    Raises LabError.
    """
    journals = {JOURNALS: str(project / ".upgrades" / "lab")}
    if not servers:
        with _environment({**os.environ, **journals}):
            yield
        return
    from emulator.engine.stacks import salted  # noqa: PLC0415  # only where it is asked for
    from emulator.errors import OperationError, UsageError  # noqa: PLC0415
    from emulator.go_modules import BuildError  # noqa: PLC0415
    from emulator.lab import Lab  # noqa: PLC0415

    try:
        with (
            Lab(Path(os.environ.get(ELSEWHERE) or project / STATE)) as lab,
            _environment({**lab.around(os.environ), **journals}, has_cluster=lab.cluster.is_kept),
            salted(project, lab.folder),
        ):
            yield
    except (OperationError, UsageError, BuildError) as error:
        raise LabError(str(error)) from None


@contextmanager
def api_server() -> Generator[Any]:
    """Put up an API server of its own on this machine, in a folder that goes when it ends; yield a client of its administrator.

    Raises ValueError when it is not built, or does not start.
    """
    from emulator.control_plane.processes import ProcessError  # noqa: PLC0415  # only where it is asked for
    from emulator.control_plane.server import ControlPlane  # noqa: PLC0415  # only where it is asked for
    from emulator.go_modules import BuildError  # noqa: PLC0415  # only where it is asked for

    running = ControlPlane()
    try:
        running.start()
    except (BuildError, ProcessError) as error:
        raise ValueError(str(error)) from None
    try:
        yield running.client()
    finally:
        running.stop()


def is_entered() -> bool:
    """Tell whether this process is in the lab: what is printed to be typed next says so."""
    return INSIDE in os.environ


def closed(stack: str) -> str:
    """Say why no API server can be asked, and how to get one; empty where there may be one."""
    if os.environ.get(INSIDE, "cluster") == "cluster":
        return ""
    stack = stack_of(stack)
    make = ending.there("make")
    anew = f"{make} destroy STACK={stack} && {make} up STACK={stack} ARGS=--control-plane"
    return f"this lab has no API server, so nothing in the cluster can be looked at; bring the stack up on one: {anew}"


@contextmanager
def _environment(values: Mapping[str, str], *, has_cluster: bool = False) -> Generator[None]:
    before = dict(os.environ)
    _replace_environment({**values, INSIDE: "cluster" if has_cluster else "bare"})
    try:
        yield
    finally:
        _replace_environment(before)


def _replace_environment(values: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(values)
