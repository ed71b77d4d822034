"""`explain`: what a code means that a check, a rollout or a report prints."""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Annotated

import typer

from settings.folded import folded
from upgrades.check.values import RULES
from upgrades.commands.common import err
from upgrades.gates import GATES

if TYPE_CHECKING:
    from upgrades.check.values import Rule
    from upgrades.gates.base import Gate


def explain(
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="The code; without it, every code is listed.")
    ] = None,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write JSON: each code with what is said of it.")
    ] = False,
) -> None:
    """Say what a gate or a finding of `check` looks at, and what it stops."""
    known = {**{gate.code: _gate(gate) for gate in GATES}, **{rule.id: _rule(rule) for rule in RULES}}
    if as_json and (code is None or code.upper() in known):
        print(json.dumps(known if code is None else {code.upper(): known[code.upper()]}, indent=2))  # noqa: T201
        return
    if code is None:
        print("\n".join(f"{name}  {text.partition(chr(10))[0]}" for name, text in known.items()))  # noqa: T201
        return
    if code.upper() not in known:
        err.print(f"there is no code {code}; there are {', '.join(known)}", markup=False)
        raise typer.Exit(2)
    print(folded(f"{code.upper()}: {known[code.upper()]}"))  # noqa: T201


def _gate(gate: Gate) -> str:
    why = inspect.getdoc(type(gate)) or ""
    reads = ", ".join(part.replace("_", " ") for part in gate.reads)
    stops = (
        "a rollout stops where it fails or is unknown" if gate.level == "Required" else "a rollout goes on"
    )
    lines = [gate.title, f"{gate.level} gate {gate.when} a step: {stops}", "", why]
    lines += ["", f"It reads: {reads}"] if reads else []
    return "\n".join([*lines, "", "To let a finding pass, name it in the ignore file: docs/upgrades.md"])


def _rule(rule: Rule) -> str:
    return f"{rule.title}\n{rule.severity}, of `python -m upgrades check`"
