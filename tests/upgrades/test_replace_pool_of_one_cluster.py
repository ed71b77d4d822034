"""`replace-pool` in a stack of several clusters: of a pool that one of them has, by `stack/cluster`, line for line."""

from __future__ import annotations

import difflib
import json
import sys

import pytest
from rich.console import Console

from settings.reading.load import load_cluster
from tests import command_line
from tests.settings.test_own_cluster import LINES
from upgrades.check.values import Observed
from upgrades.cli import app
from upgrades.files.pools_edit import make_move
from upgrades.model.moves import Kind, Move, move_data, move_from
from upgrades.observe.stacks import as_cluster
from upgrades.session.session import Session

WORD = ("      isolation: sandbox\n", "      isolation: cluster\n")
BLOCK = LINES.replace(
    "      poolVersions: {sandbox: 1.35.6}\n",
    "      poolVersions:\n        sandbox: 1.35.6  # theirs\n        general: 1.35.6\n",
)
OWN_RANGES = ("    addressSpace: 10.62.0.0/16\n", "    addressSpace: 10.62.0.0/16\n    subnets: per-pool\n")
SIZE = {"vmSize": "Standard_D8s_v5"}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The shipped dev stack with a cluster of its own for the team partners, which has the pool sandbox."""
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    monkeypatch.setattr(sys.modules["upgrades.commands.look.plan"], "out", Console(width=160))
    command_line.stack_files(tmp_path)

    def made(lines=LINES, *edits):
        path = tmp_path / "Pulumi.dev.yaml"
        text = path.read_text()
        for old, new in (WORD, *edits):
            assert old in text
            text = text.replace(old, new)
        path.write_text(text + lines)
        return path

    return made


def lines_of(before, after):
    changed = difflib.ndiff(before.splitlines(), after.splitlines())
    return [
        line[2:].strip() if line[0] == "+" else f"- {line[2:].strip()}" for line in changed if line[0] in "+-"
    ]


@pytest.mark.parametrize(
    ("lines", "added", "removed"),
    [
        (LINES, "poolVersions: {sandbox: 1.35.6, sandbox2: 1.35.6}", "poolVersions: {sandbox2: 1.35.6}"),
        (BLOCK, "sandbox2: 1.35.6", "general: 1.35.6"),
    ],
    ids=["in braces", "in lines"],
)
def test_the_lines_of_the_cluster_come_and_go_with_the_entry(project, lines, added, removed):
    path = project(lines)
    before = path.read_text()
    for kind in (Kind.ADD, Kind.EMPTY, Kind.REMOVE):
        make_move(path, Move(kind, "sandbox", "sandbox2", SIZE, "partners"))
        pools = [
            pool.name for pool in load_cluster(path.parent, "dev/partners").pools if pool.name != "general"
        ]
        assert pools == {Kind.REMOVE: ["sandbox2"]}.get(kind, ["sandbox", "sandbox2"])
        assert {"sandbox", "sandbox2"}.isdisjoint(
            pool.name for pool in load_cluster(path.parent, "dev").pools
        )
        if kind is Kind.ADD:
            assert added in lines_of(before, path.read_text())
    assert removed in path.read_text()
    assert "sandbox: 1.35.6" not in path.read_text()
    assert load_cluster(path.parent, "dev/partners").pools[-1].vm_size == "Standard_D8s_v5"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (LINES, 'poolSubnets: {sandbox2: "10.63.9.0/24"}'),
        (
            LINES + "      poolSubnets: {sandbox: 10.63.1.0/24}\n",
            'poolSubnets: {sandbox: 10.63.1.0/24, sandbox2: "10.63.9.0/24"}',
        ),
    ],
    ids=["the first", "one more"],
)
def test_a_range_of_its_own_stands_with_the_cluster(project, lines, expected):
    path = project(lines, OWN_RANGES)
    move = Move(Kind.ADD, "sandbox", "sandbox2", {"subnet": "10.63.9.0/24"}, "partners")
    make_move(path, move)
    assert expected in path.read_text()
    for kind in (Kind.EMPTY, Kind.REMOVE):
        make_move(path, Move(kind, "sandbox", "sandbox2", {}, "partners"))
    assert 'poolSubnets: {sandbox2: "10.63.9.0/24"}' in path.read_text()


def test_a_journal_keeps_whose_pool_it_is():
    move = Move(Kind.ADD, "a", "b", SIZE, "partners")
    assert move_from(move_data(move)) == move
    said = {key: value for key, value in (move_data(move) or {}).items() if key != "further"}
    before = move_from(said)  # as it was written before a stack could have several
    assert before is not None
    assert not before.further


def run(project, monkeypatch, capfd, name, *words):
    session = Session(project.parent, name)
    monkeypatch.setattr(Session, "is_up", True)
    monkeypatch.setattr(
        Session,
        "observed",
        lambda self: Observed(as_cluster(self.name, self.settings(), None), "stack", self.file),
    )
    monkeypatch.setattr(
        sys.modules["upgrades.commands.change.replace_pool"], "open_session", lambda _: session
    )
    monkeypatch.setattr(
        sys.modules["upgrades.commands.change.replace_pool"], "promotion_notes", lambda *_: []
    )
    before = project.read_text()
    with pytest.raises(SystemExit) as ended:
        app(["replace-pool", "--stack", name, "--set", "vmSize=Standard_D8s_v5", "--only-plan", *words])
    said = capfd.readouterr()
    assert project.read_text() == before
    return ended.value.code, " ".join((said.out + said.err).split())


@pytest.mark.parametrize(("name", "pool"), [("dev/partners", "sandbox"), ("dev", "spot")])
def test_the_plan_is_the_clusters_own(project, monkeypatch, capfd, name, pool):
    code, said = run(project(), monkeypatch, capfd, name, "--pool", pool, "--format", "json")
    assert code == 0, said
    [planned] = json.loads(said)["clusters"]
    assert planned["stack"] == name
    assert [step["target"] for step in planned["steps"]] == [f"{pool}2", pool, pool, pool]


LATER = """\
    - {name: later, version: 1.35.6, vmSize: Standard_D4s_v5, osSku: AzureLinux, sandboxed: true, count: 1, namespace: partners}

  # A group without objectId"""


def test_a_range_that_nobody_wrote_is_named_with_its_own_line(project, monkeypatch, capfd):
    lines = LINES.replace("{sandbox: 1.35.6}", "{sandbox: 1.35.6, later: 1.35.6}")
    path = project(lines, OWN_RANGES, ("\n  # A group without objectId", LATER))
    code, said = run(path, monkeypatch, capfd, "dev/partners", "--pool", "sandbox")
    assert code == 1
    assert "write `poolSubnets: {later: 10.63." in said
    assert "under secure-aks:clusters.partners" in said
