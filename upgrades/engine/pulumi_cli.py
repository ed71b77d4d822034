"""The Pulumi CLI as the Automation API runs it, in a session of its own.

The SDK starts the CLI in the terminal's process group and reads its output through pipes. Then Ctrl-C reaches the engine
behind the tool's back, and an engine whose reader was killed dies of the next line that it writes, in the middle of a change.
Here the engine gets a signal only when it is handed on, and writes to files, so that it ends what it has begun.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from pulumi.automation import CommandError, CommandResult, InvalidVersionError, PulumiCommand
from pulumi.automation.errors import create_command_error

from upgrades import typed

from .cli_errors import in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from semver import VersionInfo

    from .process import EngineRecord

GRACE = 20.0
"""Seconds that a CLI which was interrupted has to end."""
FULL = "{} is full, what Pulumi said is cut off: make room there, or name another folder: TMPDIR=<folder>"


class NoCliError(Exception):
    """There is no Pulumi CLI that will do; the message says how to get one."""


class EngineWorksError(Exception):
    """The engine of an earlier run, whose tool was killed, still works on the stack."""


class PulumiCli(PulumiCommand):
    """Runs commands of the CLI. Raises NoCliError when there is none, or when it is too old for the SDK."""

    def __init__(self, engine: EngineRecord | None = None) -> None:
        """Look the CLI up on PATH, and ask its version once. `engine` is where the process of each `up` is written down."""
        try:
            self.command, self.version = "pulumi", _version(*_stamp("pulumi"))
        except FileNotFoundError:
            raise NoCliError(f"the Pulumi CLI is not on PATH: {typed.A_CLI}") from None
        except InvalidVersionError as error:
            raise NoCliError(f"the Pulumi CLI on PATH will not do: {error}") from None
        except (subprocess.CalledProcessError, OSError) as error:
            raise NoCliError(f"the Pulumi CLI on PATH does not run: {error}") from None
        self.engine = engine
        self._process: subprocess.Popen[bytes] | None = None

    def interrupt(self) -> None:
        """Hand a Ctrl-C on to the command that runs: the engine cancels in order, and at the second one at once."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: Callable[[str], Any] | None = None,
        on_error: Callable[[str], Any] | None = None,
    ) -> CommandResult:
        """Run a command to its end; lines are handed to the callbacks then.

        Raises CommandError, and EngineWorksError for an `up` while the one of an earlier run is not done.
        """
        record = self.engine if args[:1] == ["up"] else None
        if record and record.works():
            raise EngineWorksError
        env = {**os.environ, **additional_env, "PULUMI_AUTOMATION_API": "true"}
        command = [self.command, "--non-interactive", *args]
        with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
            self._process = subprocess.Popen(
                command,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )
            try:
                if record:
                    record.note(self._process.pid)
                code = self._process.wait()
            except BaseException:
                self._end(self._process)
                raise
            finally:
                self._process = None
            cut = os.fstatvfs(stdout.fileno()).f_bavail == 0
            said = _lines(stdout, on_output), _lines(stderr, on_error)
        if cut and (code or args[:1] != ["up"]):  # an `up` is done whatever of its words is kept
            raise CommandError(CommandResult(stdout="", stderr=FULL.format(tempfile.gettempdir()), code=code))
        result = CommandResult(stdout=said[0], stderr=said[1], code=code)
        if code:
            raise in_words(create_command_error(result), result)
        return result

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        """End a command whose caller goes: in order, and with all that it started when it takes too long."""
        process.send_signal(signal.SIGINT)
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _stamp(command: str) -> tuple[str, int]:
    """Return where PATH has a command, and when that was last changed. Raises FileNotFoundError."""
    if (path := shutil.which(command)) is None:
        raise FileNotFoundError(command)
    return path, Path(path).stat().st_mtime_ns


@cache
def _version(_path: str, _changed: int) -> VersionInfo | None:
    """Return the version of the CLI on PATH, if it will do. Raises InvalidVersionError and what a program that does not run raises."""
    return PulumiCommand().version


def _lines(stream: IO[bytes], then: Callable[[str], Any] | None) -> str:
    """Return what was written, without spaces at the ends of lines; each line is handed on."""
    stream.seek(0)
    lines = [line.rstrip() for line in stream.read().decode(errors="replace").splitlines()]
    if then:
        for line in lines:
            then(line)
    return "\n".join(lines)
