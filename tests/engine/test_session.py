"""Commands in the lab: Ctrl-C is theirs, and what they leave is nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from emulator.engine.stacks import config_file, salt
from emulator.engine.states import look_whole
from emulator.session import Session
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


PROGRAM = """import pulumi

pulumi.export("one", "only")
pulumi.export("long", {str(number): "x" * 100 for number in range(100)})
pulumi.export("kept", pulumi.Output.secret("y" * 4000))
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of three outputs, two of them long and one of those a secret, whose lab stays between commands."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "Pulumi.yaml").write_text("name: small\nruntime: python\n")
    (folder / "Pulumi.dev.yaml").write_text("config: {}\n")
    (folder / "__main__.py").write_text(PROGRAM)
    return folder


def shell(folder: Path, words: str) -> tuple[int, str, str]:
    """Run the command line of the lab as a shell does; return its exit code and what it printed."""
    command, *rest = words.split(" ", 1)
    where = f"{sys.executable} -m emulator {command} -C {folder} {' '.join(rest)}"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", where],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("command", ["preview -s dev --no-policies", "run -- pulumi version"])
def test_a_full_disk_behind_the_engine_is_no_success(small: Path, command: str) -> None:
    code, _, said = shell(small, f"{command} >/dev/full")
    assert code == 1
    assert said.splitlines()[-1] == (
        "error: standard output: No space left on device: what pulumi said is lost, which ended with 0; make room for it, and run it again"
    )
    assert "Traceback" not in said


def test_an_up_whose_reader_goes_away_is_brought_to_its_end(small: Path) -> None:
    code, shown, said = shell(small, "up -s dev --yes --no-policies | head -1")
    assert (code, shown) == (141, "Previewing update (dev):\n")
    assert "only" in shell(small, "outputs -s dev")[1], said


@pytest.mark.soak
def test_an_up_ends_with_a_few_lines_of_each_output(small: Path) -> None:
    code, shown, said = shell(small, "up -s dev --yes --no-policies")
    assert code == 0, said
    _, _, ending = shown.partition("Duration:")
    lines = ending.splitlines()[1:]
    assert len(lines) < 12
    assert all(len(line) <= 80 for line in lines if not line.startswith("whole:"))  # a command, in one piece
    assert [line for line in lines if line.startswith(("kept", "one"))] == ["kept: [secret]", "one: only"]
    assert "y" * 4000 not in shown
    assert shell(small, "outputs -s dev kept")[1].strip() == "y" * 4000


def test_a_stack_whose_salt_was_not_kept_goes_on_with_that_of_its_state(small: Path) -> None:
    """What a kill, or a disk without room, leaves between the making of a stack and the keeping of its salt."""
    with Session(small) as session:
        asked = (small, "dev", session.folder, session.whole_environment)
        made = salt(*asked)
        (session.folder / "salts" / "dev").unlink()
        assert salt(*asked) == made
        assert (session.folder / "salts" / "dev").read_text() == made
        for state in session.backend.rglob("stacks/*/dev.json*"):
            state.unlink()


def test_a_stack_is_made_where_it_is_not_whatever_salt_there_is(tmp_path: Path) -> None:
    """The engine would only say that there is no such stack."""
    (tmp_path / "Pulumi.yaml").write_text("name: small\nruntime: python\n")
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text("config: {}\n")
    with Session(tmp_path) as session:
        asked = (tmp_path, "dev", session.folder, session.whole_environment)
        made = salt(*asked)
        (state,) = session.backend.rglob("stacks/*/dev.json")
        state.unlink()
        assert salt(*asked) != made
        assert state.exists()
        state.unlink()
        file.write_text(f"config: {{}}\n{made}\n")  # of another backend, where the stack file was made
        assert config_file(*asked).read_text() == file.read_text()
        assert state.exists()


def test_the_stack_files_have_their_salts_while_a_command_runs(tmp_path: Path) -> None:
    """Else Pulumi writes one into them, and lays them out anew."""
    (tmp_path / "Pulumi.yaml").write_text("name: small\nruntime: python\n")
    stack_file, salts = tmp_path / "Pulumi.dev.yaml", tmp_path / ".emulator" / "salts"
    stack_file.write_text("config:  {}  # as it was\n")
    salts.mkdir(parents=True)
    (salts / "dev").write_text("encryptionsalt: v1:x")
    assert shell(tmp_path, f"run -- cat {stack_file}")[1].endswith("# as it was\nencryptionsalt: v1:x\n")
    assert stack_file.read_text() == "config:  {}  # as it was\n"


def test_a_state_that_is_not_whole_stops_no_repair_of_it(small: Path) -> None:
    with Session(small, None) as session:
        salt(small, "dev", session.folder, session.whole_environment)
    (state,) = session.backend.rglob("stacks/*/dev.json")
    before = state.read_text()
    whole = json.loads(before)
    stack = "urn:pulumi:dev::small::pulumi:pulumi:Stack::small-dev"
    lost = {"urn": stack, "type": "pulumi:pulumi:Stack", "custom": False, "dependencies": [f"{stack}-gone"]}
    whole["checkpoint"]["latest"]["resources"] = [lost]
    state.write_text(json.dumps(whole))
    assert "it names a resource that is not before it" in shell(small, "run -- true")[2]
    assert shell(small, "run -- pulumi state repair --yes --stack dev")[0] == 0
    look_whole(session.backend)
    state.write_text(before)


def test_a_command_that_was_killed_is_said_to_be(small: Path) -> None:
    code, _, said = shell(small, "run -- sh -c 'kill -9 $$'")
    assert (code, said) == (137, "sh was ended by a signal: Killed\n")


PROTECTED = """import pulumi

pulumi.ComponentResource("test:index:Kept", "kept", {}, pulumi.ResourceOptions(protect=True))
"""


@pytest.mark.soak
def test_a_stack_that_is_protected_says_how_it_is_taken_down_and_that_works(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: kept\nruntime: python\n")
    (tmp_path / "Pulumi.prod.yaml").write_text("config: {}\n")
    (tmp_path / "__main__.py").write_text(PROTECTED)
    assert shell(tmp_path, "up --yes --stack prod")[0] == 0
    code, _, errors = shell(tmp_path, "destroy --yes --stack prod")
    [told] = [line for line in errors.splitlines() if "has protected resources" in line]
    assert code != 0
    assert told.endswith("`, then destroy it again")
    pasted = ["bash", "-c", told.split("`")[1]]
    done = subprocess.run(
        pasted, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    code, _, errors = shell(tmp_path, "destroy --yes --stack prod")
    assert (code, "protected" in errors) == (0, False)
