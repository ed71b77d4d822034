"""Running programs in one process, again and again, without one noticing the other."""

import asyncio
import asyncio.tasks
import importlib
import os
import sys
import threading
from pathlib import Path

import pytest

from tests.emulator.helpers import Project


def test_nothing_of_a_run_stays_behind(project):
    p = project("import helper, os\nassert os.getcwd() == os.path.dirname(os.path.abspath(__file__))\n")
    (p.folder / "helper.py").write_text("")
    before = (Path.cwd(), list(sys.path), sys.argv, sys.stdout, set(threading.enumerate()))
    p.up()
    assert (Path.cwd(), list(sys.path), sys.argv, sys.stdout, set(threading.enumerate())) == before
    assert "helper" not in sys.modules


def test_an_edit_within_a_second_is_seen(project, monkeypatch):
    """Python keeps bytecode, and believes it while a file's whole second and size are the same."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    p = project("pulumi.export('n', 1)")
    file = p.folder / "__main__.py"
    os.utime(file, (1_700_000_000, 1_700_000_000))
    assert p.up().outputs["n"].value == 1
    p.program("pulumi.export('n', 2)")
    os.utime(file, (1_700_000_000, 1_700_000_000))
    assert p.up().outputs["n"].value == 2


def test_a_module_that_the_caller_has_imported_from_the_folder_is_his_again(project, monkeypatch):
    p = project("import mine_too\nmine_too.seen.append(1)\npulumi.export('n', len(mine_too.seen))")
    (p.folder / "mine_too.py").write_text("seen = []\n")
    monkeypatch.syspath_prepend(p.folder)
    mine_too = importlib.import_module("mine_too")
    for _ in range(2):
        assert p.up().outputs["n"].value == 1
    assert sys.modules["mine_too"] is mine_too
    assert mine_too.seen == []


def test_two_threads_take_turns(tmp_path):
    projects = [
        Project(tmp_path / str(i), f'import time\ntime.sleep(0.05)\nThing("t{i}")\npulumi.export("i", {i})')
        for i in range(3)
    ]
    found = {}
    threads = [
        threading.Thread(target=lambda i=i, p=p: found.update({i: p.up().outputs["i"].value}))
        for i, p in enumerate(projects)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {0: 0, 1: 1, 2: 2}
    assert [list(p.service.things) for p in projects] == [["t0-1"], ["t1-1"], ["t2-1"]]


def test_inside_a_running_event_loop(project):
    p = project('pulumi.export("x", 1)')

    async def drive():
        return p.up().outputs["x"].value

    assert asyncio.run(drive()) == 1


def test_an_asynchronous_entry_point(project):
    p = project("""
    async def main():
        a = Thing("a")
        return {"urn": a.urn}
    pulumi.run(main)
    """)
    assert p.up().outputs["urn"].value.endswith("::a")


def test_a_thread_of_the_programs_own(project):
    p = project("""
    import asyncio
    async def main():
        return {"n": await asyncio.to_thread(lambda: 42)}
    pulumi.run(main)
    """)
    assert p.up().outputs["n"].value == 42


def test_listeners_print_to_the_real_stdout(project, capsys):
    p = project('print("from the program")\nThing("a")')
    result = p.stack().preview(on_event=lambda event: sys.stdout.write(f"event {event.sequence}\n"))
    out = capsys.readouterr().out
    assert "event 1\n" in out
    assert "from the program" not in out
    assert "from the program" in result.stdout


def test_a_read_whose_id_is_not_known_yet(project):
    p = project("""
    class Seen(pulumi.CustomResource):
        made: pulumi.Output[str]
        def __init__(self, id):
            super().__init__("test:index:Thing", "seen", {"made": None}, pulumi.ResourceOptions(id=id))
    class Made(pulumi.CustomResource):
        made: pulumi.Output[str]
        def __init__(self):
            super().__init__("test:index:Thing", "a", {"made": None})
    a = Made()
    pulumi.export("made", Seen(a.id).made)
    """)
    assert "+ made: [unknown]" in p.stack().preview().stdout
    assert p.up().outputs["made"].value == "made-a-1"


@pytest.mark.parametrize("line", ["import nothing_there", "1 +", "def f(:"])
def test_a_program_that_cannot_be_loaded(project, line):
    said = project(line).refused("preview")
    assert "Program failed with an unhandled exception" in said
    assert "nothing_there" in said or "SyntaxError" in said


def test_no_program_at_all(project):
    p = project()
    (p.folder / "__main__.py").unlink()
    assert "there is no such program" in p.refused("preview")


def test_a_large_program_stays_linear(project, monkeypatch):
    """Four times the resources, about four times the futures that the SDK looks at: counted, not timed."""

    def waits(n):
        p.program(f'for i in range({n}): Thing(f"t{{i}}", {{"n": i}})')
        seen = []

        async def counting(fs, *args):
            seen.append(len(fs))
            return await original(fs, *args)

        monkeypatch.setattr(asyncio.tasks, "_wait", counting)
        p.stack().preview()
        return sum(seen)

    p = project()
    original = getattr(asyncio.tasks, "_wait")  # noqa: B009 - private, and what the SDK's cost is made of
    small, large = waits(50), waits(200)
    assert large < 8 * small
