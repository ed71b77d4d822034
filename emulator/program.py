"""Running a Pulumi program in this process, each time afresh.

A repeat run takes tenths of a second, because the provider SDKs stay imported; the program's own modules are imported anew, in
a context of its own for the SDK's settings, in its own folder, and leave nothing behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import gc
import inspect
import io
import os
import runpy
import sys
import threading
import traceback
import warnings
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import pulumi
from pulumi.runtime import set_all_config
from pulumi.runtime.mocks import MockSettings
from pulumi.runtime.settings import configure, set_root_resource
from pulumi.runtime.stack import run_in_stack
from typing_extensions import override

from emulator.monitor import Engine

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import ModuleType

    from emulator.events import Events
    from emulator.monitor import Monitor
    from emulator.project import Config, Project

_ONE_AT_A_TIME = threading.RLock()  # the working folder, the modules and stdout belong to the whole process


@dataclass
class Outcome:
    """How a program ended: well, or with a message for the user ("" when that was reported already)."""

    ok: bool
    message: str = ""


@dataclass(frozen=True)
class Program:
    """A stack's program: what to run and its configuration."""

    project: Project
    stack: str
    config: Config

    def run(self, monitor: Monitor, events: Events, *, dry_run: bool, cancel: Callable[[], None]) -> Outcome:
        """Run the program to its end; what it prints becomes messages.

        Ctrl-C calls `cancel`, and so does a listener that raises: the step under way is finished and recorded, then the run ends.
        """
        outcome = Outcome(ok=False)
        callers = _packages_on_the_stack()

        def main() -> None:
            settings = MockSettings(
                monitor=monitor,
                monitor_features=set(monitor.GetDeploymentInfo(None).supportedFeatures),
                engine=Engine(events),
                project=self.project.name,
                stack=self.stack,
                root_directory=str(self.project.folder),
                organization="organization",
                parallel=1,
                dry_run=dry_run,
                legacy_apply_enabled=False,
                callbacks=None,
                package_refs={},
                base_providers_by_ref={},
                outputs=set(),
                lock=threading.Lock(),
            )
            configure(settings)
            set_root_resource(None)  # pyright: ignore[reportArgumentType] - the SDK itself resets it so
            set_all_config(dict(self.config.values), sorted(self.config.secret_keys))
            _run(self.project, outcome)

        def thread() -> None:
            printing = _printing_to(lambda line: events.diagnostic("info", line))
            project = self.project
            try:
                with (
                    _ONE_AT_A_TIME,
                    _in_folder(project),
                    _fresh_modules(project, callers),
                    _without_collections(),
                    _without_warnings(),
                    printing,
                ):
                    contextvars.Context().run(main)
            finally:
                events.done()

        worker = threading.Thread(target=thread, name="program")
        worker.start()
        try:
            _see_off(worker, events, cancel)
        finally:
            worker.join()
        return outcome


def _see_off(worker: threading.Thread, events: Events, cancel: Callable[[], None]) -> None:
    while True:
        try:
            events.deliver()
        except KeyboardInterrupt:
            cancel()
        except BaseException:
            cancel()
            worker.join()
            raise
        else:
            return


def _run(project: Project, outcome: Outcome) -> None:
    path = project.program
    main = path / "__main__.py" if path.is_dir() else path
    if not main.is_file():
        outcome.message = f"{main}: there is no such program"
        return
    try:
        with asyncio.Runner() as runner:
            loop = runner.get_loop()
            # As the engine's language host does: a program that fails leaves futures nobody waits for, and that is no news.
            loop.set_exception_handler(lambda _loop, _context: None)
            loop.set_default_executor(_AtOnce())
            runner.run(run_in_stack(lambda: _execute(path)))
    except pulumi.RunError as error:
        outcome.message = "" if monitor_is_gone(error) else str(error)
    except SystemExit as exit_:
        outcome.ok = exit_.code in {0, None}
        outcome.message = "" if outcome.ok else f"Program exited with non-zero exit code: {exit_.code}"
    except BaseException:  # noqa: BLE001 - whatever ends the program is shown, as the engine does
        outcome.message = f"Program failed with an unhandled exception:\n{_user_trace(main)}"
    else:
        outcome.ok = True


class _AtOnce(ThreadPoolExecutor):
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


def _execute(path: Path) -> None:
    try:
        runpy.run_path(str(path), run_name="__main__")
    finally:
        if not gc.get_freeze_count():  # what is imported stays: no collection needs to look at it again
            gc.freeze()


@contextlib.contextmanager
def _without_collections() -> Generator[None]:
    """Look for no garbage: a run makes little of it, and looking takes a third of the imports and of large programs."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


@contextlib.contextmanager
def _without_warnings() -> Generator[None]:
    """Let a program that ends early leave coroutines behind without a word, as the engine's language host does with futures."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
        yield
        gc.collect(0)


def monitor_is_gone(error: pulumi.RunError) -> bool:
    """Say whether this is how the SDK ends a program whose engine has stopped; why is reported already."""
    return "Resource monitor has terminated" in str(error)


def _user_trace(main: Path) -> str:
    """Return the traceback from the program's first own frame on."""
    kind, error, trace = sys.exc_info()
    frames: Any = trace
    while frames is not None and Path(frames.tb_frame.f_code.co_filename).resolve() != main.resolve():
        frames = frames.tb_next
    return "".join(traceback.format_exception(kind, error, frames or trace)).rstrip()


@contextlib.contextmanager
def _in_folder(project: Project) -> Generator[None]:
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
def _fresh_modules(project: Project, callers: set[str]) -> Generator[None]:
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


def _packages_on_the_stack() -> set[str]:
    """Return the top-level packages of everything that is being executed in this thread."""
    names = {"__main__"}
    frame = inspect.currentframe()
    while frame is not None:
        names.add(str(frame.f_globals.get("__name__", "")).partition(".")[0])
        frame = frame.f_back
    return names


@contextlib.contextmanager
def _printing_to(say: Callable[[str], None]) -> Generator[None]:
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
