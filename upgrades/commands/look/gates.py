"""`gates`: the table of gates that docs/upgrades.md has."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from settings.folded import folded
from upgrades.render.gates import as_data, as_markdown, as_text


def gates(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Write the table of docs/upgrades.md.")
    ] = False,
) -> None:
    """Print the table of gates."""
    text = (
        json.dumps(as_data(), indent=2) + "\n"
        if as_json
        else as_markdown()
        if markdown
        else folded(as_text())
    )
    print(text, end="")  # noqa: T201
