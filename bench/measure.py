"""Times whole commands, side by side in one run: this machine's noise hits both sides alike."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def seconds(command: list[str], environment: dict[str, str] | None = None, cwd: Path = ROOT) -> float:
    """Run a command and return its wall time. Raises CalledProcessError, with its output, when it fails."""
    return both_seconds(command, environment, cwd)[0]


def both_seconds(
    command: list[str], environment: dict[str, str] | None = None, cwd: Path = ROOT
) -> tuple[float, float]:
    """Run a command as `seconds` does; return its wall time and the processor time of it and all its children."""
    before, begin = processor_seconds(), time.perf_counter()
    done = subprocess.run(
        command,
        cwd=cwd,
        env=warm(environment or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    took = time.perf_counter() - begin
    if done.returncode:
        print(done.stdout[-3000:], file=sys.stderr)
        done.check_returncode()
    return took, processor_seconds() - before


def warm(environment: dict[str, str]) -> dict[str, str]:
    """Return this process's environment with more in it, and with Python keeping its bytecode: warm is warm."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **environment}


def processor_seconds() -> float:
    """Return the processor time of all children so far that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def peak_mib() -> float:
    """Return the highest memory that any child so far has used, in MiB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def median(values: list[float]) -> float:
    """Return the median."""
    return statistics.median(values)
