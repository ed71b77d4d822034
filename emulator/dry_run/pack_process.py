"""A policy pack's process, started as the engine starts it: `python -u -m pulumi.policy <engine address> <pack folder>`.

Only the standard library is needed here, so that packs load while the program's own imports run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING

from emulator.errors import OperationError, UsageError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO

_NO_ENGINE = "127.0.0.1:0"  # Python packs take the engine's address and never call it

# Linux ends the pack when the thread that started it dies, even by SIGKILL; the mark survives the exec. Elsewhere the pack ends
# with `stop` alone.
_LAUNCHER = """
import os, sys
if sys.platform == "linux":
    import ctypes, signal
    ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL)
    if os.getppid() != int(sys.argv[1]):
        sys.exit(1)
os.execv(sys.argv[2], sys.argv[2:])
"""


class PackProcess:
    """One running pack; it goes on loading while the caller does other things, until `stop`."""

    def __init__(self, folder: Path, *, stack: str, project: str, config: dict[str, str]) -> None:
        """Start the pack in `folder`. Raises UsageError when there is none."""
        if not (folder / "PulumiPolicy.yaml").is_file():
            raise UsageError(f"{folder}: there is no policy pack here (no PulumiPolicy.yaml)")
        self.folder = folder
        self._out, self._err = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115 - `stop` closes them
        pack = [sys.executable, "-u", "-m", "pulumi.policy", _NO_ENGINE, str(folder)]
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(os.getpid()), *pack],
            cwd=folder,
            env=os.environ
            | {
                "PULUMI_ORGANIZATION": "organization",
                "PULUMI_PROJECT": project,
                "PULUMI_STACK": stack,
                "PULUMI_DRY_RUN": "true",
                "PULUMI_CONFIG": json.dumps(config),
            },
            stdin=subprocess.DEVNULL,
            stdout=self._out,
            stderr=self._err,
            start_new_session=True,  # Ctrl-C is for the run, which ends the pack
        )

    def port(self) -> int:
        """Wait until the pack serves and return its port. Raises OperationError with what it said when it never does."""
        while self._process.poll() is None and "\n" not in _read(self._out):
            time.sleep(0.01)
        line, _, _ = _read(self._out).partition("\n")
        if not line.strip().isdecimal():
            said = f"{_read(self._out)}{self.said()}" or f"exit code {self._process.poll()}, no output"
            raise OperationError(f"the policy pack {self.folder} did not start:\n{said}")
        return int(line)

    def said(self) -> str:
        """Return what it has written to stderr."""
        return _read(self._err).strip()

    def stop(self) -> None:
        """End the process and wait for it."""
        self._process.kill()
        self._process.wait()
        self._out.close()
        self._err.close()


def _read(file: IO[bytes]) -> str:
    """Return what the pack has written; its place in the file, which it shares with us, stays."""
    return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0).decode(errors="replace")
