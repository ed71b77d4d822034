"""`python -m emulator preview` with a terminal of so many columns in front of it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import sys
import termios
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[1]
MOST = 60_000
"""Bytes that a terminal gets of the largest shipped stack, at most."""


def in_a_terminal(
    folder: Path,
    columns: int = 120,
    stack: str = "dev",
    *,
    command: str = "preview",
    options: Sequence[str] = (),
    **environment: str,
) -> tuple[int, str]:
    """Preview a stack, or run another command on it, with a terminal for stdin and stdout; return (exit code, what it showed)."""
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        os.chdir(ROOT)
        kept = {k: v for k, v in os.environ.items() if k not in {"COLUMNS", "NO_COLOR"}}
        kept |= {"TERM": "xterm-256color", "PYTHONPATH": str(ROOT), **environment}
        words = [sys.executable, "-m", "emulator", command, "-s", stack, "-C", str(folder), *options]
        os.execve(sys.executable, words, kept)  # noqa: S606 - the child of a fork has to become the command
    shown = b""
    while True:
        try:
            part = os.read(fd, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(fd)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()


def lines_of(shown: str) -> list[str]:
    """Return what was shown as lines without colours and other commands to the terminal."""
    return re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", shown).splitlines()
