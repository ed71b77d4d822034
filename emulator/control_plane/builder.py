"""The control plane's programs, built from their Go modules once for each go.mod and go.sum."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from emulator.go_modules import GoModule

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = Path(__file__).parent
BINARIES = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl", "kwok")
"""The programs, by the names they have in the bin folder."""


@cache
def module(folder: Path = HERE) -> GoModule:
    """Return the control plane's module; `folder` holds its go.mod. Raises BuildError when that pins no Kubernetes."""
    plain = GoModule("control plane", "control-plane", folder, "", BINARIES)
    version = plain.pinned("k8s.io/kubernetes")
    major, minor, _ = version.split(".", 2)
    # Without the version the API server would call itself v0.0.0-master.
    here = "k8s.io/component-base/version"
    stamps: Mapping[str, str] = {
        f"{here}.gitVersion": f"v{version}",
        f"{here}.gitMajor": major,
        f"{here}.gitMinor": minor,
    }
    renamed = {"server": "etcd"}  # Go names a program by its package
    return GoModule(plain.name, plain.key, folder, f"Kubernetes {version}", BINARIES, "tool", stamps, renamed)


def kubernetes_version() -> str:
    """Return the Kubernetes version that go.mod pins, such as `1.36.3`."""
    return module().pinned("k8s.io/kubernetes")


def is_built() -> bool:
    """Tell whether the programs of this very go.mod and go.sum are there."""
    return module().is_built()


def build(out: TextIO) -> Path:
    """Build what is missing and return the folder of the programs; progress goes to `out`. Raises BuildError."""
    return module().build(out)
