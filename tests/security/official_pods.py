"""The pods by which Kubernetes itself tests the Pod Security Standards, out of the module the control plane is built of."""

import functools
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from emulator.control_plane.builder import HERE, cache_folder
from emulator.control_plane.toolchain import find_go

MODULE = "k8s.io/pod-security-admission"


class OfficialPod(NamedTuple):
    """One pod: the profile it is for, the check it is about ("base": none) and whether it is to pass."""

    profile: str
    check: str
    passes: bool
    pod: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.profile} {'pass' if self.passes else 'fail'} {self.pod['metadata']['name']}"


@functools.cache
def module_folder() -> Path:
    """Where Go keeps the module; downloaded if only the built binaries are left of it."""
    go = find_go(HERE / "go.mod", cache_folder())
    environment = {**os.environ, "GOTOOLCHAIN": "local", "GOWORK": "off"}
    command = [go, "mod", "download", "-json", MODULE]
    done = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, check=True)
    return Path(json.loads(done.stdout)["Dir"])


def official_pods() -> list[OfficialPod]:
    """The pods for the newest minor that has any: a minor that changes nothing adds none."""
    folder = module_folder() / "test" / "testdata"
    newest = max(_minors(folder / "baseline"))
    return [
        OfficialPod(profile, _check(path), verdict == "pass", _read(path))
        for profile in ("baseline", "restricted")
        for verdict in ("pass", "fail")
        for path in sorted((folder / profile / f"v1.{newest}" / verdict).glob("*.yaml"))
    ]


def newest_minor() -> int:
    """The minor, the 35 of 1.35, those pods are for."""
    return max(_minors(module_folder() / "test" / "testdata" / "baseline"))


def _minors(folder: Path) -> list[int]:
    return [int(path.name.removeprefix("v1.")) for path in folder.iterdir()]


def _check(path: Path) -> str:
    return re.sub(r"\d+$", "", path.stem).partition("_linux")[0].partition("_windows")[0]


def _read(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text())
