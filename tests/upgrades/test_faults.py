"""Faults on the emulator's Azure: errors of each kind, gates that fail and recover, a pool stuck half-way, somebody else."""

from __future__ import annotations

import pytest

from emulator.cloud.faults import Fault
from tests.upgrades.small_stack import POOLS, START, TARGET
from upgrades.fleet import CONTROL_PLANE
from upgrades.journal import read
from upgrades.record import record
from upgrades.render.report import as_markdown
from upgrades.rollout.edges import Stopped
from upgrades.rollout.progress import State, progress
from upgrades.view import Budget

EXPECTED = [(target, START, TARGET) for target in (CONTROL_PLANE, *POOLS)]
GENERAL = "*/agentPools/general"


def done(small):
    assert progress(read(small.journal)).state is State.DONE
    assert small.versions() == dict.fromkeys((CONTROL_PLANE, *POOLS), TARGET)
    return small.moves() == EXPECTED


def report(small):
    found = record(read(small.journal))
    assert found
    return as_markdown(found)


def retries(small):
    return [entry for entry in read(small.journal) if entry["event"] == "retry"]


@pytest.mark.parametrize(
    "kind", ["conflict", "throttled", "serverError", "unavailable", "timeout", "lostAnswer", "fails"]
)
def test_an_error_that_passes_is_tried_again_and_the_step_is_done_once(small, kind):
    small.cloud.inject(Fault(kind, GENERAL, on="put", times=2))
    small.run(start=True)
    assert done(small)
    assert [entry["seconds"] for entry in retries(small)] == [30.0, 60.0][: len(retries(small))]
    assert retries(small)
    assert "tried again" in report(small)


def test_an_operation_that_fails_stops_in_a_legal_state_and_says_what_can_be_done(small):
    small.cloud.inject(Fault("fails", GENERAL, on="put", times=7))
    with pytest.raises(Stopped, match="within 7 days") as stop:
        small.run(start=True)
    assert "`up` of aks: general" in stop.value.why
    assert small.versions()["general"] == START
    assert small.versions()["system"] == TARGET
    small.run(start=False)
    assert done(small)


def test_a_refusal_is_not_tried_again(small):
    cluster = small.cloud.of_type("Microsoft.ContainerService/managedClusters")[0]
    small.cloud.use_api(cluster.id, "flowschemas.v1beta3", "1.36")
    with pytest.raises(Stopped, match=r"flowschemas\.v1beta3"):
        small.run(start=True)
    assert (retries(small), small.moves()) == ([], [])


def test_a_pool_that_is_stuck_is_waited_for_and_then_the_gate_says_so(small):
    small.cloud.inject(Fault("stuck", GENERAL, on="put"))
    with pytest.raises(Stopped):
        small.run(start=True)
    with pytest.raises(Stopped) as stop:
        small.run(start=False)
    assert "in progress" in stop.value.why
    assert any("Azure is busy (general: Upgrading)" in what for what in small.reporter.waits)
    pool = next(
        r
        for r in small.cloud.of_type("Microsoft.ContainerService/managedClusters/agentPools")
        if r.name == "general"
    )
    small.cloud.release(pool.id)
    small.run(start=False)
    assert done(small)


def test_somebody_elses_upgrade_to_the_same_version_is_taken_as_done(small):
    _elsewhere(small, "memory", TARGET)
    small.run(start=True)
    done(small)
    assert sorted(small.moves()) == sorted(EXPECTED)
    assert [event["name"] for event in small.cloud.events() if event["actor"] == "somebody else"] == [
        "memory"
    ]


def test_somebody_elses_upgrade_to_another_version_stops_before_anything_is_touched(small):
    _elsewhere(small, "memory", "1.35.6")
    with pytest.raises(Stopped, match=r"memory is at 1.35.6.*somebody changed it"):
        small.run(start=True)
    assert f"name: memory\n      version: {START}" in small.file.read_text()
    assert small.versions()["general"] == TARGET


def test_a_gate_that_fails_and_recovers_lets_the_rollout_go_on(small):
    blocked = [True]
    budget = Budget("shop", "web", 0, 3, frozenset({"general"}))
    small.changed = lambda: {
        "budgets": (budget,) if blocked else (),
        "absent": {"free_addresses": "", "followed": "", "free_cores": ""},
    }
    with pytest.raises(Stopped, match="PDB001 PodDisruptionBudget shop/web") as stop:
        small.run(start=True)
    assert "resume" in stop.value.remedy
    assert small.versions()["general"] == START
    assert "general" not in [target for target, *_ in small.moves()]
    blocked.clear()
    small.run(start=False)
    assert done(small)
    text = report(small)
    assert "PDB001" in text
    assert "| stopped |" in text


def _elsewhere(small, pool, version):
    """Somebody else moves a pool, just before the rollout changes another one."""
    ids = {r.name: r.id for r in small.cloud.of_type("Microsoft.ContainerService/managedClusters/agentPools")}
    patch = {
        "id": ids[pool],
        "properties": {"currentOrchestratorVersion": version, "orchestratorVersion": version},
    }
    small.cloud.inject(Fault("elsewhere", GENERAL, on="put", patch=patch))
