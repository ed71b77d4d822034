"""A rollout: the order of its phases, what stops it and how it goes on, from every point at which it can be cut off."""

from __future__ import annotations

import os
import signal
import socket
from dataclasses import replace

import pytest

from tests.upgrades.builders import TODAY, catalog, cluster, pool, v
from tests.upgrades.fakes import Clock, FakeStack, Killed, Silent, cut_off, failure, view
from upgrades.engine.interrupts import Interrupts
from upgrades.files.digests import digests
from upgrades.gates.base import Finding, Level, Result, Verdict, When
from upgrades.journal.file import Journal, read
from upgrades.journal.progress import State, progress
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.observe.errors import AzureError
from upgrades.observe.running import Running
from upgrades.plan.planner import plan
from upgrades.rollout.edges import Edges, Stopped
from upgrades.rollout.run import Rollout

START = cluster("1.34.7", [pool("system", "1.34.7", mode="System"), pool("general", "1.34.7")])
STEPS = plan(START, v("1.36.7"), catalog(), TODAY).steps

EVENTS = 6
"""Entries of a step that goes well."""


class World:
    """A stack, a clock and a journal that outlive the rollouts on them."""

    def __init__(self, folder, **changes):
        self.stack = FakeStack.at(folder, "1.34.7")
        self.clock, self.reporter = Clock(), Silent()
        self.path = folder / "dev.jsonl"
        self.verdicts = {When.BEFORE: [], When.AFTER: []}
        self.changes = changes
        self.busy = []  # what Azure is busy with, one look after another
        self.soak = changes.pop("soak", 0)
        self.unread = []  # why Azure cannot be asked, one try after another
        self.unseen = []  # why the cluster cannot
        self.others = {}  # what somebody else has moved a target to, behind the stack's back
        self.gone: tuple[str, ...] = ()  # what somebody has deleted
        self.failed = {}  # what Azure calls failed once it runs a version

    def check(self, when, view, step, before):
        waiting = self.verdicts[when]
        findings = (Finding("node n1", "is not Ready", "wait"),) if waiting and waiting.pop(0) else ()
        verdict = Verdict.FAIL if findings else Verdict.PASS
        return [Result("NODE001", "Nodes", Level.REQUIRED, when, verdict, findings)]

    def running(self):
        if self.unread:
            raise AzureError(self.unread.pop(0))
        if self.busy:
            return Running(operations=(self.busy.pop(0),))
        there = {name: now for name, now in self.stack.aks.items() if name not in self.gone}
        failed = tuple(name for name, version in self.failed.items() if there.get(name) == version)
        return Running({name: v(self.others.get(name) or now) for name, now in there.items()}, failed=failed)

    def view(self, _pool=""):
        seen = view(self.clock)
        return replace(seen, unread={"nodes": self.unseen.pop(0)}) if self.unseen else seen

    def edges(self):
        return Edges(
            stack=self.stack,
            stack_file=self.stack.path,
            running=self.running,
            view=self.view,
            check=self.check,
            now=self.clock.now,
            sleep=self.clock.sleep,
            reporter=self.reporter,
            **self.changes,
        )

    def run(self, *, start=False):
        with Journal(self.path, self.clock.now) as journal:
            rollout = Rollout(journal, self.edges())
            if start:
                rollout.start(STEPS, self.soak)
            return rollout.run()

    def events(self):
        return [entry["event"] for entry in read(self.path)]


def expected():
    return [(step.target, str(step.before), str(step.after)) for step in STEPS]


def test_every_step_is_done_in_order_and_written_down(tmp_path):
    world = World(tmp_path)
    assert world.run(start=True).state is State.DONE
    assert world.stack.log == expected()
    assert world.stack.declared() == world.stack.aks
    step = ["gates-passed", "edited", "up-started", "up-finished", "settled", "step-finished"]
    assert world.events() == ["started", *step * len(STEPS), "finished"]


def test_soak_stands_between_steps_and_not_after_the_last(tmp_path):
    world = World(tmp_path, soak=10)
    world.run(start=True)
    assert sum(world.clock.slept) == (len(STEPS) - 1) * 600


@pytest.mark.parametrize("boundary", range(1, 3 + EVENTS * len(STEPS)))
@pytest.mark.parametrize("side", ["before", "after"])
def test_cut_off_at_any_entry_it_goes_on_and_ends_right(tmp_path, monkeypatch, boundary, side):
    world = World(tmp_path)
    with monkeypatch.context() as patch:
        cut_off(patch, boundary, side)
        if boundary <= 2 + EVENTS * len(STEPS):
            with pytest.raises(Killed):
                world.run(start=True)
    if not read(world.path):
        world.run(start=True)
    else:
        world.run()
    assert progress(read(world.path)).state is State.DONE
    assert world.stack.log == expected()


@pytest.mark.parametrize("call", range(1, 2 * len(STEPS) + 1))
def test_cut_off_inside_preview_or_up_it_goes_on(tmp_path, monkeypatch, call):
    world = World(tmp_path)
    count = 0

    def cut(method):
        def wrapped(self, **arguments):
            nonlocal count
            count += 1
            done = method(self, **arguments)
            if count == call:
                raise Killed  # after the change itself: Azure went on, the process did not
            return done

        return wrapped

    with monkeypatch.context() as patch:
        patch.setattr(FakeStack, "preview", cut(FakeStack.preview))
        patch.setattr(FakeStack, "up", cut(FakeStack.up))
        with pytest.raises(Killed):
            world.run(start=True)
    assert world.run().state is State.DONE
    assert world.stack.log == expected()


def test_a_failing_gate_before_stops_before_anything_is_touched(tmp_path):
    world = World(tmp_path)
    world.verdicts[When.BEFORE] = [True]
    declared = world.stack.declared()
    with pytest.raises(Stopped, match="NODE001 node n1 is not Ready; wait"):
        world.run(start=True)
    assert (world.stack.log, world.stack.declared()) == ([], declared)
    assert progress(read(world.path)).state is State.STOPPED
    assert world.run().state is State.DONE


def test_gates_after_are_given_time_to_settle(tmp_path):
    world = World(tmp_path)
    world.verdicts[When.AFTER] = [True, True, False]
    assert world.run(start=True).state is State.DONE
    assert world.clock.slept[:2] == [15.0, 15.0]


def test_a_gate_after_that_never_passes_stops_and_resumes_where_it_was(tmp_path):
    world = World(tmp_path, settle=1)
    world.verdicts[When.AFTER] = [True] * 5
    with pytest.raises(Stopped, match="gates after"):
        world.run(start=True)
    assert len(world.stack.log) == 1
    assert world.run().state is State.DONE
    assert world.stack.log == expected()


def test_a_preview_with_anything_else_stops_and_puts_the_line_back(tmp_path):
    world = World(tmp_path)
    world.stack.extra_change = True
    declared = world.stack.declared()
    noted = world.stack.path.read_text().replace("1.34.7", "1.34.7 # 1.35.7 comes in May\n", 1)
    world.stack.path.write_text(noted)
    with pytest.raises(Stopped, match="update AgentPool other \\(tags\\)"):
        world.run(start=True)
    assert (world.stack.log, world.stack.declared()) == ([], declared)
    assert world.stack.path.read_text() == noted
    world.stack.extra_change = False
    assert world.run().state is State.DONE


@pytest.mark.parametrize(
    "text",
    [
        'Code="OperationNotAllowed" 409 Conflict: another operation is in progress',
        "429 TooManyRequests",
        "Status=503 Code=ServiceUnavailable",
        "context deadline exceeded",
        "read: connection reset by peer",
    ],
)
def test_errors_that_pass_are_tried_again_with_growing_waits(tmp_path, text):
    world = World(tmp_path)
    world.stack.failures = [text, text]
    assert world.run(start=True).state is State.DONE
    assert world.clock.slept == [30.0, 60.0]
    assert world.events().count("retry") == 2


@pytest.mark.parametrize(
    "text", ["400 BadRequest: version", "403 AuthorizationFailed", "QuotaExceeded (409)"]
)
def test_errors_that_stay_stop_at_once(tmp_path, text):
    world = World(tmp_path)
    world.stack.failures = [text]
    with pytest.raises(Stopped, match="Azure never lowers a control plane"):
        world.run(start=True)
    assert world.clock.slept == []
    assert world.run().state is State.DONE


def test_an_error_that_never_passes_stops_in_the_end(tmp_path):
    world = World(tmp_path)
    world.stack.failures = ["429"] * 7
    with pytest.raises(Stopped, match=r"(?s)`up` of aks: control plane .* failed:.*429"):
        world.run(start=True)
    assert world.clock.slept == [30.0, 60.0, 120.0, 240.0, 480.0, 600.0]


def test_somebody_elses_change_in_between_stops(tmp_path):
    world = World(tmp_path)
    world.others["system"] = "1.35.3"
    with pytest.raises(Stopped, match=r"(?s)system is at 1.35.3.*somebody changed it"):
        world.run(start=True)
    assert [target for target, *_ in world.stack.log] == [CONTROL_PLANE] * 2


def test_a_step_that_somebody_took_already_needs_no_gates_and_is_recorded(tmp_path):
    world = World(tmp_path)
    world.others[CONTROL_PLANE] = "1.35.7"
    world.verdicts[When.BEFORE] = [True]
    with pytest.raises(Stopped, match=r"NODE001|somebody changed it"):
        world.run(start=True)
    assert world.stack.log[0] == (CONTROL_PLANE, "1.34.7", "1.35.7")


def test_a_second_rollout_is_refused_until_the_first_has_ended(tmp_path):
    world = World(tmp_path)
    world.verdicts[When.BEFORE] = [True]
    with pytest.raises(Stopped):
        world.run(start=True)
    with pytest.raises(Stopped, match="stands at step 1 of 6"):
        world.run(start=True)


def test_an_abort_is_heard_at_the_next_boundary_and_lets_a_new_plan_in(tmp_path):
    world = World(tmp_path)
    world.stack.failures = [lambda stack: (tmp_path / "dev.abort").touch()]
    with pytest.raises(Stopped, match="aborted"):
        world.run(start=True)
    assert len(world.stack.log) == 1
    assert progress(read(world.path)).state is State.ABORTED
    assert not (tmp_path / "dev.abort").exists()


def test_a_first_ctrl_c_lets_the_step_end_and_a_second_one_cancels_it(tmp_path):
    cancelled = []
    interrupts = Interrupts()
    world = World(tmp_path, interrupts=interrupts, cancel=lambda: cancelled.append(1))

    def press(_stack=None):
        os.kill(os.getpid(), signal.SIGINT)

    world.stack.failures = [press]
    with interrupts, pytest.raises(KeyboardInterrupt):
        world.run(start=True)
    assert world.events()[-2:] == ["up-finished", "stopped"], "the step has ended"
    assert (len(world.stack.log), cancelled) == (1, [])
    assert interrupts.exit_code == 130

    interrupts = Interrupts()
    world.changes |= {"interrupts": interrupts}
    world.stack.failures = [lambda _: press() or press() or _fail()]
    with interrupts, pytest.raises(KeyboardInterrupt):
        world.run()
    assert (world.events()[-1], len(cancelled)) == ("stopped", 1)
    assert progress(read(world.path)).why == "it was interrupted"

    world.changes |= {"interrupts": Interrupts()}
    assert world.run().state is State.DONE
    assert world.stack.log == expected()


def test_a_wait_ends_at_once(tmp_path, monkeypatch):
    interrupts = Interrupts()
    world = World(tmp_path, interrupts=interrupts, soak=10)
    monkeypatch.setattr(world.clock, "sleep", lambda _: os.kill(os.getpid(), signal.SIGTERM))
    with interrupts, pytest.raises(KeyboardInterrupt):
        world.run(start=True)
    assert world.events()[-2:] == ["soaking", "stopped"]
    assert interrupts.exit_code == 128 + signal.SIGTERM


def test_the_lock_of_a_living_engine_of_this_machine_is_waited_for(tmp_path):
    """A tool that was killed between its engine's start and the note of it leaves an engine that ends what it has begun."""
    lock = "the stack is currently locked by 1 lock(s)  created by me@{} (pid {}) at 2026"
    world = World(tmp_path)
    world.stack.failures = [lock.format(socket.gethostname(), os.getpid())]
    assert world.run(start=True).state is State.DONE
    assert world.events().count("retry") == 1
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    world = World(elsewhere)
    world.stack.failures = [lock.format("another", os.getpid())]
    with pytest.raises(Stopped, match="locked by"):
        world.run(start=True)


def test_a_read_that_fails_and_passes_does_not_end_a_rollout(tmp_path):
    world = World(tmp_path)
    world.unread = ["Azure answered 429: Throttled", "Azure answered 503: Busy"]
    world.unseen = ["the API server answered 503 Service Unavailable"]
    assert world.run(start=True).state is State.DONE
    assert world.clock.slept == [5.0, 15.0, 5.0]
    assert world.events().count("retry") == 3


@pytest.mark.parametrize(
    "why", ["Azure answered 403: no right", "Azure cannot be reached: the connection was refused"]
)
def test_a_read_that_stays_refused_ends_it_at_once_and_is_written_down(tmp_path, why):
    world = World(tmp_path)
    world.unread = [why]
    with pytest.raises(Stopped, match="what runs could not be read") as stop:
        world.run(start=True)
    assert why in stop.value.why
    assert (world.clock.slept, world.events()) == ([], ["started", "stopped"])
    assert world.run().state is State.DONE


def test_who_was_reached_once_is_waited_for_later(tmp_path):
    world = World(tmp_path)
    world.stack.failures = [lambda _: world.unread.append("Azure cannot be reached: the connection was lost")]
    assert world.run(start=True).state is State.DONE
    assert world.clock.slept == [5.0]


def test_whatever_ends_it_is_written_down(tmp_path):
    world = World(tmp_path)
    world.stack.failures = [lambda _: 1 / 0]
    with pytest.raises(ZeroDivisionError):
        world.run(start=True)
    assert (progress(read(world.path)).state, progress(read(world.path)).why) == (
        State.STOPPED,
        "division by zero",
    )


def test_an_up_of_other_files_than_were_previewed_is_not_run(tmp_path):
    program = tmp_path / "program"
    (program / "components").mkdir(parents=True)
    world = World(tmp_path, files=lambda: digests(program, program / "Pulumi.dev.yaml"))
    world.stack.while_previewing = [lambda: (program / "components" / "pool.py").write_text("")]
    with pytest.raises(Stopped, match=r"components/pool\.py changed since it began"):
        world.run(start=True)
    assert world.stack.log == []
    world.stack.while_previewing = [lambda: (program / "Pulumi.prod.yaml").write_text("")]
    assert world.run().state is State.DONE, "another stack's file is none of its own"


def test_an_up_that_did_more_than_its_preview_showed_is_told(tmp_path):
    """Between the last look at the files and the program's own a second or two go by."""
    world = World(tmp_path)

    def edit(*, more):
        world.stack.extra_change = more

    world.stack.as_up_begins = [lambda: edit(more=True)]
    with pytest.raises(
        Stopped, match=r"did more than its preview showed.*\n  update AgentPool other \(tags\)"
    ):
        world.run(start=True)
    assert world.events()[-1] == "stopped"
    edit(more=False)
    assert world.run().state is State.DONE
    assert world.stack.log == expected(), "the step that was done is not done again"


def test_an_up_of_another_state_than_was_previewed_is_not_run(tmp_path):
    state = ["of the preview"]
    world = World(tmp_path, state=lambda: state[-1])
    world.stack.while_previewing = [lambda: state.append("somebody's up")]
    with pytest.raises(Stopped, match="somebody ran an `up`, a refresh or an import while it ran") as stop:
        world.run(start=True)
    assert world.stack.log == []
    assert stop.value.remedy == (
        "look at what was done (`pulumi stack history`), then `resume`: it previews again"
    )
    assert [entry["event"] for entry in read(world.path)][-1] == "stopped"
    assert world.run().state is State.DONE, "the state stays as the new preview found it"


def test_a_state_that_cannot_be_read_for_a_moment_is_read_again(tmp_path):
    asked = []

    def state():
        asked.append(0)
        if len(asked) == 1:
            raise failure("error: 503 Service Unavailable")
        return "same"

    world = World(tmp_path, state=state)
    assert world.run(start=True).state is State.DONE
    assert world.clock.slept == [5.0]


def test_the_engine_of_a_run_that_was_killed_is_waited_for(tmp_path):
    works = [True, True]
    world = World(tmp_path, engine_works=lambda: bool(works) and works.pop())
    assert world.run(start=True).state is State.DONE
    assert world.reporter.waits == ["the engine of the run before ends its step"] * 2


def test_gates_that_miss_the_same_thing_share_a_line(tmp_path, monkeypatch):
    world = World(tmp_path)
    findings = (Finding("nodes", "https://aks cannot be reached", "make it readable"),)

    def check(when, *_):
        return [
            Result(code, "t", Level.REQUIRED, when, Verdict.UNKNOWN, findings)
            for code in ("NODE001", "PDB001")
        ]

    monkeypatch.setattr(world, "check", check)
    with pytest.raises(Stopped) as stop:
        world.run(start=True)
    assert stop.value.why.splitlines()[1:] == ["  NODE001, PDB001: not known: https://aks cannot be reached"]


def _fail():
    raise failure("cancelled: what was done so far is kept")


def test_an_operation_that_is_under_way_is_waited_for(tmp_path):
    world = World(tmp_path)
    world.busy = ["system: Upgrading", "system: Upgrading"]
    assert world.run(start=True).state is State.DONE
    assert world.clock.slept == [15.0, 15.0]
    assert world.reporter.waits == ["Azure is busy (system: Upgrading)"] * 2


def test_an_up_that_says_it_is_done_and_changed_nothing_stops(tmp_path):
    world = World(tmp_path)
    world.others[CONTROL_PLANE] = "1.34.7"
    with pytest.raises(Stopped, match=r"still runs 1\.34\.7 instead of 1\.35\.7"):
        world.run(start=True)


@pytest.mark.parametrize(("failed", "stands"), [("system", True), (CONTROL_PLANE, True), ("general", False)])
def test_an_up_whose_target_azure_calls_failed_is_not_done_whatever_version_it_names(
    tmp_path, failed, stands
):
    """Azure may name the new version of a pool whose last nodes it could not replace; another pool's trouble is its gates'."""
    world = World(tmp_path)
    last = "1.36.7"
    world.failed = {failed: "1.35.7" if stands else "1.34.7"}
    if not stands:
        assert world.run(start=True).state is State.DONE
        return
    with pytest.raises(Stopped, match=f"Azure has {failed} in a failed state") as stop:
        world.run(start=True)
    assert "look at the pool in Azure, then `resume`" in stop.value.remedy
    assert world.events()[-2:] == ["up-started", "stopped"]
    world.failed = {}
    assert world.run().state is State.DONE
    assert world.stack.log == expected()
    assert world.stack.aks[CONTROL_PLANE] == last


def test_a_pool_that_was_deleted_outside_stops_its_step_before_and_after(tmp_path, monkeypatch):
    world = World(tmp_path)
    world.gone = ("system",)
    with pytest.raises(Stopped, match="Azure has no system any more") as stop:
        world.run(start=True)
    assert "make a new plan" in stop.value.remedy
    assert [target for target, *_ in world.stack.log] == [CONTROL_PLANE] * 2
    assert world.events()[-1] == "stopped"

    (tmp_path / "b").mkdir()
    world = World(tmp_path / "b")
    up = world.stack.up

    def deleted_meanwhile(**given):
        up(**given)
        if world.stack.log[-1][0] == "system":
            world.gone = ("system",)

    monkeypatch.setattr(world.stack, "up", deleted_meanwhile)
    with pytest.raises(Stopped, match="`up` is done, and Azure has no system any more"):
        world.run(start=True)


def test_a_stack_file_that_cannot_be_edited_safely_is_refused_before_the_first_step(tmp_path):
    world = World(tmp_path)
    shared = world.stack.path.read_text().replace(
        "kubernetesVersion: 1.34.7", "kubernetesVersion: &v 1.34.7", 1
    )
    world.stack.path.write_text(
        shared.replace("name: general, version: 1.34.7", "name: general, version: *v")
    )
    with pytest.raises(Stopped, match="cannot be edited safely") as stop:
        world.run(start=True)
    assert "by an anchor (&) and its alias (*)" in stop.value.why
    assert (world.stack.log, world.events()) == ([], [])


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        ('Status=409 Code="ScopeLocked" Message="locked"', "take the lock off"),
        ('Status=409 Code="QuotaExceeded" Message="no cores"', "ask for more quota"),
        ('Status=400 Code="Unheard" Message="no"', "mend what it names"),
    ],
)
def test_an_up_that_azure_refuses_ends_at_once_with_what_clears_it(tmp_path, error, remedy):
    world = World(tmp_path)
    world.stack.failures = [error]
    with pytest.raises(Stopped) as stop:
        world.run(start=True)
    assert remedy in stop.value.remedy
    assert "Azure never lowers a control plane" in stop.value.remedy
    assert world.clock.slept == []


def test_before_a_pools_step_the_api_server_is_asked_about_that_pool(tmp_path, monkeypatch):
    world, asked = World(tmp_path), []
    plain = world.view
    monkeypatch.setattr(world, "view", lambda pool="": asked.append(pool) or plain())
    world.run(start=True)
    before = ["" if step.is_control_plane else step.target for step in STEPS]
    assert asked == [pool for step in before for pool in (step, "")], (
        "before each step, and after it about none"
    )
