"""Build a Go module's programs once for each content of its folder; several callers may ask at a time."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from emulator.go_modules.toolchain import ToolchainError, find_go

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

ROOT = Path(__file__).parents[2]


class BuildError(Exception):
    """The build failed; the message ends with what the Go command said."""


def cache_folder() -> Path:
    """Return the folder for what is built: SECURE_AKS_CACHE, else .cache beside the program."""
    return Path(os.environ.get("SECURE_AKS_CACHE") or ROOT / ".cache").resolve()


@dataclass(frozen=True)
class GoModule:
    """A module of our own whose go.mod pins released modules, and the programs that come of it.

    `name` is how messages call it, `what` what they say is built; the programs go to `<cache>/<key>/bin`. `packages` is
    what `go build` builds ("tool": the go.mod's tools), `stamps` are linker variables that tell a program its version,
    `renamed` maps the names that Go gives to those in `programs`.
    """

    name: str
    key: str
    folder: Path
    what: str
    programs: tuple[str, ...]
    packages: str = "tool"
    stamps: Mapping[str, str] = field(default_factory=dict[str, str])
    renamed: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def bin(self) -> Path:
        """Where the programs are once they are built."""
        return cache_folder() / self.key / "bin"

    def pinned(self, module: str) -> str:
        """Return the version that go.mod pins for a module, without the `v`. Raises BuildError when it pins none."""
        go_mod = self.folder / "go.mod"
        found = re.search(rf"^\s*(?:require )?{re.escape(module)} v(\S+)", go_mod.read_text(), re.MULTILINE)
        if found is None:
            raise BuildError(f"{go_mod}: no {module} line; restore the file from git")
        return found[1]

    def is_built(self) -> bool:
        """Tell whether the programs of this very folder are there."""
        stamp = self.bin / ".stamp"
        return stamp.is_file() and stamp.read_text() == self._fingerprint()

    def build(self, out: TextIO) -> Path:
        """Build what is missing and return the folder of the programs; progress goes to `out`.

        Safe for several callers at a time: one builds, the others wait for it. Raises BuildError.
        """
        if self.is_built():
            return self.bin
        try:
            self.bin.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            why = f"{error.filename}: {error.strerror}: the {self.name} cannot be built there"
            raise BuildError(f"{why}; name a folder that can be made: SECURE_AKS_CACHE=<folder>") from None
        with _locked(self.bin.parent / "lock", self.name, out):
            if not self.is_built():
                self._build(out)
        return self.bin

    def _fingerprint(self) -> str:
        """Return what the programs depend on, as one hash: the pins, our own Go files and the linker's variables."""
        digest = hashlib.sha256(repr(sorted(self.stamps.items())).encode())
        for path in sorted([*self.folder.glob("go.*"), *self.folder.glob("*.go")]):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def _build(self, out: TextIO) -> None:
        started = time.monotonic()
        try:
            go = find_go(self.folder / "go.mod", cache_folder())
        except ToolchainError as error:
            raise BuildError(str(error)) from error
        fresh = self.bin.with_name("bin.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        out.write(f"{self.name}: building {self.what} (a few minutes, this once)\n")
        out.flush()
        environment = {**os.environ, "GOTOOLCHAIN": "local", "CGO_ENABLED": "0", "GOWORK": "off"}
        total = self._package_count(go, environment)
        command: list[str | Path] = [go, "build", "-v", "-p", str(os.cpu_count() or 2), "-trimpath"]
        command += ["-mod=readonly", "-buildvcs=false"]
        flags = " ".join(["-s -w", *(f"-X {name}={value}" for name, value in self.stamps.items())])
        command += ["-ldflags", flags, "-o", f"{fresh}{os.sep}", self.packages]
        self._run(command, environment, total, out)
        for made, wanted in self.renamed.items():
            (fresh / made).rename(fresh / wanted)
        if missing := [name for name in self.programs if not (fresh / name).is_file()]:
            raise BuildError(f"go build made no {', '.join(missing)}; restore go.mod from git")
        (fresh / ".stamp").write_text(self._fingerprint())
        shutil.rmtree(self.bin, ignore_errors=True)
        fresh.rename(self.bin)
        out.write(f"{self.name}: built in {time.monotonic() - started:.0f} s, in {self.bin}\n")

    def _package_count(self, go: Path, environment: dict[str, str]) -> int:
        """Return how many packages the programs consist of; this also downloads the modules."""
        command = [go, "list", "-mod=readonly", "-deps", "-f", "{{.ImportPath}}", self.packages]
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise BuildError(f"the Go modules could not be loaded:\n{done.stderr.strip()}")
        return len(done.stdout.splitlines())

    def _run(self, command: list[str | Path], environment: dict[str, str], total: int, out: TextIO) -> None:
        """Run `go build -v`, which names each package it compiles, and show how far it is."""
        said: list[str] = []
        shown = 0.0
        before, after, every = ("\r\033[K", "", 0.2) if out.isatty() else ("", "\n", 15.0)
        with subprocess.Popen(
            command,
            cwd=self.folder,
            env=environment,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        ) as process:
            for compiled, line in enumerate(process.stderr or (), start=1):
                said.append(line)
                if time.monotonic() - shown >= every:
                    shown = time.monotonic()
                    out.write(f"{before}{self.name}: {compiled} of at most {total} packages{after}")
                    out.flush()
        out.write(before)
        if process.returncode:
            raise BuildError("go build failed:\n" + "".join(said[-30:]).strip())


@contextlib.contextmanager
def _locked(path: Path, name: str, out: TextIO) -> Generator[None]:
    """Hold the lock file `path`; it is the kernel's lock, so a killed builder leaves none."""
    if os.name == "nt":
        raise BuildError("this runs on Linux and macOS; on Windows use WSL")
    import fcntl  # noqa: PLC0415 - not there on Windows, where the message above says so

    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            out.write(f"{name}: another build is under way, waiting for it\n")
            out.flush()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
