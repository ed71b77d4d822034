"""`replace-pool` as a command: what it takes, what it refuses, and that it leaves the stack file alone before somebody says yes."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from rich.console import Console
from secure_aks_lifecycle.stack.record import ClusterState, PoolState, Run

from settings import load_file
from tests import command_line
from tests.upgrades.builders import v
from upgrades.check.values import Observed
from upgrades.cli import app
from upgrades.observe.stacks import NoStackError, as_cluster
from upgrades.session import looks

command = sys.modules["upgrades.commands.change.replace_pool"]


@pytest.fixture
def run(tmp_path, monkeypatch, capfd):
    """Run the command in this process on the shipped dev stack, which Azure runs as its file says."""
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    monkeypatch.setattr(sys.modules["upgrades.commands.look.plan"], "out", Console(width=160))
    command_line.stack_files(tmp_path)
    file = tmp_path / "Pulumi.dev.yaml"
    unread = {}

    def observed():
        return Observed(as_cluster("dev", load_file(file), None), "stack dev", unread=unread)

    session = SimpleNamespace(name="dev", folder=tmp_path, file=file, observed=observed, is_up=True)
    session.others, session.stack_name, session.further = list, session.name, ""
    session.kept = SimpleNamespace(entries=list, holder=lambda: None, apart="")
    session.settings = lambda: load_file(file)
    session.stack = SimpleNamespace(version="3")
    monkeypatch.setattr(command, "open_session", lambda _: session)

    def ran(*words, why=None, edits=()):
        unread.update({"Azure": why} if why else {})
        for old, new in edits:
            assert old in file.read_text()
            file.write_text(file.read_text().replace(old, new, 1))
        before = file.read_text()
        with pytest.raises(SystemExit) as ended:
            app(["replace-pool", *words])
        said = capfd.readouterr()
        assert file.read_text() == before
        return ended.value.code, " ".join((said.out + said.err).split())

    return ran


def test_the_steps_are_printed_in_every_form_and_nothing_is_changed(run):
    words = ("--pool", "general", "--set", "vmSize=Standard_D8ds_v5", "--set", "zones=[1,2,3]", "--only-plan")
    code, said = run(*words)
    assert code == 0
    assert "4 steps on 1 cluster" in said
    assert "general2 not there -> there" in said
    assert "vmSize Standard_D8ds_v5, zones [1, 2, 3]" in said
    data = json.loads(run(*words, "--format", "json")[1])
    assert [step["target"] for step in data["clusters"][0]["steps"]] == ["general2", *["general"] * 3]
    assert data["clusters"][0]["steps"][0]["cores"] == 8
    assert "<html" in run(*words, "--format", "html")[1]
    assert "| general2 |" in run(*words, "--format", "markdown")[1]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--pool", "general", "--set", "vmSize"], 2, "--set vmSize: write key=value, such as --set vmSize="),
        (["--pool", "general", "--set", "zones=[1"], 2, "is no YAML value"),
        (
            ["--pool", "gone", "--set", "vmSize=x"],
            1,
            "pool gone: there is no such pool name one of: system, general, spot",
        ),
        (
            ["--pool", "system", "--set", "vmSize=Standard_D8ds_v5"],
            1,
            "is a system pool, which keeps a node at least",
        ),
        (["--pool", "general", "--set", "version=1.36.2"], 1, "a version changes by a step of its own"),
        (["--pool", "general", "--set", "vmSize=Standard_D4ds_v5"], 1, "has all that already"),
        (
            ["--pool", "general", "--name", "spot", "--set", "vmSize=Standard_D8ds_v5"],
            1,
            "pool spot: is there already",
        ),
        (
            ["--pool", "win", "--name", "windows2", "--set", "vmSize=Standard_D8ds_v5"],
            1,
            "the stack file would not hold with the new pool",
        ),
        (["--pool", "general", "--set", "vmsize=Standard_D8ds_v5"], 1, "vmsize"),
        (["--pool", "general", "--set", "vmSize=Standard_D8ds_v5"], 2, "nobody can be asked here: add --yes"),
    ],
)
def test_what_is_refused_before_anything_is_changed(run, words, code, said):
    found = run(*words)
    assert found[0] == code
    assert said in found[1]


def test_azure_has_to_be_asked(run):
    code, said = run("--pool", "general", "--set", "vmSize=Standard_D8ds_v5", why="no login")
    assert code == 1
    assert "Azure has to be asked before a pool is replaced: no login" in said


PER_POOL = ("    addressSpace: 10.62.0.0/16\n", "    addressSpace: 10.62.0.0/16\n    subnets: per-pool\n")
SIZE = ("--set", "vmSize=Standard_D8ds_v5", "--only-plan")
NAMES = ("spot", "sandbox", "win")


def pinned(*names, text):
    """Edits that write the ranges which the pools of dev have beside each other, in the order of the file."""
    ranges = dict(zip(POOLS, (f"10.62.{number}.0/24" for number in range(9)), strict=False))
    lines = {
        name: next(one for one in text.splitlines(keepends=True) if one.strip() == f"- name: {name}")
        for name in names
    }
    return [(line, f"{line}      subnet: {ranges[name]}\n") for name, line in lines.items()]


POOLS = [pool.name for pool in load_file(command_line.ROOT / "Pulumi.dev.yaml").all_pools]
TEXT = (command_line.ROOT / "Pulumi.dev.yaml").read_text()


def test_with_a_subnet_for_each_pool_the_new_one_gets_a_free_range_that_is_written_down(run):
    later = POOLS[POOLS.index("general") + 1 :]
    code, said = run("--pool", "general", *SIZE, edits=[PER_POOL, *pinned(*later, text=TEXT)])
    assert code == 0
    assert f"subnet 10.62.{len(POOLS)}.0/24" in said


def test_a_pool_whose_range_would_become_another_is_named_with_the_line_that_keeps_it(run):
    """Pulumi would change the range of a subnet that has nodes in it, which Azure refuses, once the old pool is drained."""
    code, said = run("--pool", "general", *SIZE, edits=[PER_POOL])
    assert code == 1
    for number, name in enumerate(POOLS):
        line = f"write `subnet: 10.62.{number}.0/24` for pool {name} in the stack file"
        assert (line in said) == (number > POOLS.index("general"))


def test_the_last_pool_needs_no_pins(run):
    code, said = run(
        "--pool", POOLS[-1], *SIZE[:1], "vmSize=Standard_D16ds_v5", "--only-plan", edits=[PER_POOL]
    )
    assert (code, "4 steps on 1 cluster" in said) == (0, True)


def test_a_range_that_is_asked_for_is_kept_and_one_that_is_taken_refused(run):
    later = POOLS[POOLS.index("general") + 1 :]
    edits = [PER_POOL, *pinned(*later, text=TEXT)]
    code, said = run("--pool", "general", "--set", "subnet=10.62.40.0/24", *SIZE, edits=edits)
    assert (code, "subnet 10.62.40.0/24" in said) == (0, True)
    code, said = run("--pool", "general", "--set", "subnet=10.62.2.0/24", *SIZE)
    assert code == 1
    assert "overlaps 10.62.2.0/24" in said


def test_under_a_lock_the_plan_says_when_it_has_to_go(run):
    code, said = run(
        "--pool", "general", *SIZE, edits=[("    bootstrap: true", "    lock: true\n    bootstrap: true")]
    )
    assert code == 0
    assert "the cluster is locked (secure-aks:cluster.lock): LOCK001 stops before general goes" in said
    assert "write `lock: false` then, `make azure-up STACK=dev`, `resume`, and put the line back" in said
    assert "locked" not in run("--pool", "general", *SIZE, edits=[("    lock: true\n", "")])[1]


RUNS = (Run(v("1.35.6"), datetime(2026, 10, 1, tzinfo=UTC)),)
FOLLOWS = (
    "  secure-aks:pools:\n",
    "  secure-aks:promotion:\n    follows: staging\n  secure-aks:pools:\n",
)


def test_a_stack_that_follows_another_is_told_where_promotion_would_stop(run, tmp_path, monkeypatch):
    first = tmp_path / "Pulumi.staging.yaml"  # as shipped it follows dev
    theirs = "  secure-aks:promotion:\n    follows: dev\n    soakDays: 3\n"
    assert theirs in first.read_text()
    first.write_text(first.read_text().replace(theirs, ""))
    has_run = ClusterState(v("1.35.6"), {"general": PoolState(v("1.35.6"), runs=RUNS)}, runs=RUNS)
    monkeypatch.setattr(looks, "_recorded", lambda *_: {"aks-staging": has_run})
    code, said = run("--pool", "general", *SIZE, edits=[FOLLOWS])
    assert (code, "stack staging goes first" in said, "PROMO001" in said) == (0, True, False)
    monkeypatch.setattr(looks, "_recorded", lambda *_: {})
    code, said = run("--pool", "general", *SIZE)
    assert code == 0
    assert (
        "PROMO001 would stop before general2: pool general2 of aks-dev: 1.35.6 has not run on staging" in said
    )

    def unread(*_):
        raise NoStackError("no stack staging here")

    monkeypatch.setattr(looks, "_recorded", unread)
    said = run("--pool", "general", *SIZE)[1]
    assert (
        "PROMO001 would stop it, as the stack that goes first cannot be read: no stack staging here" in said
    )
