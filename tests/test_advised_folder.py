"""What a message advises works where it is read, also after `-C`: its command is made by `ending.there` or `ending.typed`, which name the folder."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from tests.project_copy import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TARGETS = "|".join(re.findall(r"(?m)^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8")))
COMMAND = re.compile(
    rf"\bmake ({TARGETS})\b|\./secure-aks \w|\bpulumi (stack|up|preview|refresh|destroy|import|cancel|config)\b"
)
ELSEWHERE = {
    "cli/__main__.py": "before any option is read",
    "upgrades/__main__.py": "before any option is read",
    "emulator/__main__.py": "before any option is read",
    "emulator/control_plane/__main__.py": "before any option is read",
    "cli/adopt/page.py": "a page, which lies in the folder itself",
    "cli/cli.py": "what `--help` says",
    "emulator/engine/passed_on.py": "run by the Makefile alone",
}
"""Where a command stands as it is, and why that holds."""


def spelt(path: Path) -> Iterator[str]:
    """Yield the commands that a module's texts spell; its docstrings are for its readers."""
    tree = ast.parse(path.read_text("utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield from (found[0] for found in COMMAND.finditer(node.value))


def test_no_message_spells_a_command_that_leaves_the_folder_out() -> None:
    files = [path for room in ("cli", "emulator", "upgrades") for path in (ROOT / room).rglob("*.py")]
    found = {str(path.relative_to(ROOT)): [*spelt(path)] for path in files}
    assert {name: commands for name, commands in found.items() if commands and name not in ELSEWHERE} == {}
    assert [name for name in ELSEWHERE if not found[name]] == []
