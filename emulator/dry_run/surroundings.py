"""What a program finds around it and leaves behind it when it runs in this process: folder, modules, stdout, warnings."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import warnings
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import ModuleType

    from emulator.dry_run.project import Project

_STAYS = {"__main__", __name__.partition(".")[0]}


@contextlib.contextmanager
def in_folder(project: Project) -> Generator[None]:
    """Be in the program's folder, with it first on the module path."""
    folder = project.program if project.program.is_dir() else project.program.parent
    before, path, argv = Path.cwd(), list(sys.path), sys.argv
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    sys.argv = [str(project.program)]
    try:
        yield
    finally:
        os.chdir(before)
        sys.path[:] = path
        sys.argv = argv


@contextlib.contextmanager
def fresh_modules(project: Project) -> Generator[None]:
    """Hide the modules under the project's folder that somebody imported before, and drop those the program imports.

    What is installed there (a virtual environment) stays, and so does this package.
    """

    def is_own(name: str, file: str) -> bool:
        inside = file.startswith(f"{project.folder}{os.sep}") and "site-packages" not in file
        return inside and name.partition(".")[0] not in _STAYS

    def own() -> dict[str, ModuleType]:
        modules = list(sys.modules.items())
        return {name: m for name, m in modules if is_own(name, getattr(m, "__file__", None) or "")}

    kept = own()
    for name in kept:
        del sys.modules[name]
    try:
        yield
    finally:
        for name in own():
            del sys.modules[name]
        sys.modules.update(kept)


@contextlib.contextmanager
def printing_to(say: Callable[[str], None]) -> Generator[None]:
    """Hand what is printed to `say`, line by line."""
    lines = _Lines(say)
    with contextlib.redirect_stdout(lines):
        try:
            yield
        finally:
            lines.end()


class _Lines(io.TextIOBase):
    """Stands in for stdout."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say, self._rest = say, ""

    @override
    def write(self, text: str) -> int:
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._say(line)
        return len(text)

    def end(self) -> None:
        """Hand on a last line that was not ended."""
        if self._rest:
            self._say(self._rest)


@contextlib.contextmanager
def without_warnings() -> Generator[None]:
    """Let a program that ends early leave coroutines behind without a word, as the engine's language host does with futures."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
        yield


class AtOnce(ThreadPoolExecutor):
    """Carries the SDK's calls to the monitor out at once, in the order they are made; what else a program runs gets a thread.

    So the deployment is asked one thing at a time, and all calls that are ready come back in one turn of the loop: the SDK looks at every
    unfinished output each time one does.
    """

    @override
    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if getattr(fn, "__module__", "") != "pulumi.runtime._context":
            return super().submit(fn, *args, **kwargs)
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - a future carries what was raised; Ctrl-C passes through
            future.set_exception(error)
        return future
