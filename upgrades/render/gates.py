"""The table of gates, for the docs and for a terminal."""

from __future__ import annotations

from upgrades.gates import GATES


def as_markdown() -> str:
    """Return a Markdown table of every gate, made from the gates themselves."""
    rows = [f"| {' | '.join(gate.values())} |" for gate in as_data()]
    return "\n".join(["| code | gate | level | when | why |", "|---|---|---|---|---|", *rows]) + "\n"


def as_text() -> str:
    """Return every gate in a line: its code, level and side, what it wants and why."""
    return "".join(
        f"{gate['code']:9}  {gate['level']:11}  {gate['when']:6}  {gate['gate']}. {gate['why']}\n"
        for gate in as_data()
    )


def as_data() -> list[dict[str, str]]:
    """Return every gate as plain data, in the table's order of columns."""
    return [
        {
            "code": gate.code,
            "gate": gate.title,
            "level": str(gate.level),
            "when": str(gate.when),
            "why": (gate.__doc__ or "").strip().splitlines()[0],
        }
        for gate in GATES
    ]
