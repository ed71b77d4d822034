"""`gates`: the table of gates that docs/upgrades.md has."""

from __future__ import annotations

from upgrades.render.gates import as_markdown


def gates() -> None:
    """Print the table of gates."""
    print(as_markdown(), end="")  # noqa: T201
