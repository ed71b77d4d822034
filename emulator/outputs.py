"""A stack's outputs on a screen: a few lines of each, where `pulumi stack output` folds each over as many as it needs."""

from __future__ import annotations

import json
import shutil
import subprocess
import textwrap
from typing import TYPE_CHECKING, Any

from emulator.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.session import Session

LINES = 3
"""Lines of an output, at most: six outputs and the last line fit on a screen of 24."""


def fitted(outputs: Mapping[str, Any], columns: int, whole: str) -> list[str]:
    """Return outputs as lines that a terminal does not fold; `whole` is the command that prints one of them, named behind it."""
    lines: list[str] = []
    cut = ""
    for name, value in outputs.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        words = " ".join(f"{name}: {text}".split())
        folded = textwrap.wrap(words, columns - 1, subsequent_indent="  ", break_on_hyphens=False)
        if len(folded) > LINES:
            cut = cut or name
            folded = [*folded[: LINES - 1], f"{folded[LINES - 1][: columns - 5]} ..."]
        lines += folded
    if cut:
        lines += textwrap.wrap(f"whole: {whole}{cut}", columns - 1)
    return lines or ["no outputs"]


def show(session: Session, stack: str) -> list[str]:
    """Return what the last `up` of a stack gave out, for the terminal's width. Raises OperationError where the engine cannot say."""
    command = ["pulumi", "stack", "output", "--stack", stack, "--json"]
    done = subprocess.run(
        command,
        cwd=session.project,
        env=session.whole_environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise OperationError(done.stderr.strip().removeprefix("error: "))
    columns = shutil.get_terminal_size().columns
    return fitted(json.loads(done.stdout), columns, f"make outputs STACK={stack} ARGS=")
