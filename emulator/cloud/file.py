"""Files that two processes share: one writer at a time, replaced as a whole or not at all, read by their owner alone.

Whatever the disk does (full, read-only, gone) is a FileError of one line, and leaves what was there.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import secrets
from typing import TYPE_CHECKING

from secure_aks_lifecycle import regular_file

from emulator.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

_SEAL = re.compile(r'(\{.*), "sum": "([0-9a-f]{16})"\}', re.DOTALL)


class FileError(OperationError):
    """A file of the lab cannot be written or read; the message says which, why and what to do."""


@contextlib.contextmanager
def locked(path: Path) -> Generator[None]:
    """Hold the lock beside `path`; a process that dies lets go of it. Raises FileError."""
    with _told(path, "written"):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        with _told(path, "locked"):
            fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)
    finally:
        os.close(file)


def replace(path: Path, content: str | bytes, mode: int = 0o600) -> None:
    """Write a file: a reader, or whoever comes after a kill, sees the old content or the new one, never a part.

    Raises FileError; then there is what was there before.
    """
    data = content.encode() if isinstance(content, str) else content
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with _told(path, "written"):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), data, mode)
            os.replace(beside, path)  # noqa: PTH105  (the one call that is atomic on every platform)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(beside)  # noqa: PTH108  (beside os.replace, whose failure it clears up after)
        raise


def replace_changed(path: Path, content: str) -> None:
    """Write a file as `replace` does, where it does not hold this already: somebody watches it. Raises FileError."""
    if read(path) != content.encode():
        replace(path, content)


def append(path: Path, after: int, text: str) -> int:
    """Put `text` after the first `after` bytes of a file, in the place of what follows them; return where it ends.

    Raises FileError; then there is what was there before, or less of what followed.
    """
    with _told(path, "written"):
        file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            begin = min(after, os.fstat(file).st_size)
            os.ftruncate(file, begin)
            os.lseek(file, begin, os.SEEK_SET)
            return begin + _all(file, text.encode())
        finally:
            os.close(file)


def read(path: Path) -> bytes | None:
    """Return what a file holds; None when there is none. Raises FileError."""
    with _told(path, "read"):
        try:
            return regular_file.data(path)
        except FileNotFoundError:
            return None


def stamp(path: Path) -> tuple[int, int, int] | None:
    """Return what changes whenever `replace` was called; None when there is no file. Raises FileError."""
    with _told(path, "read"):
        try:
            status = path.stat()
        except FileNotFoundError:
            return None
    return status.st_ino, status.st_mtime_ns, status.st_size


def sealed(text: str) -> str:
    """Return the text of a JSON object with a sum over it as its last member, by which `is_whole` tells damage."""
    body = text.removesuffix("}")
    return f'{body}, "sum": "{_sum(body)}"}}'


def is_whole(text: str) -> bool:
    """Tell whether a text is as it was sealed; one without a seal, which somebody wrote by hand, counts as whole."""
    found = _SEAL.fullmatch(text)
    return found is None or found[2] == _sum(found[1])


def _sum(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _write(file: int, data: bytes, mode: int) -> None:
    try:
        _all(file, data)
        if hasattr(os, "fchmod") and mode != 0o600:  # noqa: PLR2004 - as it was opened
            os.fchmod(file, mode)
    finally:
        os.close(file)


def _all(file: int, data: bytes) -> int:
    rest = data
    while rest:  # a disk that fills up takes a part, without a word
        rest = rest[os.write(file, rest) :]
    return len(data)


@contextlib.contextmanager
def _told(path: Path, what: str) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise FileError(
            f"{path}: cannot be {what}: {error.strerror or error}; make room and rights for it, and run again"
        ) from None
