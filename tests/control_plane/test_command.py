"""`python -m emulator.control_plane run`."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.control_plane
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("how", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.soak)])
def test_run_prints_a_kubeconfig_that_works_and_ends_when_told(control_plane, tmp_path, how):
    command = [sys.executable, "-m", "emulator.control_plane", "run", "--dir", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        line = running.stdout.readline()
        kubeconfig = line.removeprefix("export KUBECONFIG=").strip()
        kubectl = [control_plane.bin / "kubectl", f"--kubeconfig={kubeconfig}", "get", "--raw", "/readyz"]
        assert subprocess.run(kubectl, capture_output=True, text=True, check=False).stdout == "ok"
        running.send_signal(how)
        assert running.wait(60) == 0
    gone = subprocess.run(kubectl, capture_output=True, text=True, check=False)
    assert "refused" in gone.stderr
