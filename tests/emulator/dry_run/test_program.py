"""Running programs in one process, again and again, without one noticing the other."""

import asyncio
import asyncio.tasks
import importlib
import os
import sys
import threading
from pathlib import Path

import pytest


def test_nothing_of_a_run_stays_behind(project):
    p = project("import helper, os\nassert os.getcwd() == os.path.dirname(os.path.abspath(__file__))\n")
    (p.folder / "helper.py").write_text("")
    before = (Path.cwd(), list(sys.path), sys.argv, sys.stdout, set(threading.enumerate()))
    assert p.preview().ok
    assert (Path.cwd(), list(sys.path), sys.argv, sys.stdout, set(threading.enumerate())) == before
    assert "helper" not in sys.modules


def test_an_edit_within_a_second_is_seen(project, monkeypatch):
    """Python keeps bytecode, and believes it while a file's whole second and size are the same."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    p = project("pulumi.export('n', 1)")
    file = p.folder / "__main__.py"
    os.utime(file, (1_700_000_000, 1_700_000_000))
    assert p.outputs()["n"] == 1
    p.program("pulumi.export('n', 2)")
    os.utime(file, (1_700_000_000, 1_700_000_000))
    assert p.outputs()["n"] == 2


def test_a_module_that_the_caller_has_imported_from_the_folder_is_his_again(project, monkeypatch):
    p = project("import mine_too\nmine_too.seen.append(1)\npulumi.export('n', len(mine_too.seen))")
    (p.folder / "mine_too.py").write_text("seen = []\n")
    monkeypatch.syspath_prepend(p.folder)
    mine_too = importlib.import_module("mine_too")
    for _ in range(2):
        assert p.outputs()["n"] == 1
    assert sys.modules["mine_too"] is mine_too
    assert mine_too.seen == []


def test_what_it_prints_are_lines_of_the_report(project, capsys):
    p = project('import sys\nsys.stdout.write("one\\ntw")\nprint("o")\nsys.stdout.write("three")\nThing("a")')
    assert p.preview().messages == [("info", "one"), ("info", "two"), ("info", "three")]
    assert capsys.readouterr().out == ""


def test_an_asynchronous_entry_point(project):
    p = project("""
    async def main():
        a = Thing("a")
        return {"urn": a.urn}
    pulumi.run(main)
    """)
    assert p.outputs()["urn"].endswith("::a")


def test_a_thread_of_the_programs_own(project):
    p = project("""
    import asyncio
    async def main():
        return {"n": await asyncio.to_thread(lambda: 42)}
    pulumi.run(main)
    """)
    assert p.outputs()["n"] == 42


@pytest.mark.parametrize("line", ["import nothing_there", "1 +", "def f(:"])
def test_a_program_that_cannot_be_loaded(project, line):
    said = project(line).refused()
    assert "Program failed with an unhandled exception" in said
    assert "nothing_there" in said or "SyntaxError" in said


def test_no_program_at_all(project):
    p = project()
    (p.folder / "__main__.py").unlink()
    assert "there is no such program" in p.refused()


def test_the_deployment_is_asked_one_thing_at_a_time_in_the_programs_order(project):
    p = project('for i in range(50): Thing(f"t{i:02}")')
    threads = set()
    p.provider.before = lambda: threads.add(threading.get_ident())
    assert p.preview().ok
    assert threads == {threading.get_ident()}
    assert [c[1] for c in p.provider.calls if c[0] == "create"] == [f"t{i:02}" for i in range(50)]


def test_a_large_program_stays_linear(project, monkeypatch):
    """Four times the resources, about four times the futures that the SDK looks at: counted, not timed."""

    def waits(n):
        p.program(f'for i in range({n}): Thing(f"t{{i}}", {{"n": i}})')
        seen = []

        async def counting(fs, *args):
            seen.append(len(fs))
            return await original(fs, *args)

        monkeypatch.setattr(asyncio.tasks, "_wait", counting)
        p.preview()
        return sum(seen)

    p = project()
    original = getattr(asyncio.tasks, "_wait")  # noqa: B009 - private, and what the SDK's cost is made of
    small, large = waits(50), waits(200)
    assert large < 8 * small


def test_a_crash_shows_the_programs_own_traceback(project):
    p = project("""
    import helper
    helper.boom()
    """)
    (p.folder / "helper.py").write_text("def boom():\n    raise KeyError('bang')\n")
    said = p.refused()
    assert "Program failed with an unhandled exception:" in said
    assert f'File "{p.folder}/__main__.py"' in said
    assert f'File "{p.folder}/helper.py", line 2, in boom' in said
    assert "KeyError: 'bang'" in said
    assert "emulator/" not in said.replace(str(p.folder), "")


def test_a_crash_in_an_apply_shows_too(project):
    assert "ZeroDivisionError" in project("pulumi.Output.from_input(0).apply(lambda x: 1 / x)").refused()


def test_a_run_error_is_shown_without_a_traceback(project):
    said = project('raise pulumi.RunError("pools[0].version: two parts\\nwrite x.y.z")').refused()
    assert "pools[0].version: two parts" in said
    assert "write x.y.z" in said
    assert "Traceback" not in said


def test_an_exit_code_of_the_program_is_a_failure(project):
    assert "non-zero exit code: 3" in project("raise SystemExit(3)").refused()
    assert project("raise SystemExit(0)").preview().ok


def test_warnings_that_the_program_logs(project):
    report = project('pulumi.log.warn("careful")\nprint("hello")\npulumi.log.debug("hidden")').preview()
    assert report.ok
    assert report.messages == [("warning", "careful"), ("info", "hello")]


def test_an_error_that_the_program_logs_is_a_failure_as_on_the_engine(project):
    assert "failed (1 error, no good)" in project('pulumi.log.error("no good")').refused()


def test_a_list_of_problems_is_not_told_again_by_the_end_of_its_last_remedy(project):
    refused = project(r'pulumi.log.error("2 problems\n  1. a\n     mend: write b")').refused()
    assert refused.splitlines()[-1].startswith("preview of dev failed (1 error): ")
