"""Commands in the lab: Ctrl-C is theirs, and what they leave is nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.engine.left_behind import left_behind
from tests.engine.small import until

ROOT = Path(__file__).parents[2]


def test_ctrl_c_ends_the_command_and_then_the_lab(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: small\nruntime: python\n")
    # A shell that tells of its Ctrl-C; it would not have heard it, were it started with the signal ignored.
    script = "trap 'echo interrupted; exit 7' INT; touch running; while :; do sleep 0.1; done"
    command = [sys.executable, "-m", "emulator", "run", "-C", str(tmp_path), "--", "sh", "-c", script]
    with subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    ) as process:
        until(lambda: (tmp_path / "running").exists() or process.poll() is not None)
        os.killpg(process.pid, signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert (process.returncode, said.strip()) == (7, "interrupted")
    assert left_behind(tmp_path) == []
