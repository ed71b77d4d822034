"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path

READABLE, PRIVATE = 0o644, 0o600


def replace(path: Path, text: str, mode: int = READABLE) -> None:
    """Write a file: whoever reads it, or comes after a kill, sees what was there or all of the text. Raises OSError.

    After an error what was there is there, and nothing beside it. A symlink stays one; what is no file, such as a pipe or
    /dev/stdout, is written to. A pipe that nobody reads is an error, and not waited for.
    """
    if path.exists() and not path.is_file():
        other = os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0))
        os.set_blocking(other, True)
        with os.fdopen(other, "w", encoding="utf-8") as stream:
            stream.write(text)
        return
    real = Path(os.path.realpath(path))  # Path.resolve raises another error for a loop of symlinks
    if real.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    file, beside = tempfile.mkstemp(prefix=f".{real.name}.", dir=real.parent)
    try:
        fill(file, text.encode("utf-8"), mode)
        os.replace(beside, real)  # noqa: PTH105 - the one call that is atomic on every platform
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(beside)  # noqa: PTH108 - its name comes from tempfile
        raise


def fill(file: int, data: bytes, mode: int) -> None:
    """Write a file that is open, wait until it is on disk, and close it; nobody reads it before it has its mode. Raises OSError."""
    try:
        while data:
            data = data[os.write(file, data) :]
        if hasattr(os, "fchmod"):  # not on Windows, where a file is its owner's by where it lies
            os.fchmod(file, mode)
        os.fsync(file)
    finally:
        os.close(file)
