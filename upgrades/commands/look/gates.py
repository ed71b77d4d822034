"""`gates`: the table of gates that docs/upgrades.md has."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from upgrades.render.gates import as_data, as_markdown


def gates(*, as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False) -> None:
    """Print the table of gates."""
    print(json.dumps(as_data(), indent=2) + "\n" if as_json else as_markdown(), end="")  # noqa: T201
