"""The table of gates, for the docs."""

from __future__ import annotations

from upgrades.gates import GATES


def as_markdown() -> str:
    """Return a Markdown table of every gate, made from the gates themselves."""
    rows = [
        f"| {gate.code} | {gate.title} | {gate.level} | {gate.when} | {(gate.__doc__ or '').strip().splitlines()[0]} |"
        for gate in GATES
    ]
    return "\n".join(["| code | gate | level | when | why |", "|---|---|---|---|---|", *rows]) + "\n"
