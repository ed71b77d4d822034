"""`windows`: when the stacks are worked on in the next weeks, and whether a pass over their nodes fits in."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from secure_aks_lifecycle.clock import now

from upgrades.commands.common import StackNames, out
from upgrades.observe.stacks import clusters_of_ours, settings_of
from upgrades.session.folder import project_folder
from upgrades.windows.view import view


def windows(
    stack: StackNames = None,
    *,
    weeks: Annotated[int, typer.Option(min=1, max=52, help="Weeks to look ahead.")] = 8,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """Print the next weeks of maintenance windows and reboots, and how long a pass over the nodes takes."""
    folder, begin = project_folder(), now().replace(microsecond=0)
    names = stack or clusters_of_ours(folder)
    views = [view(name, settings_of(folder, name), begin, weeks) for name in names]
    if as_json:
        from upgrades.windows.data import as_data  # noqa: PLC0415

        print(json.dumps(as_data(views, begin, weeks), indent=2))  # noqa: T201
        return
    from upgrades.windows.text import as_text  # noqa: PLC0415

    out.print(as_text(views, begin, out.width))
