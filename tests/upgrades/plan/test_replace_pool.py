"""The plan of a pool's replacement: its steps, what it needs, what blocks it, and that the lifecycle pack lets each step of it pass."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.versions.version_change import declared
from settings import load_file
from tests.lifecycle.builders import change, found
from tests.upgrades.builders import cluster, pool, v
from upgrades.files.pools_edit import make_move
from upgrades.journal.progress import step_data, step_from
from upgrades.model.moves import Kind, Move
from upgrades.model.steps import Duration, Needs
from upgrades.plan.cost import DRAIN_MINUTES, EMPTY, NODE_MINUTES
from upgrades.plan.replace_pool import ADDED, GONE, new_name, replace_pool
from upgrades.plan.waves.schedule import schedule
from upgrades.render.data import as_data
from upgrades.render.html import as_html
from upgrades.render.markdown import as_markdown

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SAYS = {"name": "general", "vmSize": "Standard_D4ds_v5"}
VALUES = {"vmSize": "Standard_D8ds_v5", "zones": ["1", "2"]}
NEW = pool("general2", nodes=4, cores=8)


def made(old="general", new=NEW, says=SAYS, values=VALUES, **changes):
    return replace_pool(cluster(**changes), old, new, says, values)


def test_four_steps_each_one_change_and_no_version_moves():
    plan = made()
    assert [(step.target, *step.ends) for step in plan.steps] == [
        ("general2", "not there", "there"),
        ("general", "in use", "drained"),
        ("general", "drained", "without nodes"),
        ("general", "without nodes", "removed"),
    ]
    assert {(step.before, step.after) for step in plan.steps} == {(v("1.34.7"), v("1.34.7"))}
    assert plan.steps[0].reason.endswith("vmSize Standard_D8ds_v5, zones [1, 2]")
    assert [step.needs for step in plan.steps] == [Needs(4, 32), Needs(), Needs(), Needs()]


def test_a_drain_is_given_time_for_the_nodes_that_the_pool_may_have_grown_to():
    pools = [pool("system", mode="System"), pool("general", nodes=3, most=10, drain_minutes=15)]
    drain = made(pools=pools).steps[1].duration
    assert (drain.expected, drain.longest) == (6, 150)


def test_a_pool_without_nodes_or_time_out_is_given_the_time_of_one_node():
    pools = [pool("system", mode="System"), pool("general", nodes=0, most=0, drain_minutes=0)]
    drain = made(pools=pools).steps[1].duration
    assert (drain.expected, drain.longest) == (DRAIN_MINUTES, DRAIN_MINUTES)


@pytest.mark.parametrize("os_type", ["Linux", "Windows"])
def test_the_other_steps_take_what_a_node_of_the_os_and_azure_take(os_type):
    steps = made(new=pool("other", nodes=4, os_type=os_type)).steps
    node = NODE_MINUTES[os_type]
    assert (steps[0].duration, *(step.duration for step in steps[2:])) == (
        ADDED + Duration(node, node),
        EMPTY,
        GONE,
    )


def test_what_is_not_known_of_the_new_pool_is_not_guessed():
    first = made(new=pool("other", nodes=4, cores=None), values={"zones": None, "vmSize": "x"}).steps[0]
    assert first.needs == Needs(4, None)
    assert first.reason.endswith("zones as Azure chooses, vmSize x")


def test_a_step_of_the_journal_is_the_step():
    for step in made().steps:
        assert step_from(json.loads(json.dumps(step_data(step)))) == step
    for broken in (
        {"kind": "gone", "old": "a", "new": "b", "values": {}},
        {"kind": "add", "old": 1, "new": "b", "values": {}},
    ):
        with pytest.raises(ValueError, match=r"gone|names no two pools"):
            step_from({**step_data(made().steps[0]), "move": broken})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"old": "gone"}, "pool gone: there is no such pool; name one of: system, general"),
        ({"new": pool("system")}, "pool system: is there already; name the new pool otherwise: --name"),
        (
            {"old": "system"},
            "pool system: is a system pool, which keeps a node at least.*add another pool with `mode: System` first",
        ),
        (
            {"values": {"version": "1.35.7"}},
            "--set version: is not for a replacement; a version changes by a step of its own",
        ),
        ({"values": {"name": "x"}}, "--set name: is not for a replacement; name the new pool with --name"),
        ({"values": {"vmSize": "Standard_D4ds_v5"}}, "pool general: has all that already"),
        ({"values": {}}, "pool general: has all that already"),
    ],
)
def test_what_blocks(changes, words):
    plan = made(**changes)
    assert plan.steps == ()
    assert any(re.match(words, f"{one.what}: {one.why}; {one.unblock}") for one in plan.blockers)


def test_a_stack_that_follows_another_is_told_who_goes_first():
    assert made().notes == ()
    assert "stack staging goes first" in made(follows="staging").notes[0]


@given(
    old=st.from_regex(r"[a-z][a-z0-9]{0,11}", fullmatch=True),
    os_type=st.sampled_from(["Linux", "Windows"]),
    more=st.sets(st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True), max_size=4),
)
def test_a_new_name_is_one_that_azure_takes_and_nobody_has(old, os_type, more):
    taken = frozenset({old, *more})
    names = set()
    for _ in range(12):
        name = new_name(old, os_type, taken | names)
        assert re.fullmatch(r"[a-z][a-z0-9]*", name)
        assert len(name) <= {"Linux": 12, "Windows": 6}[os_type]
        assert name not in taken | names
        names.add(name)


@pytest.mark.parametrize(("old", "os_type", "new"), [("general", "Linux", "general2"), ("general2", "Linux", "general3"), ("win", "Windows", "win2"), ("general", "Windows", "gener2"), ("general9", "Linux", "general10"), ("a100000", "Windows", "a2"), ("a99999999999", "Linux", "a2")])  # fmt: skip
def test_new_names(old, os_type, new):
    assert new_name(old, os_type, frozenset({old})) == new


def test_every_form_of_a_plan_tells_it():
    plan = made()
    timeline = schedule([plan], 1, NOW)
    data = as_data([plan], timeline)["clusters"][0]["steps"]
    assert [(step["from"], step["to"]) for step in data][1] == ("in use", "drained")
    for page in (as_markdown([plan], timeline, NOW), as_html([plan], timeline, NOW)):
        for words in ("general2", "in use", "without nodes", "removed"):
            assert words in page


OWN = """\
    - {name: own, namespace: payments, version: 1.34.9, vmSize: Standard_D8ds_v5, osSku: Ubuntu2404, zones: ["1", "2", "3"],
       autoscaling: {min: 3, max: 6}}
"""
ON_CHANGE = ("legal-step", "no-replacement", "promotion", "isolation-strands", "team-removal")
"""The pack's mandatory rules about a change of the record."""


@pytest.mark.parametrize("old", ["general", "memory", "spot", "win", "own"])
def test_the_lifecycle_pack_lets_each_step_pass_in_prod(tmp_path, old, monkeypatch):
    """And it would refuse the same in fewer: two of the steps in one `up`, or a pool that goes with its nodes."""
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    for path in ROOT.glob("Pulumi*.yaml"):
        shutil.copy(path, tmp_path)
    file = tmp_path / "Pulumi.prod.yaml"
    file.write_text(file.read_text().replace("secure-aks:pools:\n", f"secure-aks:pools:\n{OWN}"))
    os_type = "Windows" if old == "win" else "Linux"
    new = new_name(old, os_type, frozenset({old}))
    stages = [load_file(file)]
    for kind in (Kind.ADD, Kind.EMPTY, Kind.REMOVE):
        make_move(file, Move(kind, old, new, {"vmSize": "Standard_D16ds_v5"}))
        stages.append(load_file(file))
    old_pool, new_pool = (
        next(one for one in stage.pools if one.name == name)
        for stage, name in ((stages[0], old), (stages[-1], new))
    )
    assert (new_pool.vm_size, new_pool.all_taints, new_pool.all_labels, new_pool.version) == (
        "Standard_D16ds_v5",
        old_pool.all_taints,
        old_pool.all_labels,
        old_pool.version,
    )
    prod = {"secure-aks:environment": "prod"}

    def said(before, after):
        return [
            text
            for rule in ON_CHANGE
            for text in found(rule, change(declared(after), declared(before)), prod)
        ]

    for before, after in pairwise(stages):
        assert said(before, after) == []
    assert "goes in the same `up`" in " ".join(said(stages[0], stages[-1]))
    assert "would be deleted with the pods on it" in " ".join(said(stages[1], stages[-1]))
