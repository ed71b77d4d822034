"""Running a Pulumi program in this process, each time afresh.

A repeat run takes tenths of a second, because the provider SDKs stay imported; the program's own modules are imported anew, in
a context of its own for the SDK's settings, in its own folder, and leave nothing behind.
"""

from __future__ import annotations

import asyncio
import contextvars
import gc
import runpy
import sys
import threading
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.runtime import set_all_config
from pulumi.runtime.mocks import MockSettings
from pulumi.runtime.settings import configure, set_root_resource
from pulumi.runtime.stack import run_in_stack

from emulator.dry_run.monitor import Engine
from emulator.dry_run.surroundings import (
    AtOnce,
    fresh_modules,
    in_folder,
    packages_on_the_stack,
    printing_to,
    without_collections,
    without_warnings,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.dry_run.events import Events
    from emulator.dry_run.monitor import Monitor
    from emulator.dry_run.project import Config, Project

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
        callers = packages_on_the_stack()

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
            printing = printing_to(lambda line: events.diagnostic("info", line))
            project = self.project
            try:
                with (
                    _ONE_AT_A_TIME,
                    in_folder(project),
                    fresh_modules(project, callers),
                    without_collections(),
                    without_warnings(),
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
            loop.set_default_executor(AtOnce())
            runner.run(run_in_stack(lambda: _execute(main)))
    except pulumi.RunError as error:
        outcome.message = "" if monitor_is_gone(error) else str(error)
    except SystemExit as exit_:
        outcome.ok = exit_.code in {0, None}
        outcome.message = "" if outcome.ok else f"Program exited with non-zero exit code: {exit_.code}"
    except BaseException:  # noqa: BLE001 - whatever ends the program is shown, as the engine does
        outcome.message = f"Program failed with an unhandled exception:\n{_user_trace(main)}"
    else:
        outcome.ok = True


def _execute(main: Path) -> None:
    try:
        # The file, not its folder: that Python would run from bytecode, which it believes by whole seconds and size,
        # so that an edit right after a run could go unseen.
        runpy.run_path(str(main), run_name="__main__")
    finally:
        if not gc.get_freeze_count():  # what is imported stays: no collection needs to look at it again
            gc.freeze()


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
