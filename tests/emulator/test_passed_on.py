"""A command through `make azure-preview` and `make azure-up`: what it says arrives, or the exit code tells."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STAND_IN = """#!/bin/sh
trap '' PIPE
echo "$@"
echo said again
echo "to the end" > "$ENDED"
exit ${CODE:-0}
"""


@pytest.fixture
def shell(tmp_path):
    """Run a line of a shell where `pulumi` is a program that looks at no write, as the real one."""
    program = tmp_path / "bin" / "pulumi"
    program.parent.mkdir()
    program.write_text(STAND_IN)
    program.chmod(0o755)
    az = program.with_name("az")  # somebody is logged in
    az.write_text("#!/bin/sh\n")
    az.chmod(0o755)
    ended = tmp_path / "ended"

    def run(line: str, **environment: str) -> tuple[int, str, str, bool]:
        ended.unlink(missing_ok=True)
        path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            cwd=ROOT,
            env={**os.environ, "PATH": path, "ENDED": str(ended), **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        return done.returncode, done.stdout, done.stderr, ended.exists()

    return run


@pytest.mark.parametrize("target", ["azure-preview", "azure-up"])
def test_a_full_disk_ends_no_command_of_the_makefile_with_0(shell, target):
    code, _, said, ended = shell(f"make --silent -o .venv/.ready {target} >/dev/full")
    assert (code, ended) == (2, True)
    assert "standard output: No space left on device: what pulumi said is lost, which ended with 0" in said
    assert "Traceback" not in said


def test_what_it_says_and_its_code_come_through(shell):
    assert shell("make --silent -o .venv/.ready azure-preview STACK=prod ARGS=--diff")[1].startswith(
        "preview --stack prod "
    )
    code, _, said, _ = shell("make --silent -o .venv/.ready azure-up", CODE="7")
    assert (code, "Error 7" in said) == (2, True)


def test_a_reader_that_goes_stops_nothing_half_way(shell):
    code, said, errors, ended = shell("make --silent -o .venv/.ready azure-up | head -c 1")
    assert (code != 0, said, ended) == (True, "u", True) or (code, said, ended) == (0, "u", True)
    assert "Traceback" not in errors


def test_a_machine_without_it_is_told(tmp_path):
    bare = tmp_path / "bin"
    bare.mkdir()
    for name in ("make", "bash"):
        (bare / name).symlink_to(str(shutil.which(name)))
    for target in ("azure-preview", "azure-up"):
        done = subprocess.run(
            ["make", "--silent", "-o", ".venv/.ready", target], cwd=ROOT, env={**os.environ, "PATH": str(bare)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 2
        assert done.stderr.splitlines()[0].startswith("pulumi is not on PATH: install it"), done.stderr
    (bare / "pulumi").write_text("no program")
    done = subprocess.run(
        ["make", "--silent", "-o", ".venv/.ready", "azure-up"], cwd=ROOT, env={**os.environ, "PATH": str(bare)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "pulumi" in done.stderr.splitlines()[0]
    assert "Traceback" not in done.stderr


@contextmanager
def under_way(tmp_path):
    """A Pulumi that ends in order when it is interrupted, passed on in a session of its own."""
    program = tmp_path / "bin" / "pulumi"
    program.write_text(
        "#!/bin/sh\ntrap 'echo stopped in order; exit 5' INT\n: > \"$ENDED\"\nwhile :; do sleep 0.1; done\n"
    )
    started = tmp_path / "ended"
    with subprocess.Popen(
        [sys.executable, "-m", "emulator.engine.passed_on", program], cwd=ROOT,
        env={**os.environ, "ENDED": str(started)}, stdout=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        while not started.exists():
            assert process.poll() is None
            time.sleep(0.05)
        yield process


def test_an_interrupt_is_the_commands_own_affair(shell, tmp_path):
    """Ctrl-C reaches both: the one that passes on waits for what the other says of it."""
    with under_way(tmp_path) as process:
        os.killpg(process.pid, signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert (process.returncode, said) == (5, "stopped in order\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_ends_it_alone_or_closes_its_terminal_lets_pulumi_end_in_order(shell, tmp_path, number):
    """The engine would go by the signal at once, or by the pipe that breaks, and leave a lock."""
    with under_way(tmp_path) as process:
        if number == signal.SIGHUP:
            os.killpg(process.pid, number)
        else:
            os.kill(process.pid, number)
        try:
            said, _ = process.communicate(timeout=20)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    assert (process.returncode, said) == (128 + number, "stopped in order\n")
