"""What a program finds around it and leaves behind it when it runs in this process: folder, modules, stdout, warnings."""

from __future__ import annotations

import contextlib
import gc
import inspect
import io
import os
import sys
import threading
import warnings
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import ModuleType

    from emulator.dry_run.project import Project


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
def fresh_modules(project: Project, callers: set[str]) -> Generator[None]:
    """Hide the modules under the project's folder that somebody imported before, and drop those the program imports.

    What is installed there (a virtual environment) stays, and so do the packages of `callers`.
    """

    def own() -> dict[str, ModuleType]:
        return {
            name: module
            for name, module in list(sys.modules.items())
            if name.partition(".")[0] not in callers and _is_under(module, project.folder)
        }

    kept = own()
    for name in kept:
        del sys.modules[name]
    try:
        yield
    finally:
        for name in own():
            del sys.modules[name]
        sys.modules.update(kept)


def _is_under(module: ModuleType, folder: Path) -> bool:
    file = getattr(module, "__file__", None)
    return bool(file) and file.startswith(f"{folder}{os.sep}") and "site-packages" not in file


def packages_on_the_stack() -> set[str]:
    """Return the top-level packages of everything that is being executed in this thread."""
    names = {"__main__"}
    frame = inspect.currentframe()
    while frame is not None:
        names.add(str(frame.f_globals.get("__name__", "")).partition(".")[0])
        frame = frame.f_back
    return names


@contextlib.contextmanager
def printing_to(say: Callable[[str], None]) -> Generator[None]:
    """Hand what this thread prints to `say`, line by line; other threads go on printing."""
    lines = _Lines(say, sys.stdout)
    with contextlib.redirect_stdout(lines):
        try:
            yield
        finally:
            lines.close()


class _Lines(io.TextIOBase):
    """Stands in for stdout: hands on whole lines of the program's thread, and lets the other threads' text through."""

    def __init__(self, say: Callable[[str], None], real: TextIO) -> None:
        self._say, self._real, self._rest = say, real, ""
        self._thread = threading.get_ident()

    @override
    def write(self, text: str) -> int:
        if threading.get_ident() != self._thread:
            return self._real.write(text)
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._say(line)
        return len(text)

    @override
    def flush(self) -> None:
        self._real.flush()

    @override
    def isatty(self) -> bool:
        return threading.get_ident() != self._thread and self._real.isatty()

    @override
    def close(self) -> None:
        if self._rest:
            self._say(self._rest)
            self._rest = ""


@contextlib.contextmanager
def without_collections() -> Generator[None]:
    """Look for no garbage: a run makes little of it, and looking takes a third of the imports and of large programs."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


@contextlib.contextmanager
def without_warnings() -> Generator[None]:
    """Let a program that ends early leave coroutines behind without a word, as the engine's language host does with futures."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
        yield
        gc.collect(0)


class AtOnce(ThreadPoolExecutor):
    """Carries the SDK's calls to the monitor out at once, in the order they are made; what else a program runs gets a thread.

    The SDK looks at every unfinished output each time a call comes back, so that answers that come one by one from a thread make a
    large program quadratic; answered at once, all calls that are ready come back in one turn of the loop.
    """

    @override
    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if getattr(fn, "__module__", "") != "pulumi.runtime._context":
            return super().submit(fn, *args, **kwargs)
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - a future carries whatever was raised
            future.set_exception(error)
        return future
