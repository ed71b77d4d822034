"""`python -m emulator.engine.language_host.program`: run one Pulumi program, as told by a RunRequest on standard input.

Exit codes: 0 the program is done, 32 it failed and the engine was told why, else it failed otherwise.
"""

from __future__ import annotations

import asyncio
import gc
import inspect
import logging
import runpy
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pulumi
from pulumi.runtime import set_all_config, stack
from pulumi.runtime.proto import language_pb2
from pulumi.runtime.settings import Settings, configure

from emulator.engine.language_host.children import TOLD
from emulator.waiting import wait_for_all

_CALLS = 4
"""Registrations under way for each resource that the engine handles at a time."""


def main() -> int:
    """Run the program; return the exit code."""
    # What a program loads and registers stays; else a tenth of its time goes into looking.
    gc.set_threshold(100_000)
    request = language_pb2.RunRequest.FromString(bytes.fromhex(sys.argv[1]))
    logging.getLogger("asyncio").setLevel(
        logging.CRITICAL
    )  # futures of a failed program, which is told below
    configure(
        Settings(
            monitor=request.monitor_address,
            engine=request.args[0] if request.args else "",
            project=request.project,
            stack=request.stack,
            parallel=request.parallel,
            dry_run=request.dryRun,
            organization=request.organization or "organization",
            root_directory=request.info.root_directory,
        )
    )
    keep_inner_steps()
    stack.wait_for_rpcs = wait_for_all
    set_all_config(dict(request.config), list(request.configSecretKeys))
    main_file = main_of(Path(request.info.program_directory, request.info.entry_point or "."))
    sys.path.insert(0, str(main_file.parent))
    return _run(main_file, max(request.parallel, 1))


def keep_inner_steps() -> None:
    """Do not send the engine what the SDK says of its own steps: hundreds of debug messages, each waited for."""
    debug = pulumi.log.debug

    def send(*words: Any, **more: Any) -> None:
        speaker = inspect.currentframe()
        module = speaker.f_back.f_globals.get("__name__", "") if speaker and speaker.f_back else ""
        if not module.startswith("pulumi."):
            debug(*words, **more)

    pulumi.log.debug = send


def _run(main_file: Path, parallel: int) -> int:
    try:
        with asyncio.Runner() as runner:
            runner.get_loop().set_default_executor(ThreadPoolExecutor(parallel * _CALLS))
            runner.run(stack.run_in_stack(lambda: execute(main_file)))
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return TOLD
    except grpc.RpcError as error:
        if _code(error) is not grpc.StatusCode.UNAVAILABLE:  # else the engine has stopped, and said why
            pulumi.log.error(f"Program failed with a refused call: {error}")
        return TOLD
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else int(exit_.code is not None)
    except BaseException:  # noqa: BLE001 - whatever ends a program is shown
        pulumi.log.error(f"Program failed with an unhandled exception:\n{trace_of(main_file)}")
        return TOLD
    return 0


def main_of(program: Path) -> Path:
    """Return the file that is run of a program's folder or file."""
    return program / "__main__.py" if program.is_dir() else program


def execute(main_file: Path) -> None:
    """Run a program.

    By the file, not its folder: Python believes a folder's bytecode by whole seconds, and would miss an edit.
    """
    runpy.run_path(str(main_file), run_name="__main__")


def _code(error: grpc.RpcError) -> object:
    code = getattr(error, "code", None)
    return code() if callable(code) else None


def trace_of(main_file: Path) -> str:
    """Return the traceback from the program's first own frame on; of what is no Python the place alone."""
    kind, error, trace = sys.exc_info()
    frames = trace
    while frames is not None and Path(frames.tb_frame.f_code.co_filename).resolve() != main_file.resolve():
        frames = frames.tb_next
    shown = trace if frames is None and not isinstance(error, SyntaxError) else frames
    return "".join(traceback.format_exception(kind, error, shown)).rstrip()


if __name__ == "__main__":
    sys.exit(main())
