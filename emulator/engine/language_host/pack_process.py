"""A policy pack's process, started as the engine starts it: `python -u -m pulumi.policy <engine address> <pack folder>`.

Only the standard library is needed here, so that packs load while the program's own imports run.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from typing import TYPE_CHECKING

from emulator.engine.language_host.children import start
from emulator.engine.language_host.patience import to_start, told
from emulator.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import IO

_HIGHEST_PORT = 65_535
_MOMENT = 2.0
_NO_ENGINE = "127.0.0.1:0"  # Python packs take the engine's address and never call it


class PackProcess:
    """One running pack; it goes on loading while the caller does other things, until `stop`."""

    def __init__(
        self, python: str, folder: str, environment: Mapping[str, str], engine: str = _NO_ENGINE
    ) -> None:
        """Start the pack in `folder` with a Python of its own, and what it is told in the environment."""
        self.folder = folder
        self._out, self._err = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115 - `stop` closes them
        self._process = start(
            [python, "-u", "-m", "pulumi.policy", engine, folder],
            cwd=folder,
            env=os.environ | dict(environment),
            stdout=self._out,
            stderr=self._err,
            start_new_session=True,  # Ctrl-C is for the run, which ends the pack
        )

    def port(self) -> int:
        """Wait until the pack serves and return its port. Raises OperationError with what it said when it never does."""
        latest = time.monotonic() + to_start()
        while not (ended := self._process.poll() is not None) and "\n" not in _read(self._out):
            if time.monotonic() > latest:
                break
            time.sleep(0.01)
        line, end, _ = _read(self._out).partition("\n")
        if end and line.strip().isdecimal() and int(line) <= _HIGHEST_PORT:
            return int(line)
        why = "did not start"
        if end and line.strip().isdecimal():
            why = f"named port {line.strip()[:20]}, which is none"
        elif end or not ended:
            why += ": it named no port" + ("" if end else f" within {to_start():.0f} s")
        raise OperationError(told(self.folder, why, f"{_read(self._out)}{self.said()}"))

    def ended(self) -> int | None:
        """Return its exit code; None while it runs. One that has just let go of its port is given a moment to end."""
        try:
            return self._process.wait(_MOMENT)
        except subprocess.TimeoutExpired:
            return None

    def said(self) -> str:
        """Return what it has written to stderr."""
        said = _read(self._err).strip()
        if not said and os.fstatvfs(self._err.fileno()).f_bavail == 0:
            return (
                f"{tempfile.gettempdir()} is full: make room there, or name another folder: TMPDIR=<folder>"
            )
        return said

    def stop(self) -> None:
        """End the process and wait for it."""
        self._process.kill()
        self._process.wait()
        self._out.close()
        self._err.close()


def _read(file: IO[bytes]) -> str:
    """Return what the pack has written; its place in the file, which it shares with us, stays."""
    return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0).decode(errors="replace")


def told_of_a_stack(
    organization: str, project: str, stack: str, config: Mapping[str, str], *, dry_run: bool
) -> dict[str, str]:
    """Return the variables in which a pack finds the stack and its configuration."""
    return {
        "PULUMI_ORGANIZATION": organization,
        "PULUMI_PROJECT": project,
        "PULUMI_STACK": stack,
        "PULUMI_DRY_RUN": "true" if dry_run else "false",
        "PULUMI_CONFIG": json.dumps(dict(config)),
    }
