"""A disk that fails: one call of the operating system after another is the one at which it fills up, is read-only, or takes the process along.

    for number in failures("full", scenario, folder): ...   # after each run: look at what is left

Only calls that change something under the folder count. What is not Python's (`open` and its buffers) is not seen: the file layers
under test use the calls of `os`.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

How = Literal["full", "read-only", "kill"]
CALLS = ("open", "write", "fsync", "ftruncate", "replace", "rename", "unlink", "mkdir", "fchmod", "chmod")
LETS = {
    "full": {"unlink", "rename", "replace", "fchmod", "chmod"},
    "read-only": set[str](),
    "kill": set[str](),
}
"""What a disk of that kind still lets one do: a full one moves and deletes."""
CODES = {"full": errno.ENOSPC, "read-only": errno.EROFS}
_MOST = 300


class _Disk:
    """The calls, wrapped: `failed` are the names of those that did not come through."""

    def __init__(self, how: How, number: int, folder: Path) -> None:
        self.how, self.number, self.folder = how, number, str(folder)
        self.real: dict[str, Any] = {name: getattr(os, name) for name in CALLS}
        self.failed: list[str] = []
        self._ours: set[int] = set()
        self._seen = 0
        self._half: int | None = None

    def wrapped(self, name: str) -> Callable[..., Any]:
        """Return a call that may fail."""

        def call(*arguments: Any, **options: Any) -> Any:
            if name == "write" and arguments[0] == self._half:
                self._half = None
                self._fail(name)
            if self._is_next(name, arguments):
                if name == "write" and not self.failed:
                    return self._half_written(*arguments)
                self._fail(name)
            found = self.real[name](*arguments, **options)
            if name == "open" and str(arguments[0]).startswith(self.folder):
                self._ours.add(found)
            return found

        return call

    def _is_next(self, name: str, arguments: tuple[Any, ...]) -> bool:
        first = arguments[0]
        reads = name == "open" and not arguments[1] & (os.O_WRONLY | os.O_RDWR)
        ours = first in self._ours if isinstance(first, int) else str(first).startswith(self.folder)
        if reads or not ours or name in LETS[self.how]:
            return False
        self._seen += 1
        return self._seen == self.number or (self.how == "read-only" and self._seen > self.number)

    def _half_written(self, file: int, data: bytes) -> int:
        """Let half of the bytes through, as a disk that fills up does; only the next call tells."""
        done: int = self.real["write"](file, data[: len(data) // 2])
        self.failed.append("write")
        self._half = file
        if self.how == "kill":
            self._fail("write")
        return done

    def _fail(self, name: str) -> None:
        self.failed.append(name)
        if self.how == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(CODES[self.how], os.strerror(CODES[self.how]))


@contextmanager
def failing(how: How, number: int, folder: Path) -> Iterator[list[str]]:
    """Let the call of this number (from 1) fail, and for a read-only disk all later ones; give the names of those that failed."""
    disk = _Disk(how, number, folder)
    try:
        for name in CALLS:
            setattr(os, name, disk.wrapped(name))
        yield disk.failed
    finally:
        for name in CALLS:
            setattr(os, name, disk.real[name])


def failures(
    how: How, scenario: Callable[[], object], folder: Path, begun: Path | None = None
) -> Iterator[tuple[int, BaseException | None]]:
    """Run a scenario in an empty folder, or a copy of one, again and again, each time with the next call failing, until none is left to fail.

    Yields the number and what the scenario raised; a killed one is a process of its own, and yields None.
    """
    for number in range(1, _MOST):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(begun, folder) if begun else folder.mkdir()
        raised, failed = (
            _killed(scenario, number, folder) if how == "kill" else _run(how, scenario, number, folder)
        )
        if not failed:
            assert number > 1, "the scenario writes nothing that this sees"
            return
        yield number, raised
    raise AssertionError("it never ends")


def _run(
    how: How, scenario: Callable[[], object], number: int, folder: Path
) -> tuple[BaseException | None, bool]:
    with failing(how, number, folder) as failed:
        try:
            scenario()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - the test says which are right
            return error, bool(failed)
    return None, bool(failed)


def _killed(scenario: Callable[[], object], number: int, folder: Path) -> tuple[None, bool]:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with failing("kill", number, folder):
                scenario()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0, "the scenario fails by itself"
    return None, os.WIFSIGNALED(status)
