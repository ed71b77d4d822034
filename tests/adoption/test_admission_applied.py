"""docs/in-parts.md: the printed policies, applied by its own commands to an API server that nothing else of this project touched."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests import control_plane_fixture
from tests.adoption.test_in_parts import PAGE
from tests.adoption.workflows import ROOT
from tests.security.build import DELETE, mutate, pod

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from emulator.control_plane.server import ControlPlane

pytestmark = [pytest.mark.soak, pytest.mark.control_plane]
WELL = mutate(pod(), {"metadata.namespace": "shop"})
PRIVILEGED = mutate(
    WELL, {"C.securityContext.allowPrivilegeEscalation": DELETE, "C.securityContext.privileged": True}
)


@pytest.fixture(scope="module")
def control_plane() -> Generator[ControlPlane]:
    """Of its own: the policies hold for the whole cluster."""
    yield from control_plane_fixture.started()


class Shell:
    """A folder beside the clone, with `kubectl` for the cluster."""

    def __init__(self, control_plane: ControlPlane, folder: Path) -> None:
        (folder / "secure-aks").symlink_to(ROOT)
        self.folder = folder / "mine"
        self.folder.mkdir()
        config = control_plane.kubeconfig(folder / "config", user="ann", groups=["system:masters"])
        path = os.pathsep.join((str(control_plane.bin), os.environ["PATH"]))
        self.environment = {**os.environ, "HOME": str(folder), "KUBECONFIG": str(config), "PATH": path}

    def run(self, command: str, said: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command],
            cwd=self.folder,
            env=self.environment,
            input=said,
            capture_output=True,
            text=True,
            check=False,
        )

    def create(self, pod: Any) -> tuple[int, str]:
        done = self.run("kubectl create --dry-run=server -f -", json.dumps(pod))
        return done.returncode, done.stderr

    def until(self, pod: Any, code: int, says: str) -> str:
        """Create a pod until it is answered so: policies are in force about a second after they are made."""
        deadline = time.monotonic() + 60
        while True:
            ended, said = self.create(pod)
            if ended == code and says in said:
                return said
            assert time.monotonic() < deadline, (ended, said)
            time.sleep(0.3)


def test_what_is_printed_refuses_and_admits(control_plane: ControlPlane, tmp_path: Path) -> None:
    shell = Shell(control_plane, tmp_path)
    [words] = re.findall(r"```sh\n(\.\./secure-aks/secure-aks admission .*?)```", PAGE, re.DOTALL)
    assert shell.run("kubectl create namespace shop").returncode == 0
    assert shell.create(PRIVILEGED) == (0, "")

    done = shell.run(words)  # warns
    assert done.returncode == 0, done.stderr
    assert "pod-privileged" in shell.until(PRIVILEGED, 0, "pod-privileged")

    done = shell.run(words.replace("--mode Warn", "--mode Deny --json"))
    assert done.returncode == 0, done.stderr
    shell.until(
        PRIVILEGED,
        1,
        "ValidatingAdmissionPolicy 'secure-aks-pods' with binding 'secure-aks-pods' denied request",
    )
    assert shell.create(WELL) == (0, "")

    done = shell.run(words)  # back to warnings: nothing of what denied is left
    assert done.returncode == 0, done.stderr
    shell.until(PRIVILEGED, 0, "pod-privileged")

    [away] = re.findall(r"`(kubectl delete -f [^`]+)`", PAGE)
    done = shell.run(away)
    assert done.returncode == 0, done.stderr
    shell.until(PRIVILEGED, 0, "")
