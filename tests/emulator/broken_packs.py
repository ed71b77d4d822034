"""Policy packs that are broken as processes: each kind, and the words that tell of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PACKS = {
    "raises": ("raise RuntimeError('broken \\x1b[31m pack')", "did not start"),
    "no port": ("import time; time.sleep(1000)", "did not start: it named no port within 3 s; it wrote nothing"),
    "no number": ("print('hello'); import time; time.sleep(1000)", "did not start: it named no port"),
    "past every port": ("print(999999); import time; time.sleep(1000)", "named port 999999, which is none"),
    "nobody's port": ("print(1); import time; time.sleep(1000)", "named port 1, and does not answer there; it wrote nothing"),
    "a silent port": (
        "import socket, time; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); print(s.getsockname()[1]); time.sleep(1000)",
        "and does not answer there; it wrote nothing",
    ),
    "dies": ("print(1234); import os; os._exit(3)", "has ended, with exit code 3; it wrote nothing"),
}  # fmt: skip
"""Its program, and what the last line about it ends with."""
IN_TIME = {"SECURE_AKS_PACK_SECONDS": "3"}
"""For those that would be waited for."""


def write(folder: Path, kind: str) -> Path:
    """Write a pack of a kind and return its folder."""
    folder.mkdir(parents=True)
    (folder / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 1.2.3\n")
    (folder / "__main__.py").write_text(PACKS[kind][0] + "\n")
    return folder


def set_patience(kind: str, setenv: object) -> None:
    """Wait for a shorter time where the pack has nothing to start: a machine may be slow."""
    if kind in {"no port", "a silent port"} and callable(setenv):
        for name, value in IN_TIME.items():
            setenv(name, value)
