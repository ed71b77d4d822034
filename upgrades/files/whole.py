"""A file takes another's place at once, or not at all."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from .yaml_nodes import EditError

if TYPE_CHECKING:
    from pathlib import Path


def replace_file(path: Path, text: str) -> None:
    """Put text in the place of the file that a path leads to; a symlink stays one."""
    real = path.resolve()
    aside = (
        path.parent / ".upgrades" / f"{path.name}.new"
    )  # a folder that git ignores: a kill may leave it there
    try:
        aside.parent.mkdir(mode=0o700, exist_ok=True)
        if (
            real.parent.stat().st_dev != aside.parent.stat().st_dev
        ):  # a file moves in one piece on one disk only
            aside = real.parent / f".{real.name}.new"
        _write(aside, text.encode("utf-8"), real.stat().st_mode)
        aside.replace(real)
    except OSError as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise EditError(f"{path.name}: cannot be written: {error.strerror}; it is as it was") from None


def _write(path: Path, data: bytes, mode: int) -> None:
    """Write a file and wait until it is on disk; nobody reads it before it has its mode. Raises OSError."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        while data:
            data = data[os.write(file, data) :]
        os.fchmod(file, stat.S_IMODE(mode))
        os.fsync(file)
    finally:
        os.close(file)
