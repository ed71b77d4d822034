"""A command whose output goes through this process: Pulumi's CLI does not look whether what it writes arrives.

`python -m emulator.engine.passed_on pulumi preview --stack dev` runs one as it is, here, outside the lab.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle import ending

from emulator.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import FrameType

_PART = 65536


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> int:
    """Run a command; return its exit code, 128 and the signal's number where a signal ended it.

    Pulumi's own writes nothing by itself but to a terminal: whatever becomes of its output, it goes on to its end, so that a full
    disk or `| head` stops no `up` in the middle. Ctrl-C is the command's own affair; what ends this process alone, or closes its terminal,
    becomes an interrupt of Pulumi's, which then ends in order and leaves no lock. Raises FileNotFoundError, OperationError
    when the output could not be written, and SystemExit, without a word, when nobody reads it any more.
    """
    is_pulumi, asked = Path(command[0]).name == "pulumi", list[int]()

    def end(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        process.send_signal(signal.SIGINT if is_pulumi else number)

    sys.stdout.flush()
    passes_on = is_pulumi and not sys.stdout.isatty()
    # A handler, not SIG_IGN: the command starts without it. And no `preexec_fn`: gRPC has threads, and says so at a fork.
    before: dict[int, Any] = {signal.SIGINT: signal.signal(signal.SIGINT, _leave_it)}
    try:
        if is_pulumi:  # of a terminal that closes it hears from here
            before[signal.SIGHUP] = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        out = subprocess.PIPE if passes_on else None
        with subprocess.Popen(command, cwd=folder, env=environment, stdout=out) as process:
            for number in (signal.SIGTERM, signal.SIGHUP):
                before.setdefault(number, signal.getsignal(number))
                signal.signal(number, end)
            lost = _pass_on(process.stdout.fileno()) if process.stdout else None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    code = _ended(Path(command[0]).name, process.returncode)
    if isinstance(lost, BrokenPipeError):
        raise SystemExit(code or ending.BROKEN_PIPE)
    if lost:
        raise OperationError(
            f"standard output: {lost.strerror}: what pulumi said is lost, which ended with {code}; make room for it, and run it again"
        )
    return 128 + asked[0] if asked else code


def main() -> int:
    """Run the command line's words as a command, in this folder; return its exit code. Raises SystemExit with one line."""
    command = sys.argv[1:]
    try:
        return run(command, Path(), os.environ)
    except FileNotFoundError:
        sys.exit(
            f"{command[0]} is not on PATH: install it, or put its folder there; `make preview` and `make up` bring their own"
        )
    except PermissionError as error:
        sys.exit(
            f"{command[0]}: {error.strerror}: what PATH has by this name cannot be started; `chmod +x` it, or install it again"
        )
    except OperationError as error:
        sys.exit(str(error))


def _pass_on(source: int) -> OSError | None:
    """Copy to standard output until the end; return the first fault of writing, after which nothing more is written."""
    lost: OSError | None = None
    while part := os.read(source, _PART):
        while part and not lost:
            try:
                part = part[os.write(1, part) :]
            except OSError as error:
                lost = error
    return lost


def _ended(name: str, code: int) -> int:
    if code >= 0:
        return code
    onward = "; docs/interrupted.md says how to go on" if name == "pulumi" else ""
    with suppress(OSError):
        sys.stderr.write(f"{name} was ended by a signal: {signal.strsignal(-code) or -code}{onward}\n")
    return 128 - code


def _leave_it(_signal: int, _frame: FrameType | None) -> None:
    """Go on: the command has got the signal too."""


if __name__ == "__main__":
    ending.run(lambda: main)
