"""Files that are read whole: never a pipe that nobody writes to, nor a device that has no end."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def data(path: Path, most: int = -1) -> bytes:
    """Return what a file holds, its first `most` bytes where that is said. Raises OSError, also for what is no file.

    Raises ValueError for a path that can be none (a NUL in it).
    """
    file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # a pipe opens at once, and is told
    try:
        mode = os.fstat(file).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "it is no regular file", str(path))
        with os.fdopen(file, "rb", closefd=False) as stream:
            return stream.read(most)
    finally:
        os.close(file)


def text(path: Path) -> str:
    """Return the text of a file in UTF-8. Raises OSError and ValueError as `data` does, and UnicodeDecodeError."""
    return data(path).decode("utf-8")
