"""A file that two processes share: one writer at a time, replaced as a whole or not at all."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)

    def _unlock(file: IO[str]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)

    def _unlock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


@contextlib.contextmanager
def locked(path: Path) -> Generator[None]:
    """Hold the lock beside `path`; a process that dies lets go of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(path.name + ".lock").open("a", encoding="utf-8") as file:
        _lock(file)
        try:
            yield
        finally:
            _unlock(file)


def replace(path: Path, content: str | bytes) -> None:
    """Write a file of mode 0600: a reader, or whoever comes after a kill, sees the old content or the new one, never a part."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name + ".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        os.replace(name, path)  # noqa: PTH105  (the one call that is atomic on every platform)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)  # noqa: PTH108  (a name from mkstemp, not a Path)
        raise


def replace_changed(path: Path, content: str) -> None:
    """Write a file as `replace` does, where it does not hold this already: somebody watches it."""
    if not path.exists() or path.read_text(encoding="utf-8") != content:
        replace(path, content)


def stamp(path: Path) -> tuple[int, int, int] | None:
    """Return what changes whenever `replace` was called; None when there is no file."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
