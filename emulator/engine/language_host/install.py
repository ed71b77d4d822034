"""Put the language host where the engine looks for it: an executable `pulumi-language-python` on PATH."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from emulator.cloud.file import replace

_PROJECT = Path(__file__).parents[3]
_START = "import sys; sys.path.insert(0, {!r}); from emulator.engine.language_host.__main__ import main; sys.exit(main())"


def install_language_host(folder: Path) -> Path:
    """Write the executable into `folder` and return its path; it runs with this interpreter and this project."""
    path = folder / "pulumi-language-python"
    code = shlex.quote(_START.format(str(_PROJECT)))
    text = f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c {code} "$@"\n'
    if not path.is_file() or path.read_bytes() != text.encode():
        replace(path, text, 0o755)
    return path
