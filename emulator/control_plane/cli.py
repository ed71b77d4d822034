"""`python -m emulator.control_plane build`: build the binaries; `run`: start one until Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import threading
from pathlib import Path

from secure_aks_lifecycle.ending import typed

from emulator.control_plane.builder import build
from emulator.control_plane.processes import ProcessError
from emulator.control_plane.server import ControlPlane
from emulator.go_modules import BuildError


def main() -> int:
    """Run one command; 0 is fine, 1 a failure that was explained."""
    parser = argparse.ArgumentParser(prog=typed("emulator.control_plane"), description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="build the control plane's binaries, once")
    run = commands.add_parser("run", help="run one until Ctrl-C and print its kubeconfig's path")
    run.add_argument("--dir", type=Path, help="keep its data in this folder (default: a temporary one)")
    options = parser.parse_args()
    try:
        build(sys.stderr)
        if options.command == "run":
            _run(options.dir)
    except (BuildError, ProcessError) as error:
        sys.stderr.write(f"control plane: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _run(folder: Path | None) -> None:
    # Set, not inherited: a shell starts background jobs with SIGINT ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    with ControlPlane(folder) as control_plane, contextlib.suppress(KeyboardInterrupt):
        sys.stdout.write(f"export KUBECONFIG={control_plane.kubeconfig()}\n")
        sys.stdout.flush()
        threading.Event().wait()
