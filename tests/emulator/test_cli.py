"""The command line: exit codes, what is printed, `--json`, a terminal."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time

import pytest

from emulator.dry_run.cli import main
from tests.emulator.helpers import ROOT, Project, write_pack

PROGRAM = 'Thing("a", {"x": 1})\npulumi.export("x", 1)\npulumi.export("s", pulumi.Output.secret("hush"))'


@pytest.fixture
def demo(project):
    return project(PROGRAM)


@pytest.fixture
def run(demo, capsys):
    """Return what runs a command in a project: (exit code, stdout, stderr). The package `test` has no provider here."""
    p = demo

    def call(command, *options, program=None, stack="dev"):
        if program is not None:
            p.program(program)
        code = main([command, "-s", stack, "-C", str(p.folder), *options])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_preview_up_outputs_destroy(run):
    code, out, err = run("preview")
    assert (code, err) == (0, "")
    assert re.search(r"\npreview of dev succeeded: 2 to create in \d+\.\d s\n$", out)
    assert "+  └─ a  test:index:Thing" in out
    assert "the emulator has no provider for 'test'" in out
    code, out, _ = run("up", "--yes", "-m", "first")
    assert code == 0
    assert "+  a  test:index:Thing" in out
    assert "hush" not in out
    assert run("outputs")[1] == "s: [secret]\nx: 1\n"
    assert run("outputs", "--show-secrets")[1] == "s: hush\nx: 1\n"
    assert json.loads(run("outputs", "--json")[1]) == {"s": "[secret]", "x": 1}
    assert run("preview")[1].splitlines()[-1].startswith("preview of dev succeeded: 2 unchanged in")
    code, out, _ = run("destroy", "--yes")
    assert code == 0
    assert "2 deleted" in out
    assert re.search(r"2 .* destroy +succeeded +2 delete", run("history")[1])
    assert [e["message"] for e in json.loads(run("history", "--json")[1])] == ["", "first"]


def test_json_has_everything_and_nothing_else_is_printed(run):
    code, out, err = run("preview", "--json", program='print("hi")\n' + PROGRAM)
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["result"] == "succeeded"
    assert found["changeSummary"] == {"create": 2}
    step = next(s for s in found["steps"] if s["name"] == "a")
    assert step == {
        "urn": "urn:pulumi:dev::demo::test:index:Thing::a",
        "type": "test:index:Thing",
        "name": "a",
        "parent": "urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev",
        "op": "create",
        "failed": False,
        "changes": [],
        "policies": [],
        "messages": [],
    }
    assert found["outputs"] == [
        {"path": "s", "kind": "add", "old": None, "new": "[secret]"},
        {"path": "x", "kind": "add", "old": None, "new": 1},
    ]
    assert {"severity": "info", "message": "hi"} in found["messages"]
    run("up", "--yes", "--json")
    code, out, _ = run("preview", "--json", program=PROGRAM.replace('"x": 1}', '"x": 2}'))
    step = next(s for s in json.loads(out)["steps"] if s["name"] == "a")
    assert step["op"] == "update"
    assert step["changes"] == [{"path": "x", "kind": "update", "old": 1, "new": 2}]


def test_a_refusal_is_exit_code_1_with_all_that_is_known(run, tmp_path):
    pack = write_pack(
        tmp_path / "pack",
        [
            'ResourceValidationPolicy("no", "d", only_things(lambda args, report: report("never")), enforcement_level=M)'
        ],
    )
    code, out, _ = run("up", "--yes", "--policy-pack", str(pack))
    assert code == 1
    assert "x mandatory tiny/no: never" in out
    assert "up of dev failed (1 mandatory policy violation)" in out
    code, out, _ = run("preview", "--json", "--policy-pack", str(pack))
    found = json.loads(out)
    assert (code, found["result"]) == (1, "failed")
    assert found["policySummary"] == {"mandatory": 1, "advisory": 0, "unknown": 0}
    assert found["policies"] == [
        {
            "policy": "tiny/no",
            "level": "mandatory",
            "message": "never",
            "urn": "urn:pulumi:dev::demo::test:index:Thing::a",
        }
    ]
    assert found["policyPacks"] == {"tiny": "1.2.3"}


def test_the_projects_own_packs_judge_unless_told_otherwise(run, demo):
    write_pack(
        demo.folder / "policies" / "own",
        [
            'ResourceValidationPolicy("no", "d", only_things(lambda args, report: report("never")), enforcement_level=M)'
        ],
    )
    assert run("preview")[0] == 1
    assert run("preview", "--no-policies")[0] == 0


@pytest.mark.parametrize("as_json", [False, True])
def test_a_bad_stack_file_prints_its_text_only(run, as_json):
    code, out, err = run(
        "preview", *(["--json"] if as_json else []), program="raise pulumi.RunError('pools[0]: wrong')"
    )
    assert code == 1
    assert "pools[0]: wrong" in out
    assert "Traceback" not in out + err
    if as_json:
        assert json.loads(out)["errors"] == [{"urn": "", "message": "pools[0]: wrong"}]


@pytest.mark.parametrize("as_json", [False, True])
def test_a_stack_file_that_is_no_yaml(run, demo, as_json):
    demo.stack_file("config: [")
    code, out, err = run("preview", *(["--json"] if as_json else []))
    assert code == 1
    assert "Pulumi.dev.yaml: not valid YAML" in err
    if as_json:
        assert json.loads(out)["result"] == "failed"


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["preview"],
        ["preview", "-s", "dev", "--nonsense"],
        ["preview", "-s", "nowhere"],
        ["preview", "-s", "dev", "-C", "/nonexistent"],
        ["up", "-s", "dev"],
        ["destroy", "-s", "dev"],
        ["preview", "-s", "dev", "--policy-pack", "/nonexistent"],
    ],
)
def test_wrong_usage_is_exit_code_2(demo, arguments):
    if "-C" not in arguments and arguments != ["nonsense"]:
        arguments = [*arguments, "-C", str(demo.folder)]
    assert main(arguments) == 2


def test_export_hides_secrets_unless_asked(run):
    run("up", "--yes")
    assert "hush" not in run("export")[1]
    assert "hush" in run("export", "--show-secrets")[1]
    assert json.loads(run("export")[1])["version"] == 3


def test_refresh_says_what_drifted(run):
    run("up", "--yes")
    code, out, _ = run("refresh")
    assert code == 0
    assert "refresh of dev succeeded: 2 unchanged" in out


def test_another_configuration_file(run, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text("config: {x: there}\n")
    code, out, _ = run(
        "preview", "--config-file", str(other), program='pulumi.export("c", pulumi.Config().require("x"))'
    )
    assert code == 0
    assert "+ c: there" in out


def in_a_terminal(p, *arguments, answer=None, environment=None):
    """Run a command with a terminal for stdin and stdout; return (exit code, what it showed)."""
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.environ.update(
            {"TERM": "xterm-256color", "PYTHONPATH": str(ROOT), "COLUMNS": "120"} | (environment or {})
        )
        command = [sys.executable, "-m", "emulator", *arguments, "-s", "dev", "-C", str(p.folder)]
        os.execv(sys.executable, command)  # noqa: S606 - the child of a fork has to become the command
    shown = b""
    while True:
        try:
            part = os.read(fd, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
        if answer and b"[y/N]" in shown:
            os.write(fd, answer)
            answer = None
    os.close(fd)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()


def test_in_a_terminal_long_texts_stay_in_the_tree(tmp_path):
    p = Project(tmp_path / "project", 'pulumi.log.warn("why not " * 20, Group("g"))\nThing("a")')
    _, shown = in_a_terminal(p, "preview", environment={"NO_COLOR": "1"})
    lines = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", shown).splitlines()
    first = next(n for n, line in enumerate(lines) if "warning: why not" in line)
    assert lines[first].startswith("   │       warning: why not")
    assert lines[first + 1].startswith("   │         why not")
    assert all(len(line) <= 120 for line in lines)


def test_in_a_terminal_it_has_colours_and_asks(tmp_path):
    p = Project(tmp_path / "project", PROGRAM)
    code, shown = in_a_terminal(p, "up", answer=b"n\n")
    assert code == 1
    assert "\x1b[32m+" in shown
    assert "Do you want to perform this update? [y/N]" in shown
    assert "nothing was changed" in shown
    assert p.resources() == {}
    code, shown = in_a_terminal(p, "preview", environment={"TERM": "dumb"})
    assert code == 0
    assert "\x1b" not in shown
    code, shown = in_a_terminal(p, "up", answer=b"y\n")
    assert code == 0
    assert "succeeded" in shown
    assert "a" in p.resources()
    code, shown = in_a_terminal(p, "destroy", answer=b"y\n", environment={"NO_COLOR": "1"})
    assert code == 0
    assert "\x1b[32m" not in shown
    assert "\x1b[31m" not in shown
    assert p.resources() == {}


def test_ctrl_c_finishes_the_step_and_keeps_it(tmp_path):
    program = """
    import time, pathlib
    a = Thing("a")
    def slow(x):
        while not pulumi.runtime.is_dry_run() and not pathlib.Path("go").exists():
            pathlib.Path("here").touch()
            time.sleep(0.02)
        return 1
    Thing("b", {"x": a.urn.apply(slow)})
    """
    p = Project(tmp_path / "project", program)
    # A shell's background jobs ignore SIGINT, and this test may run in one.
    script = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); from emulator.dry_run.cli import main; sys.exit(main())"
    run = subprocess.Popen(
        [sys.executable, "-c", script, "up", "--yes", "-s", "dev", "-C", str(p.folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    end = time.monotonic() + 60
    while not (p.folder / "here").exists():
        assert time.monotonic() < end
        assert run.poll() is None
        time.sleep(0.02)
    run.send_signal(signal.SIGINT)
    time.sleep(1)  # the program waits for "go"; until then the signal has long been taken
    (p.folder / "go").touch()
    out, _ = run.communicate(timeout=60)
    assert run.returncode == 1
    assert "cancelled: what was done so far is kept" in out
    assert set(p.resources()) == {"demo-dev", "default", "a"}
    assert not (p.folder / ".emulator" / "dev.journal").exists()
