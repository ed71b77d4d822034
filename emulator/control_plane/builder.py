"""Build the control plane's binaries from their Go modules, once for each go.mod and go.sum."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from emulator.control_plane.toolchain import ToolchainError, find_go

if TYPE_CHECKING:
    from collections.abc import Generator

HERE = Path(__file__).parent
BINARIES = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl", "kwok")
"""The binaries, by the names they have in the bin folder."""


class BuildError(Exception):
    """The build failed; the message ends with what the Go command said."""


def cache_folder() -> Path:
    """Return the folder for what is built: SECURE_AKS_CACHE, else .cache beside the program."""
    return Path(os.environ.get("SECURE_AKS_CACHE") or HERE.parents[1] / ".cache").resolve() / "control-plane"


def kubernetes_version(go_mod: Path = HERE / "go.mod") -> str:
    """Return the Kubernetes version that go.mod pins, such as `1.36.3`."""
    found = re.search(r"^\s*k8s\.io/kubernetes v(\S+)", go_mod.read_text(), re.MULTILINE)
    if found is None:
        raise BuildError(f"{go_mod}: no k8s.io/kubernetes line; restore the file from git")
    return found[1]


def fingerprint() -> str:
    """Return what the binaries depend on, as one hash: go.mod and go.sum."""
    return hashlib.sha256((HERE / "go.mod").read_bytes() + (HERE / "go.sum").read_bytes()).hexdigest()


def is_built() -> bool:
    """Tell whether the binaries of this very go.mod and go.sum are there."""
    stamp = cache_folder() / "bin" / ".stamp"
    return stamp.is_file() and stamp.read_text() == fingerprint()


def build(out: TextIO) -> Path:
    """Build what is missing and return the folder of the binaries; progress goes to `out`.

    Safe for several callers at a time: one builds, the others wait for it. Raises BuildError.
    """
    folder = cache_folder()
    if is_built():
        return folder / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder / "lock", out):
        if not is_built():
            _build(folder, out)
    return folder / "bin"


def _build(folder: Path, out: TextIO) -> None:
    started = time.monotonic()
    try:
        go = find_go(HERE / "go.mod", folder)
    except ToolchainError as error:
        raise BuildError(str(error)) from error
    fresh = folder / "bin.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    version = kubernetes_version()
    out.write(f"control plane: building Kubernetes {version} (a few minutes, this once)\n")
    environment = {**os.environ, "GOTOOLCHAIN": "local", "CGO_ENABLED": "0", "GOWORK": "off"}
    total = _package_count(go, environment)
    command = [
        go,
        "build",
        "-v",
        "-p",
        str(os.cpu_count() or 2),
        "-trimpath",
        "-mod=readonly",
        "-buildvcs=false",
    ]
    # Without the version the API server would call itself v0.0.0-master.
    stamp = f"-s -w -X k8s.io/component-base/version.gitVersion=v{version}"
    major, minor, _ = version.split(".", 2)
    stamp += f" -X k8s.io/component-base/version.gitMajor={major} -X k8s.io/component-base/version.gitMinor={minor}"
    _run([*command, "-ldflags", stamp, "-o", f"{fresh}{os.sep}", "tool"], environment, total, out)
    (fresh / "server").rename(fresh / "etcd")  # Go names a binary by its package
    if missing := [name for name in BINARIES if not (fresh / name).is_file()]:
        raise BuildError(f"go build made no {', '.join(missing)}; restore go.mod from git")
    (fresh / ".stamp").write_text(fingerprint())
    shutil.rmtree(folder / "bin", ignore_errors=True)
    fresh.rename(folder / "bin")
    out.write(f"control plane: built in {time.monotonic() - started:.0f} s, in {folder / 'bin'}\n")


def _package_count(go: Path, environment: dict[str, str]) -> int:
    """Return how many packages the binaries consist of; this also downloads the modules."""
    command = [go, "list", "-mod=readonly", "-deps", "-f", "{{.ImportPath}}", "tool"]
    done = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"the Go modules could not be loaded:\n{done.stderr.strip()}")
    return len(done.stdout.splitlines())


def _run(command: list[str | Path], environment: dict[str, str], total: int, out: TextIO) -> None:
    """Run `go build -v`, which names each package it compiles, and show how far it is."""
    said: list[str] = []
    compiled, shown = 0, 0.0
    terminal = out.isatty()
    before, after, every = ("\r\033[K", "", 0.2) if terminal else ("", "\n", 15.0)
    with subprocess.Popen(
        command, cwd=HERE, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as process:
        for line in process.stderr or ():
            said.append(line)
            compiled += 1
            if time.monotonic() - shown >= every:
                shown = time.monotonic()
                out.write(f"{before}control plane: {compiled} of at most {total} packages{after}")
                out.flush()
    out.write(before)
    if process.returncode:
        raise BuildError("go build failed:\n" + "".join(said[-30:]).strip())


@contextlib.contextmanager
def _locked(path: Path, out: TextIO) -> Generator[None]:
    """Hold the lock file `path`; it is the kernel's lock, so a killed builder leaves none."""
    if os.name == "nt":
        raise BuildError("the control plane runs on Linux and macOS; on Windows use WSL")
    import fcntl  # noqa: PLC0415 - not there on Windows, where the message above says so

    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            out.write("control plane: another build is under way, waiting for it\n")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
