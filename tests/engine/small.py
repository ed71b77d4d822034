"""A small project on the engine through our own language host: seconds instead of half a minute."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from emulator.engine.language_host.install import install_language_host, language_host_environment
from emulator.lab import Lab
from tests.engine.left_behind import left_behind

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

PRELUDE = """
import pathlib, time
import pulumi

class Thing(pulumi.CustomResource):  # of the kubernetes package, which takes anything with these keys
    def __init__(self, name, data=None, opts=None):
        body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "app"}, "data": data or {}}
        super().__init__("kubernetes:core/v1:ConfigMap", name, body, opts)
"""
WAITING = f'{PRELUDE}\nThing("a")\npathlib.Path("running").write_text("")\ntime.sleep(600)\n'
"""A program that says that it runs, and does not end."""


class Small:
    """A project in a folder, its lab up, and our own language host first on PATH."""

    def __init__(self, folder: Path, lab: Lab) -> None:
        self.folder = folder
        host = folder / "host"
        host.mkdir()
        install_language_host(host)
        path = os.pathsep.join([str(host), lab.environment["PATH"]])
        clock = {"SECURE_AKS_CLOCK": "2026-11-23"}
        self.environment = {
            **os.environ,
            **lab.environment,
            **language_host_environment(),
            **clock,
            "PATH": path,
        }

    def pulumi(self, *words: str, packs: tuple[Path, ...] = ()) -> tuple[int, str]:
        """Run the CLI to its end; return its exit code and all that it printed."""
        given = [part for pack in packs for part in ("--policy-pack", str(pack))]
        done = subprocess.run(self._command(*words, *given), **self._with(), check=False)
        return done.returncode, done.stdout

    def started(self, *words: str) -> subprocess.Popen[str]:
        """Start the CLI in a process group of its own; return when its program runs."""
        (self.folder / "running").unlink(missing_ok=True)
        process = subprocess.Popen(self._command(*words), **self._with(), process_group=0)
        until(lambda: (self.folder / "running").exists() or process.poll() is not None)
        assert process.poll() is None, process.stdout and process.stdout.read()
        return process

    def program(self, text: str, *, prelude: str = PRELUDE) -> None:
        """Put another program in place."""
        (self.folder / "__main__.py").write_text(f"{prelude}\n{text}\n")

    def left_behind(self) -> list[str]:
        """What an ended operation has left: one that was killed may take a moment."""
        until(lambda: not left_behind(self.folder))
        return left_behind(self.folder)

    def _command(self, *words: str) -> list[str]:
        return ["pulumi", *words, "--stack", "dev", "--non-interactive"]

    def _with(self) -> dict[str, Any]:
        pipe = subprocess.PIPE
        return {
            "cwd": self.folder,
            "env": self.environment,
            "text": True,
            "stdout": pipe,
            "stderr": subprocess.STDOUT,
        }


def small(folder: Path) -> Generator[Small]:
    """Yield a project whose stack is made, for as long as a fixture needs it."""
    (folder / "Pulumi.yaml").write_text("name: small\nruntime: python\n")
    with Lab(folder / ".emulator", out=sys.__stderr__) as lab:
        project = Small(folder, lab)
        code, said = project.pulumi("stack", "init")
        assert code == 0, said
        yield project


def until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    """Look until something is so, for at most that long; the test then finds what is."""
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.05)
