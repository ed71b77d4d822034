"""`windows`: when the stacks are worked on in the next weeks, and whether a pass over their nodes fits in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer
from secure_aks_lifecycle.clock import now

from settings.reading.load import load_file
from upgrades.commands.common import StackNames, out
from upgrades.observe.stacks import own_versions, stack_file, stacks_of_ours
from upgrades.session.session import project_folder
from upgrades.windows.view import view

if TYPE_CHECKING:
    from pathlib import Path

    from settings import StackSettings


def _settings(path: Path) -> StackSettings:
    return own_versions(load_file(path), path)


def windows(
    stack: StackNames = None,
    *,
    weeks: Annotated[int, typer.Option(min=1, max=52, help="Weeks to look ahead.")] = 8,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """Print the next weeks of maintenance windows and reboots, and how long a pass over the nodes takes."""
    folder, begin = project_folder(), now().replace(microsecond=0)
    names = stack or stacks_of_ours(folder)
    views = [view(name, _settings(stack_file(folder, name)), begin, weeks) for name in names]
    if as_json:
        from upgrades.windows.data import as_data  # noqa: PLC0415

        print(json.dumps(as_data(views, begin, weeks), indent=2))  # noqa: T201
        return
    from upgrades.windows.text import as_text  # noqa: PLC0415

    out.print(as_text(views, begin))
