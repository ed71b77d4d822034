"""Refusals, half-way failures, and what the next run makes of them."""

import pytest
from pulumi.automation import CommandError

from tests.emulator.helpers import ops_of

THREE = 'a = Thing("a")\nb = Thing("b", {"of": a.made})\nc = Thing("c", {"of": b.made})'


def test_an_up_that_fails_half_way_keeps_what_it_did_and_the_next_goes_on(project):
    p = project(THREE)
    p.service.refuse["b"] = "create"
    said = p.refused()
    assert "Conflict: create of b is refused" in said
    assert list(p.service.things) == ["a-1"]
    assert set(p.resources()) == {"demo-dev", "default", "a"}
    assert "pending_operations" not in p.stack().export_stack().deployment
    assert p.stack().info().result == "failed"
    p.service.refuse.clear()
    assert p.ops(what="up") == {"a": "same", "b": "create", "c": "create"}
    assert list(p.service.things) == ["a-1", "b-1", "c-1"]


def test_a_failed_update_keeps_the_old_state(project):
    p = project('Thing("a", {"x": 1})')
    p.up()
    p.service.refuse["a"] = "update"
    p.refused(program='Thing("a", {"x": 2})')
    assert p.resources()["a"]["inputs"]["x"] == 1
    p.service.refuse.clear()
    p.up()
    assert p.service.things["a-1"]["x"] == 2


def test_what_is_there_but_not_ready_is_kept_and_tried_again(project):
    p = project('Thing("a", {"x": 1})')
    p.service.refuse["a"] = "ready"
    assert "it does not become ready" in p.refused()
    assert p.resources()["a"]["initErrors"] == ["it does not become ready"]
    assert p.resources()["a"]["id"] == "a-1"
    p.service.refuse.clear()
    assert p.ops() == {"a": "update"}
    p.up()
    assert "initErrors" not in p.resources()["a"]
    assert p.ops() == {"a": "same"}
    assert list(p.service.things) == ["a-1"]


def test_a_replacement_that_is_not_ready_keeps_the_old_one_on_record(project):
    p = project('Thing("a", {"fixed": 1})')
    p.up()
    p.service.refuse["a"] = "ready"
    p.refused(program='Thing("a", {"fixed": 2})')
    p.service.refuse.clear()
    p.up()
    assert list(p.service.things) == ["a-2"]


def test_a_replacement_whose_delete_fails_is_finished_by_the_next_up(project):
    p = project('Thing("a", {"fixed": 1})')
    p.up()
    p.service.refuse["a"] = "delete"
    p.refused(program='Thing("a", {"fixed": 2})')
    assert list(p.service.things) == ["a-1", "a-2"]
    waiting = [r for r in p.stack().export_stack().deployment["resources"] if r.get("delete")]
    assert [r["id"] for r in waiting] == ["a-1"]
    p.service.refuse.clear()
    p.up()
    assert list(p.service.things) == ["a-2"]


def test_a_failed_program_deletes_nothing(project):
    p = project('Thing("a")\nThing("b")')
    p.up()
    said = p.refused(program='Thing("a")\nraise ValueError("oops")')
    assert "ValueError: oops" in said
    assert "b-1" in p.service.things
    assert "b" in p.resources()


def test_a_preview_shows_every_refusal_at_its_resource_and_goes_on(project):
    p = project('a = Thing("a", {"bad": 1})\nb = Thing("b", {"of": a.made})\nThing("c", {"bad": 2})')
    events = []
    said = p.refused("preview", on_event=events.append)
    assert ops_of(events)["b"] == "create"
    failed = [
        e.diagnostic_event for e in events if e.diagnostic_event and e.diagnostic_event.severity == "error"
    ]
    assert [(e.urn.rsplit("::", 1)[-1], e.message) for e in failed] == [
        ("a", "bad: must not be set"),
        ("c", "bad: must not be set"),
    ]
    assert "2 errors" in said
    p.refused("up")
    assert p.service.things == {}


def test_a_crash_shows_the_programs_own_traceback(project):
    p = project("""
    import helper
    helper.boom()
    """)
    (p.folder / "helper.py").write_text("def boom():\n    raise KeyError('bang')\n")
    said = p.refused("preview")
    assert "Program failed with an unhandled exception:" in said
    assert f'File "{p.folder}/__main__.py"' in said
    assert f'File "{p.folder}/helper.py", line 2, in boom' in said
    assert "KeyError: 'bang'" in said
    assert "emulator/" not in said.replace(str(p.folder), "")


def test_a_crash_in_an_apply_shows_too(project):
    assert "ZeroDivisionError" in project("pulumi.Output.from_input(0).apply(lambda x: 1 / x)").refused(
        "preview"
    )


def test_a_run_error_is_shown_without_a_traceback(project):
    said = project('raise pulumi.RunError("pools[0].version: two parts\\nwrite x.y.z")').refused("preview")
    assert "pools[0].version: two parts" in said
    assert "write x.y.z" in said
    assert "Traceback" not in said


def test_an_exit_code_of_the_program_is_a_failure(project):
    assert "non-zero exit code: 3" in project("raise SystemExit(3)").refused("preview")
    project("raise SystemExit(0)").stack().preview()


@pytest.mark.parametrize("what", ["preview", "up"])
def test_errors_and_warnings_that_the_program_logs(project, what):
    p = project('pulumi.log.warn("careful")\nprint("hello")\npulumi.log.debug("hidden")')
    said = getattr(p.stack(), what)().stdout
    assert "warning: careful" in said
    assert "hello" in said
    assert "hidden" not in said


def test_cancel_keeps_what_is_done(project):
    p = project(THREE)
    stack = p.stack()
    p.service.before["create", "b"] = stack.cancel
    with pytest.raises(CommandError, match="cancelled"):
        stack.up()
    assert list(p.service.things) == ["a-1", "b-1"]
    assert set(p.resources()) >= {"a", "b"}
    assert p.ops() == {"a": "same", "b": "same", "c": "create"}


def test_a_listener_that_raises_stops_the_run_in_good_order(project):
    p = project(THREE)

    def listener(event):
        if event.res_outputs_event and event.res_outputs_event.metadata.urn.endswith("::a"):
            raise RuntimeError("the listener broke")

    with pytest.raises(RuntimeError, match="the listener broke"):
        p.stack().up(on_event=listener)
    made = {k.split("-")[0] for k in p.service.things}
    assert made <= set(p.resources())
    p.up()
    assert set(p.service.things) == {"a-1", "b-1", "c-1"}


def test_refresh_shows_drift_and_takes_it_over(project):
    p = project('Thing("a", {"x": 1})\nThing("b")\nThing("c")')
    p.up()
    p.service.things["a-1"]["x"] = 9
    del p.service.things["b-1"]
    seen = p.stack().preview_refresh()
    assert seen.change_summary == {"update": 1, "delete": 1, "same": 2}
    assert "~ x: 1 -> 9" in seen.stdout
    assert p.resources()["a"]["inputs"]["x"] == 1
    p.stack().refresh()
    assert p.resources()["a"]["inputs"]["x"] == 9
    assert "b" not in p.resources()
    assert p.ops() == {"a": "update", "b": "create", "c": "same"}
    p.up()
    assert p.service.things["a-1"]["x"] == 1
