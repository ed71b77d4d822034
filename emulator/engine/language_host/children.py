"""The processes that the host starts: a program, policy packs. None of them outlives the host, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

# On Linux the kernel ends a child whose parent dies, even by SIGKILL; the mark survives the exec.
_LAUNCHER = """
import os, sys
if sys.platform == "linux":
    import ctypes, signal
    ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL)
    if os.getppid() != int(sys.argv[1]):
        sys.exit(1)
os.execv(sys.argv[2], sys.argv[2:])
"""
TOLD = 32
"""Exit code of a program that failed with its reason logged to the engine (as with Pulumi's own host)."""
_LOOK = 0.5
"""Seconds between two looks whether the engine is still there."""


def start(command: Sequence[str | Path], **options: Any) -> subprocess.Popen[bytes]:
    """Start a process that ends with this one. Call it from a thread that lives as long as the process should."""
    launcher = [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(os.getpid())]
    process: Any = subprocess.Popen([*launcher, *command], stdin=subprocess.DEVNULL, **options)
    return process


def interpreter(root: Path, options: Mapping[str, Any]) -> str:
    """Return the Python of a project: that of its `virtualenv` option where there is one, else this one."""
    named = options.get("virtualenv")
    found = root / str(named) / ("Scripts/python.exe" if os.name == "nt" else "bin/python") if named else None
    return str(found) if found is not None and found.is_file() else sys.executable


def end_with_parent() -> None:
    """End this process soon after its parent: an engine that was killed cannot say that it is done."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="parent", daemon=True).start()
