"""The pods by which Kubernetes itself tests the Pod Security Standards, out of the module the control plane is built of."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.go_modules import module_folder

MODULE = "k8s.io/pod-security-admission"


class OfficialPod(NamedTuple):
    """One pod: the profile it is for, the check it is about ("base": none) and whether it is to pass."""

    profile: str
    check: str
    passes: bool
    pod: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.profile} {'pass' if self.passes else 'fail'} {self.pod['metadata']['name']}"


def official_pods() -> list[OfficialPod]:
    """The pods for the newest minor that has any: a minor that changes nothing adds none."""
    return pods_of(newest_minor())


def minors() -> list[int]:
    """Every minor that has pods."""
    return sorted(_minors(module_folder(MODULE) / "test" / "testdata" / "baseline"))


def pods_of(minor: int) -> list[OfficialPod]:
    """The pods for one minor."""
    folder = module_folder(MODULE) / "test" / "testdata"
    return [
        OfficialPod(profile, _check(path), verdict == "pass", _read(path))
        for profile in ("baseline", "restricted")
        for verdict in ("pass", "fail")
        for path in sorted((folder / profile / f"v1.{minor}" / verdict).glob("*.yaml"))
    ]


def newest_minor() -> int:
    """The minor, the 35 of 1.35, those pods are for."""
    return max(_minors(module_folder(MODULE) / "test" / "testdata" / "baseline"))


def _minors(folder: Path) -> list[int]:
    return [int(path.name.removeprefix("v1.")) for path in folder.iterdir()]


def _check(path: Path) -> str:
    return re.sub(r"\d+$", "", path.stem).partition("_linux")[0].partition("_windows")[0]


def _read(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text())
