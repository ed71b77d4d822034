"""A policy pack's process, started as the engine starts it: `python -u -m pulumi.policy <engine address> <pack folder>`.

Only the standard library is needed here, so that packs load while the program's own imports run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from emulator.errors import OperationError, UsageError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO

    from emulator.dry_run.project import Config

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
    """One running pack. `stop` it, or use it in a `with` block."""

    def __init__(self, folder: Path, *, stack: str, project: str, config: Config, dry_run: bool) -> None:
        """Start the pack in `folder`; it goes on loading while the caller does other things.

        Raises UsageError when there is no pack.
        """
        if not (folder / "PulumiPolicy.yaml").is_file():
            raise UsageError(f"{folder}: there is no policy pack here (no PulumiPolicy.yaml)")
        self.folder = folder
        pack = [sys.executable, "-u", "-m", "pulumi.policy", _NO_ENGINE, str(folder)]
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(os.getpid()), *pack],
            cwd=folder,
            env=os.environ
            | {
                "PULUMI_ORGANIZATION": "organization",
                "PULUMI_PROJECT": project,
                "PULUMI_STACK": stack,
                "PULUMI_DRY_RUN": "true" if dry_run else "false",
                "PULUMI_CONFIG": json.dumps(config.values),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        self._said: list[str] = []
        self._threads = [self._listen(self._process.stderr)]

    def port(self) -> int:
        """Wait until the pack serves and return its port. Raises OperationError with what it said when it never does."""
        out = self._process.stdout
        line = out.readline().strip() if out else ""
        if not line.isdecimal():
            self.stop()
            said = (
                "\n".join(([line] if line else []) + self._said)
                or f"exit code {self._process.returncode}, no output"
            )
            raise OperationError(f"the policy pack {self.folder} did not start:\n{said}")
        self._threads.append(self._listen(out))
        return int(line)

    def said(self) -> list[str]:
        """Return the lines it has written since the last call, but for the port."""
        said, self._said[:] = list(self._said), []
        return said

    def stop(self) -> None:
        """End the process and wait for it; ending it twice is no error."""
        self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join()
        for stream in (self._process.stdout, self._process.stderr):
            if stream:
                stream.close()

    def _listen(self, stream: IO[str] | None) -> threading.Thread:
        thread = threading.Thread(target=self._collect, args=(stream,), daemon=True)
        thread.start()
        return thread

    def _collect(self, stream: IO[str] | None) -> None:
        for line in stream or ():
            self._said.append(line.rstrip("\n"))
