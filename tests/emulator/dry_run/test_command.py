"""`python -m emulator preview` where there is no engine: exit codes, what is printed, `--json`, a terminal."""

import json
import os
import re
from io import StringIO
from pathlib import Path

import pytest

from emulator.cli import _packs as packs_of
from emulator.cli import main
from emulator.dry_run import run as dry_run
from emulator.errors import UNJUDGED
from tests.emulator.dry_run.programs import ROOT, Project, write_pack
from tests.terminal import MOST, in_a_terminal, lines_of

PROGRAM = 'Thing("a", {"x": 1})\npulumi.export("x", 1)\npulumi.export("s", pulumi.Output.secret("hush"))'
NEVER = 'ResourceValidationPolicy("no", "d", only_things(lambda args, report: report("never")), enforcement_level=M)'


@pytest.fixture(autouse=True)
def no_engine(tmp_path, monkeypatch):
    """No CLI is on PATH and none is built."""
    monkeypatch.setenv("SECURE_AKS_CACHE", str(tmp_path / "cache"))
    folders = os.environ["PATH"].split(os.pathsep)
    monkeypatch.setenv("PATH", os.pathsep.join(f for f in folders if not Path(f, "pulumi").exists()))


@pytest.fixture
def demo(project):
    return project(PROGRAM)


@pytest.fixture
def run(demo, capsys):
    """Return what runs a command in a project: (exit code, stdout, stderr). The package `test` has no provider here."""

    def call(*options, program=None):
        if program is not None:
            demo.program(program)
        code = main(["preview", "-s", "dev", "-C", str(demo.folder), *options])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_it_says_what_it_is_and_what_a_first_up_creates(run):
    code, out, err = run()
    assert (code, err) == (0, "no policy pack judges this: policies/ has none (--policy-pack names one)\n")
    assert out.startswith("Dry run: a first `up`, without state.\nPulumi's own engine: ")
    assert "+  └─ a  test:index:Thing" in out
    assert re.search(
        r"\npreview of dev succeeded, judged by no policy pack: 2 to create in \d+\.\d s\n$", out
    )
    assert "the emulator has no provider for 'test'" in out
    assert "hush" not in out


def test_json_has_everything_and_nothing_else_is_printed(run):
    code, out, err = run("--json", program='print("hi")\n' + PROGRAM)
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert (found["result"], found["create"]) == ("succeeded", 2)
    assert found["note"].startswith("Dry run: a first `up`")
    assert found["resources"][-1] == {
        "urn": "urn:pulumi:dev::demo::test:index:Thing::a",
        "type": "test:index:Thing",
        "name": "a",
        "parent": "urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev",
        "op": "create",
        "failed": False,
        "inputs": {"x": 1},
        "messages": [],
    }
    assert found["outputs"] == {"s": "[secret]", "x": 1}
    assert {"severity": "info", "message": "hi"} in found["messages"]


def test_a_refusal_is_exit_code_1_with_all_that_is_known(run, tmp_path):
    pack = write_pack(tmp_path / "pack", [NEVER])
    code, out, _ = run("--policy-pack", str(pack))
    assert code == 1
    assert "x mandatory tiny/no: never" in out
    assert "preview of dev failed (1 mandatory policy violation)" in out
    code, out, _ = run("--json", "--policy-pack", str(pack))
    found = json.loads(out)
    assert (code, found["result"]) == (1, "failed")
    assert found["policySummary"] == {"mandatory": 1, "advisory": 0, "unknown": 0}
    assert found["policies"] == [
        {
            "pack": "tiny",
            "policy": "no",
            "level": "mandatory",
            "message": "never",
            "urn": "urn:pulumi:dev::demo::test:index:Thing::a",
        }
    ]
    assert found["policyPacks"] == {"tiny": "1.2.3"}


def test_the_projects_own_packs_judge_unless_told_otherwise(run, demo):
    write_pack(demo.folder / "policies" / "own", [NEVER])
    code, _, err = run()
    assert (code, err) == (1, "")
    code, _, err = run("--no-policies")
    assert (code, err) == (0, "no policy pack judges this: --no-policies\n")


def test_on_the_engine_another_folder_without_a_pack_is_told_too(demo, capsys):
    """`up` and a preview on the engine ask for their packs here, whatever becomes of them then."""
    assert packs_of(demo.folder, None, no_policies=False) == []
    assert capsys.readouterr().err == UNJUDGED["none"] + "\n"
    own = write_pack(demo.folder / "policies" / "own", [NEVER])
    assert packs_of(demo.folder, None, no_policies=False) == [own.resolve()]
    assert packs_of(demo.folder, None, no_policies=True) == []
    assert capsys.readouterr().err == UNJUDGED["--no-policies"] + "\n"


def test_where_it_prints_to_may_be_told(demo):
    out = StringIO()
    assert dry_run(demo.folder, "dev", packs=[], as_json=True, out=out) == 0
    assert json.loads(out.getvalue())["stack"] == "dev"


@pytest.mark.parametrize("as_json", [False, True])
def test_a_bad_stack_file_prints_its_text_only(run, as_json):
    options = ["--json"] if as_json else []
    code, out, err = run(*options, program="raise pulumi.RunError('pools[0]: wrong')")
    assert code == 1
    assert "pools[0]: wrong" in out
    assert "Traceback" not in out + err
    if as_json:
        assert json.loads(out)["errors"] == [{"urn": "", "message": "pools[0]: wrong"}]


@pytest.mark.parametrize("as_json", [False, True])
def test_a_stack_file_that_is_no_yaml(run, demo, as_json):
    demo.stack_file("config: [")
    code, out, err = run(*(["--json"] if as_json else []))
    assert code == 1
    assert "Pulumi.dev.yaml: line 2: not valid YAML: did not find" in err
    assert (json.loads(out)["result"] == "failed") if as_json else (out == "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["preview"],
        ["preview", "-s", "dev", "--nonsense"],
        ["preview", "-s", "nowhere"],
        ["preview", "-s", "dev", "-C", "/nonexistent"],
        ["preview", "-s", "dev", "--policy-pack", "/nonexistent"],
    ],
)
def test_wrong_usage_is_exit_code_2(demo, arguments):
    if "-C" not in arguments and arguments != ["nonsense"]:
        arguments = [*arguments, "-C", str(demo.folder)]
    assert main(arguments) == 2


def test_in_a_terminal_it_has_colours_unless_told_otherwise(tmp_path):
    p = Project(tmp_path / "project", PROGRAM)
    code, shown = in_a_terminal(p.folder)
    assert code == 0
    assert "\x1b[32m+" in shown
    assert "\x1b" not in in_a_terminal(p.folder, TERM="dumb")[1]
    assert "\x1b[32m" not in in_a_terminal(p.folder, NO_COLOR="1")[1]


def test_in_a_terminal_long_texts_stay_in_the_tree(tmp_path):
    p = Project(tmp_path / "project", 'pulumi.log.warn("why not " * 20, Group("g"))\nThing("a")')
    lines = lines_of(in_a_terminal(p.folder)[1])
    first = next(n for n, line in enumerate(lines) if "warning: why not" in line)
    assert lines[first].startswith("   │       warning: why not")
    assert lines[first + 1].startswith("   │         why not")
    assert all(len(line) <= 120 for line in lines[2:])  # a command to be pasted is not folded


def test_in_a_terminal_a_name_that_is_too_long_keeps_the_stem(tmp_path):
    p = Project(tmp_path / "project", f'Group("{"long " * 30}")\nThing("a")')
    lines = lines_of(in_a_terminal(p.folder, 80)[1])
    first = next(n for n, line in enumerate(lines) if "long" in line)
    assert lines[first].startswith("+  ├─ long")
    assert lines[first + 1].startswith("   │    long")
    assert all(len(line) <= 80 for line in lines[2:])


@pytest.mark.parametrize("columns", [pytest.param(80, marks=pytest.mark.soak), 120])
def test_the_largest_shipped_stack_fits_a_terminal(columns):
    code, shown = in_a_terminal(ROOT, columns, "prod")
    assert code == 0
    assert len(shown.encode()) <= MOST
    lines = lines_of(shown)
    assert all(len(line) <= columns for line in lines)
    resources = [line for line in lines if line.startswith("+  ")]
    assert f": {len(resources)} to create in" in lines[-1]
    assert all(re.fullmatch(r"\+  [│ ]*([├└]─ )?\S+  \S+", line) for line in resources)
    first, last = lines.index(resources[0]), lines.index(resources[-1])
    assert all(re.match(r"[+> ]  [│├└ ]", line) for line in lines[first + 1 : last])


def test_the_name_of_a_stack_that_there_is_not_steers_no_terminal(demo, monkeypatch, capsys):
    monkeypatch.chdir(demo.folder)
    assert main(["preview", "--stack", "x\x1b[31m\u202e"]) == 2
    [said] = capsys.readouterr().err.splitlines()
    assert said.isprintable()
    assert r"Pulumi.x\x1b[31m\u202e.yaml: there is no stack" in said
