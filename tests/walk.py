"""Commands in one process, which has what they load: `python -m tests.walk` reads a list of [words, environment], and prints [code, said] for each."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from secure_aks_lifecycle.ending import run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).parents[1]
THEIRS = re.compile(
    r"Traceback|a defect of this tool|site-packages|File \"|[A-Za-z]+Error\b|Errno|<frozen|object at 0x|NoneType"
    r"|<unicode string>|codec can't|codec|sys\.set_int|ruamel|pydantic|is not iterable|update sequence"
)
"""How a library, or Python, speaks."""


def walk(
    folder: Path,
    commands: Sequence[tuple[str, Mapping[str, str]]],
    before: Callable[[], object] | None = None,
    **environment: str,
) -> list[tuple[int, str]]:
    """Run commands in a folder, each with some more variables; `before` is done in their process first. Return each one's exit code and what it wrote."""
    around = os.environ | {"PYTHONPATH": str(ROOT), "SECURE_AKS_CLOCK": "2026-11-23"} | environment
    for name in ("PULUMI_BACKEND_URL", "SECURE_AKS_JOURNALS", "SECURE_AKS_TRACEBACK"):
        around.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-m", "tests.walk"], cwd=folder, env=around, input=json.dumps(commands),
        preexec_fn=before, capture_output=True, text=True, check=False,  # no thread forks here
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


def main() -> int:
    """Walk; 0 whatever comes of it."""
    commands: list[Any] = json.load(sys.stdin)
    for words, environment in commands:
        with mock.patch.dict(os.environ, environment):
            print(json.dumps(handed(words.split())), flush=True)  # noqa: T201
    return 0


def handed(words: Sequence[str]) -> tuple[int, str]:
    """Run a module's command; return its exit code, and what it wrote to either stream."""
    from cli.cli import hand_over  # noqa: PLC0415

    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = hand_over(words[0], list(words[1:]), f"python -m {words[0]}")
    return code, said.getvalue()


if __name__ == "__main__":
    run(lambda: main)
