"""What surrounds a stack file: the day, the stacks beside it, and which of them follows which."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from secure_aks_lifecycle import clock

from settings.checks.draft import Context
from settings.reading.problem import Problem, SettingsError
from settings.reading.source import PROJECT, read

_STACK_FILE = re.compile(r"Pulumi\.(.+)\.ya?ml")
_LONGEST_CHAIN = 50


def surroundings(path: Path, config: Mapping[str, Any]) -> Context:
    """Return what surrounds the stack file at a path. Raises SettingsError when the clock says no day to plan from."""
    files, stack = stack_names(path.parent), stack_name(path)
    try:
        today = clock.today()
    except ValueError as error:
        why, _, remedy = str(error).partition(": ")[2].partition("; ")
        raise _no_day(path, why, remedy) from None
    if today.year not in clock.YEARS:  # the machine's own
        raise _no_day(path, f"the clock says {today}", "set the clock of this machine right")
    return Context(stack, today, frozenset(files) or None, _chain(stack, config, files))


def stack_names(folder: Path) -> dict[str, Path]:
    """Return the stack files of a folder by the names of their stacks."""
    files = sorted(folder.glob("Pulumi.*.y*ml"))
    return {found[1]: file for file in files if (found := _STACK_FILE.fullmatch(file.name))}


def stack_name(path: Path) -> str:
    """Return the name of the stack that a file is of."""
    found = _STACK_FILE.fullmatch(path.name)
    return found[1] if found else path.stem


def _no_day(path: Path, why: str, remedy: str) -> SettingsError:
    return SettingsError(path.name, [Problem(clock.VARIABLE, why, remedy)])


def _chain(stack: str, config: Mapping[str, Any], files: Mapping[str, Path]) -> tuple[str, ...]:
    """Return the stacks that this one follows, nearest first, until one follows none or one that is there already."""
    chain: list[str] = []
    follows = _follows(config)
    while follows and len(chain) < _LONGEST_CHAIN:
        chain.append(follows)
        if follows == stack or follows in chain[:-1] or follows not in files:
            break
        try:
            follows = _follows(read(files[follows]).config)
        except SettingsError:
            break  # its own preview says so
    return tuple(chain)


def _follows(config: Mapping[str, Any]) -> str | None:
    section: Any = config.get(f"{PROJECT}:promotion")
    name = cast("dict[str, Any]", section).get("follows") if isinstance(section, dict) else None
    return name if isinstance(name, str) else None
