"""Running a Pulumi program in this process.

What it imports from its own folder is imported anew for each run; the provider SDKs stay imported, so that a second run takes
tenths of a second.
"""

from __future__ import annotations

import asyncio
import contextvars
import gc
import os
import threading
from typing import TYPE_CHECKING

import pulumi
from pulumi.runtime import set_all_config, stack
from pulumi.runtime.mocks import MockSettings
from pulumi.runtime.settings import configure, set_root_resource

from emulator.arm.environment import CONFIGURATION
from emulator.dry_run.monitor import Engine
from emulator.dry_run.surroundings import (
    AtOnce,
    fresh_modules,
    in_folder,
    printing_to,
    without_warnings,
)
from emulator.engine.language_host.program import execute, main_of, trace_of
from emulator.waiting import wait_for_all

if TYPE_CHECKING:
    from emulator.dry_run.monitor import Monitor
    from emulator.dry_run.project import Project
    from emulator.dry_run.report import Report


def run(project: Project, stack: str, config: dict[str, str], monitor: Monitor, report: Report) -> bool:
    """Run a stack's program to its end and say whether it came well; what it prints and why it failed goes to the report.

    Ctrl-C (KeyboardInterrupt) passes through: nothing is under way that would have to be finished.
    """

    def main() -> bool:
        settings = MockSettings(
            monitor=monitor,
            monitor_features=set(monitor.GetDeploymentInfo(None).supportedFeatures),
            engine=Engine(report),
            project=project.name,
            stack=stack,
            root_directory=str(project.folder),
            organization="organization",
            parallel=1,
            dry_run=True,
            legacy_apply_enabled=False,
            callbacks=None,
            package_refs={},
            base_providers_by_ref={},
            outputs=set(),
            lock=threading.Lock(),
        )
        configure(settings)
        set_root_resource(None)  # pyright: ignore[reportArgumentType] - the SDK itself resets it so
        for name in CONFIGURATION:  # else the program reads them beside what is set here
            os.environ.pop(name, None)
        set_all_config(config)
        message = _run(project)
        if message:
            report.say("error", message)
        if message is not None:
            gc.collect()  # what the program left behind goes here, where nobody is warned of it
        return message is None

    with (
        in_folder(project),
        fresh_modules(project),
        without_warnings(),
        printing_to(lambda line: report.say("info", line)),
    ):
        return contextvars.Context().run(main)


def _run(project: Project) -> str | None:
    """Run the program; return None when it ends well, else why ("" when that was reported already)."""
    stack.wait_for_rpcs = wait_for_all
    main = main_of(project.program)
    if not main.is_file():
        return f"{main}: there is no such program"
    try:
        with asyncio.Runner() as runner:
            loop = runner.get_loop()
            # As the engine's language host does: a program that fails leaves futures nobody waits for, and that is no news.
            loop.set_exception_handler(lambda _loop, _context: None)
            loop.set_default_executor(AtOnce())
            # Not `runner.run`: that takes the first Ctrl-C for itself, and a program that waits would go on waiting.
            loop.run_until_complete(stack.run_in_stack(lambda: execute(main)))
    except pulumi.RunError as error:
        gone = "Resource monitor has terminated" in str(error)  # how the SDK says that the run was stopped
        return "" if gone else str(error)
    except SystemExit as exit_:
        return f"Program exited with non-zero exit code: {exit_.code}" if exit_.code else None
    except Exception:  # noqa: BLE001 - whatever ends the program is shown, as the engine does
        return f"Program failed with an unhandled exception:\n{trace_of(main)}"
    return None
