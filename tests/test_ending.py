"""Whatever becomes of a command's output, or goes wrong that nobody foresaw: an exit code and one line, never a traceback."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from secure_aks_lifecycle import ending

ROOT = Path(__file__).parents[1]
COPIES = [
    "policies/lifecycle/secure_aks_lifecycle/ending.py",
    "policies/security/secure_aks_security/ending.py",
]
COMMANDS = [
    "emulator --help",
    "emulator.control_plane --help",
    "upgrades windows",
    "upgrades gates",
    "upgrades status",
    "components.access",
    "settings explain",
    "settings effective",
    "cli --help",
    "secure_aks_security explain",
    "secure_aks_lifecycle explain",
]


ENGINES = {
    "__main__.py": "the program",
    "package/__main__.py": "a provider, which tells the engine",
    "policies/lifecycle/__main__.py": "a pack",
    "policies/security/__main__.py": "a pack",
    "emulator/control_plane/guard.py": "a child of the control plane's, which reads its answers",
    "emulator/engine/language_host/__main__.py": "a child of the engine's",
    "emulator/engine/language_host/program.py": "a child of the language host's",
    "emulator/entra/kubelogin.py": "run by its path with the standard library alone; it has endings of its own",
    "tests/adoption/flows/stand_ins.py": "stands in for programs of others, which end in ways of their own",
}
"""Files that no person starts, and what they are."""


def run(command, *, cwd=ROOT, streams="", **environment):
    """Run a module; `streams` is what a shell does with its streams."""
    words = f"exec {sys.executable} -m {command} {streams}"
    return subprocess.run(
        ["bash", "-c", words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def test_every_room_has_the_same_file():
    assert len({(ROOT / copy).read_text(encoding="utf-8") for copy in COPIES}) == 1


def entry_points():
    """Every file that is run as a program, by its place in the project."""
    folders = [*ROOT.glob("[!.]*/"), ROOT]
    files = {
        path
        for folder in folders
        for path in (folder.glob("*.py") if folder == ROOT else folder.rglob("*.py"))
    }
    for path in sorted(files):
        text = path.read_text(encoding="utf-8")
        if path.name == "__main__.py" or re.search(r'^if __name__ == "__main__":$', text, re.MULTILINE):
            yield path.relative_to(ROOT).as_posix(), text


def test_whatever_is_run_as_a_program_ends_in_the_same_way():
    points = dict(entry_points())
    assert points.keys() > ENGINES.keys()
    for name, text in points.items():
        ends = re.search(r"^(    )?(ending\.)?run\((_load|lambda: \w+)\)$", text.rstrip().splitlines()[-1])
        takes = re.search(r"^from [\w.]*(\bending import run| import ending)$", text, re.MULTILINE)
        assert (
            name in ENGINES or (ends and takes) or "    from secure_aks_lifecycle.ending import run" in text
        ), name


def test_what_is_advised_in_another_folder_names_it(monkeypatch, tmp_path):
    monkeypatch.setattr(sys.modules["__main__"], "TYPED", "./secure-aks upgrades", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "it's").mkdir()
    before = dict(os.environ)
    with ending.entered("it's"):
        assert Path.cwd() == tmp_path / "it's"
        assert ending.typed("upgrades") == """./secure-aks upgrades -C 'it'"'"'s'"""
        assert ending.there() == """./secure-aks -C 'it'"'"'s'"""
        Path("in").mkdir()
        with ending.entered("in"):
            assert ending.there("make") == """make -C 'it'"'"'s/in'"""
        assert str(tmp_path) in os.environ["PYTHONPATH"].split(os.pathsep)
    assert (Path.cwd(), ending.typed("upgrades")) == (tmp_path, "./secure-aks upgrades")
    assert dict(os.environ) == before
    assert ending.there("make") == "make"


@pytest.mark.parametrize("unbuffered", ["", pytest.param("1", marks=pytest.mark.soak)])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_behind_stdout_is_one_line(command, unbuffered):
    done = run(command, streams=">/dev/full", PYTHONUNBUFFERED=unbuffered)
    assert done.returncode in {0, 1}  # argparse swallows it for its help
    assert done.returncode == 0 or done.stderr == (
        "error: standard output: No space left on device; make room and rights for it, and run again\n"
    )


def test_closed_streams_and_a_reader_that_goes_are_no_error():
    assert run("upgrades gates", streams=">&-").stderr == ""
    assert run("upgrades status", streams="<&- >&- 2>&-").returncode == 0
    gone = run("secure_aks_security docs", streams="| true; exit ${PIPESTATUS[0]}")
    assert (gone.returncode, gone.stderr) in {(141, ""), (0, "")}


@pytest.mark.parametrize(
    "command",
    ["cli explain", "cli windows --stack dev", "upgrades gates", "cli admission --kubernetes-version 1.35.6"],
)
def test_a_reader_that_has_enough_ends_it_with_141(command):
    """The pipe is shut before anything is written; typer would make 1 of it."""
    shut, pipe = os.pipe()
    os.close(shut)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SECURE_AKS_CLOCK": "2026-11-23"}
    words = [sys.executable, "-m", *command.split()]
    done = subprocess.run(
        words, cwd=ROOT, env=environment, stdout=pipe, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(pipe)
    assert (done.returncode, done.stderr) == (141, "")


def test_no_file_of_ours_becomes_a_childs_stdout(tmp_path):
    """With descriptor 1 closed, the next file that is opened would get its number."""
    code = (
        "import os, subprocess, sys\n"
        "from secure_aks_lifecycle.ending import run\n"
        "def main():\n"
        "    with open(sys.argv[1], 'w') as file:\n"
        "        assert file.fileno() > 2\n"
        "        subprocess.run(['echo', 'said'], check=True)\n"
        "run(lambda: main)\n"
    )
    subprocess.run(
        ["bash", "-c", f'exec {sys.executable} -c "$0" "$1" >&-', code, str(tmp_path / "file")],
        cwd=ROOT,
        check=True,
    )
    assert (tmp_path / "file").read_text() == ""


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        ("KeyError('x\\x1b[31m')", 1, r"a defect of this tool: KeyError: 'x\x1b[31m' (<string>:4); SECURE_AKS_TRACEBACK=1 shows all"),
        ("RecursionError()", 1, "a defect of this tool: RecursionError:  ("),
        ("OSError(30, 'Read-only file system', 'a\\x1bb')", 1, r"error: a\u001bb: Read-only file system; make room and rights"),
        ("OSError(36, 'File name too long', 'a' * 999)", 1, "a: File name too long; name another path, and run again"),
        ("FileNotFoundError(2, 'No such file', 'a')", 1, "error: a: No such file; name another path, and run again"),
        ("FileNotFoundError(2, 'No usable temporary directory found in /tmp')", 1, "error: No usable temporary directory found in /tmp; make room and rights in one of them, or name another: TMPDIR=<folder>"),
        ("ModuleNotFoundError('no', name='fcntl')", 1, "this needs Linux or macOS (there is no `fcntl` here); on Windows use WSL"),
        ("ModuleNotFoundError('no', name='typer')", 1, "typer is not installed here: run `make setup` once"),
        ("SystemExit('one line')", 1, "one line\n"),
        ("SystemExit(7)", 7, ""),
        ("KeyboardInterrupt()", 130, ""),
    ],
)  # fmt: skip
def test_what_nobody_foresaw_is_one_line(raised, code, said):
    text = f"from secure_aks_lifecycle.ending import run\ndef main():\n    print('é ✗')\n    raise {raised}\nrun(lambda: main)"
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-c", text], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (code, "\\xe9 \\u2717\n")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == bool(said)


def test_a_ctrl_c_while_it_loads_is_no_fault_of_a_library():
    """pydantic, for one, makes an error of its own of it, which was told as a defect."""
    code = (
        "import os, signal\n"
        "from secure_aks_lifecycle.ending import run\n"
        "def load():\n"
        "    try:\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "    except KeyboardInterrupt as error:\n"
        "        raise ValueError('Error building: KeyboardInterrupt') from error\n"
        "    return lambda: print('went on')\n"
        "run(load)"
    )
    for before, code_of, said in (("", -2, ""), ("trap '' INT; ", 0, "went on\n")):
        words = ["bash", "-c", f'{before}exec {sys.executable} -c "$0"', code]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (code_of, said, "")


STARTED = ["emulator", "emulator.control_plane", "upgrades", "settings", "components.access", "cli"]


@pytest.mark.parametrize("room", STARTED)
def test_a_package_that_is_started_loads_nothing_before_its_start(room):
    """What is loaded before is not seen by what ends a command in order: a Ctrl-C there is a traceback."""
    code = f"import sys, {room}; print(sorted({{n for n in sys.modules if n.partition('.')[0] not in sys.stdlib_module_names}}))"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    ours = {".".join(room.split(".")[: n + 1]) for n in range(room.count(".") + 1)}
    assert set(ast.literal_eval(done.stdout)) - {"__main__"} == ours


@pytest.mark.parametrize("room", STARTED)
def test_a_start_imports_its_end_alone(room):
    tree = ast.parse((ROOT / room.replace(".", "/") / "__main__.py").read_text(encoding="utf-8"))
    inside = {part for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for part in ast.walk(node)}
    taken = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom) and node not in inside
    ]
    modules = {node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in taken}
    assert {module for module in modules if not str(module).endswith("ending")} <= {
        "os",
        "sys",
        "gc",
        "signal",
        "collections.abc",
    }


@pytest.mark.parametrize("room", STARTED)
def test_a_python_without_the_requirements_says_what_to_do(room, tmp_path):
    bare = [sys.executable, "-I", "-S", "-c"]
    for folder in (
        "components",
        "settings",
        "upgrades",
        "cli",
        "emulator",
    ):  # a clone in which nothing is set up
        (tmp_path / folder).symlink_to(ROOT / folder)
    code = f"import runpy, sys; sys.path.insert(0, {str(tmp_path)!r}); sys.argv = ['x', '--help']; runpy.run_module({room!r}, run_name='__main__')"
    done = subprocess.run([*bare, code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "is not installed here: run `make setup` once" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_printed_command_works_where_the_environment_is_not_activated(tmp_path):
    """Pasted into a clone that is set up, with whatever Python is on PATH."""
    (tmp_path / "upgrades").symlink_to(ROOT / "upgrades")
    own = tmp_path / ".venv" / "bin" / "python"
    own.parent.mkdir(parents=True)
    own.write_text('#!/bin/sh\necho "in the environment: $*"\nexit 7\n')
    own.chmod(0o755)
    code = f"import runpy, sys; sys.path.insert(0, {str(tmp_path)!r}); sys.argv = ['x', 'next', '--to', '1.36.2']; runpy.run_module('upgrades', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (7, "in the environment: -m upgrades next --to 1.36.2\n"), (
        done.stderr
    )
    # An environment that lacks it too is not started for ever.
    own.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S -c "import runpy, sys; sys.path.insert(0, \'{tmp_path}\'); '
                   'runpy.run_module(\'upgrades\', run_name=\'__main__\')"\n')  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    assert "is not installed here: run `make setup` once" in done.stderr
