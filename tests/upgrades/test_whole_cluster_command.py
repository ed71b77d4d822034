"""`whole-cluster` as a command: what it shows, what it refuses, and that it leaves the stack file alone before somebody says yes."""

from __future__ import annotations

import shlex
import sys
from types import SimpleNamespace

import pytest
import typer
from rich.console import Console
from secure_aks_lifecycle.facts.catalog import Catalog
from secure_aks_lifecycle.stack.record import ClusterState, PoolState

from settings import load_file
from tests import command_line
from tests.upgrades.builders import v
from upgrades.check.values import Observed
from upgrades.cli import app
from upgrades.journal.progress import step_data
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.observe.running import Running
from upgrades.observe.stacks import as_cluster
from upgrades.plan.planner import plan

command = sys.modules["upgrades.commands.change.whole_cluster"]
OLD, TODAY = "1.32.11", "2026-11-23"


@pytest.fixture
def stack(tmp_path, monkeypatch):
    """The shipped dev stack, some years later: everything of it at a version without support, in Azure and in its record."""
    monkeypatch.setenv("SECURE_AKS_CLOCK", TODAY)
    command_line.stack_files(tmp_path)
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text(file.read_text().replace("1.35.6", OLD).replace("1.35.5", OLD))
    here = as_cluster("dev", load_file(file), None)
    names = [pool.name for pool in here.pools]
    made = SimpleNamespace(
        file=file, entries=[], unread={}, names=names, running=dict.fromkeys((CONTROL_PLANE, *names), OLD)
    )
    made.recorded = ClusterState(v(OLD), {name: PoolState(v(OLD)) for name in names})

    def observed():
        running = Running({name: v(version) for name, version in made.running.items()})
        arm = {"properties": {"agentPoolProfiles": [{"name": name} for name in names]}}
        cluster = running.applied_to(here)
        return Observed(cluster, "stack dev", unread=made.unread, arm=arm, recorded=made.recorded)

    session = SimpleNamespace(name="dev", folder=tmp_path, file=file, observed=observed, is_up=True)
    session.others, session.stack_name = list, session.name
    session.kept = SimpleNamespace(entries=lambda: made.entries, holder=lambda: None, apart="")
    session.settings = lambda: load_file(file)
    session.stack = SimpleNamespace(version="3")
    monkeypatch.setattr(command, "open_session", lambda _: session)
    monkeypatch.setattr(sys.modules["upgrades.commands.change.running"], "out", Console(width=300))
    made.session = session
    return made


@pytest.fixture
def run(stack, capfd):
    """Run the command in this process."""

    def ran(*words):
        before = stack.file.read_text()
        with pytest.raises(SystemExit) as ended:
            app(["whole-cluster", *words])
        said = capfd.readouterr()
        assert stack.file.read_text() == before
        return ended.value.code, " ".join((said.out + said.err).split())

    return ran


def test_it_shows_what_it_does_and_asks(run):
    code, said = run("--to", "1.34")
    assert code == 2
    assert f"whole cluster {OLD} -> 1.34.10" in said
    for words in (
        f"control plane {OLD}",
        f"system {OLD}",
        f"general {OLD}",
        "nothing of it goes back",
        "1 step on 1 cluster",
    ):
        assert words in said
    assert "nobody can be asked here: add --yes" in said


def test_yes_begins_a_rollout_of_one_step_that_says_what_it_is(run, stack, monkeypatch):
    begun = []

    def start(steps, soak, **facts):
        begun.append((steps, soak, facts))

    monkeypatch.setattr(command, "run", lambda _, begin: begin(SimpleNamespace(start=start)))
    assert run("--to", "1.34", "--yes")[0] == 0
    [([step], soak, facts)] = begun
    assert step.parts[0].target == CONTROL_PLANE
    assert {part.target for part in step.parts[1:]} == set(stack.names)
    assert (soak, facts["kind"], facts["target"]) == (0, "whole-cluster", "1.34.10")


def test_the_way_that_a_plan_names_is_this_command_as_it_is_pasted(run, stack):
    made = plan(stack.session.observed().cluster, v("1.36.3"), Catalog.load(), stack_day())
    [blocker] = [one for one in made.blockers if one.what.startswith("control plane")]
    words = shlex.split(blocker.unblock.partition(";")[0])
    assert words[:4] == ["python", "-m", "upgrades", "whole-cluster"]
    assert "nobody can be asked here" in run(*words[4:])[1]


def stack_day():
    from secure_aks_lifecycle.clock import now  # noqa: PLC0415  # reads the clock of the test

    return now().date()


def test_another_rollout_that_stands_open_refuses_it(run, stack):
    steps = plan(stack.session.observed().cluster, v(OLD), Catalog.load(), stack_day()).steps
    process = {"host": "elsewhere", "pid": 1, "began": "1"}
    stack.entries = [
        {
            "seq": 1,
            "at": f"{TODAY}T00:00:00+00:00",
            "event": "started",
            "steps": [step_data(one) for one in steps],
            "process": process,
        }
    ]
    code, said = run("--to", "1.34", "--yes")
    assert code == 1
    assert "a rollout of this stack stands at step 1" in said


@pytest.mark.parametrize(
    ("to", "change", "code", "said"),
    [
        ("1.35.7", {}, 1, "to the lowest supported minor alone, which is 1.34"),
        ("1.99", {}, 2, "--to: 1.99: no patch of it is known; write it in full"),
        ("new", {}, 2, "--to: 'new' is not a version; write it in full"),
        (
            "1.34",
            {"unread": {"Azure (the stack's own record stands in)": "no login"}},
            1,
            "Azure has to be asked",
        ),
        ("1.34", {"recorded": None}, 1, "bring it up once: make azure-up STACK=dev"),
    ],
)
def test_what_is_refused_before_anything_is_changed(run, stack, to, change, code, said):
    vars(stack).update(change)
    found = run("--to", to, "--yes")
    assert found[0] == code
    assert said in found[1]


def test_who_does_not_own_the_versions_is_refused(run, stack):
    text = stack.file.read_text() + "\n  secure-aks:versionRules: {owner: channel, channel: patch}\n"
    stack.file.write_text(text)
    code, said = run("--to", "1.34", "--yes")
    assert code == 1
    assert "nothing here moves its versions" in said


def test_the_help_says_what_it_is(capsys):
    with pytest.raises((SystemExit, typer.Exit)):
        app(["whole-cluster", "--help"])
    assert "nothing of it goes back" in " ".join(capsys.readouterr().out.split())
