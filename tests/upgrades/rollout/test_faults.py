"""The lab's Azure out of order, on the real engine: errors of each kind, an operation that is stuck, somebody else."""

from __future__ import annotations

import pytest

from emulator.cloud.faults import Fault
from tests.upgrades.small_stack import POOLS, START, TARGET
from upgrades.journal.file import read
from upgrades.journal.progress import State, progress
from upgrades.journal.record import record
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.render.report import as_markdown
from upgrades.rollout.edges import Stopped

EXPECTED = [(target, START, TARGET) for target in (CONTROL_PLANE, *POOLS)]
CLUSTERS = "Microsoft.ContainerService/managedClusters"
CLUSTER, GENERAL = "*/managedClusters/aks", "*/agentPools/general"


def done(small):
    """The first step, and no other, is done once."""
    assert progress(read(small.journal)).state is State.DONE
    assert small.versions() == {CONTROL_PLANE: TARGET, **dict.fromkeys(POOLS, START)}
    assert small.locks() == []
    return small.moves() == EXPECTED[:1]


def report(small):
    found = record(read(small.journal))
    assert found
    return as_markdown(found)


def retries(small):
    return [(entry["what"], entry["seconds"]) for entry in read(small.journal) if entry["event"] == "retry"]


@pytest.mark.soak
def test_a_whole_rollout_while_azure_is_busy(small):
    small.cloud.inject(Fault("throttled", GENERAL, on="put"))
    before = small.stack.state()
    small.stack.preview()
    assert small.stack.state() == before, "a preview writes nothing"
    small.run(start=True)
    assert small.stack.state() != before
    assert progress(read(small.journal)).state is State.DONE
    assert small.versions() == dict.fromkeys((CONTROL_PLANE, *POOLS), TARGET)
    assert small.moves() == EXPECTED
    text = small.file.read_text()
    assert f"version: {TARGET} # stays" in text  # `pulumi stack init` writes the file anew, with one space
    assert START not in text
    assert retries(small) == [("up of aks: general 1.35.5 -> 1.36.2", 30.0)]
    assert "tried again" in report(small)


def test_errors_that_pass_are_tried_again_and_the_step_is_done_once(small):
    for kind in ("conflict", "serverError", "lostAnswer"):
        small.cloud.inject(Fault(kind, CLUSTER, on="put"))
    small.run(start=True, steps=1)
    assert done(small)
    assert [wait for _, wait in retries(small)] == [30.0, 60.0, 120.0]


@pytest.mark.soak
def test_reads_that_azure_throttles_or_fails_do_not_end_a_rollout(small):
    for kind in ("throttled", "unavailable"):
        small.cloud.inject(Fault(kind, CLUSTER, on="read", times=8))
    small.run(start=True, steps=1)
    assert done(small)
    assert retries(small)[0] == ("reading what runs", 5.0)


def test_an_operation_that_fails_stops_in_a_legal_state_and_says_what_can_be_done(small, monkeypatch):
    monkeypatch.setattr("upgrades.rollout.engine.waits", lambda: iter([30.0]))
    small.cloud.inject(Fault("fails", CLUSTER, on="put", times=2))
    with pytest.raises(Stopped, match="Azure never lowers a control plane") as stop:
        small.run(start=True, steps=1)
    assert "`up` of aks: control plane" in stop.value.why
    assert (small.versions()[CONTROL_PLANE], small.locks()) == (START, [])
    small.run(start=False)
    assert done(small)
    assert "| stopped |" in report(small)


def test_a_refusal_is_not_tried_again(small):
    cluster = small.cloud.of_type(CLUSTERS)[0]
    small.cloud.use_api(cluster.id, "flowschemas.v1beta3", "1.36")
    with pytest.raises(Stopped, match=r"flowschemas\.v1beta3") as stop:
        small.run(start=True, steps=1)
    assert "<{%" not in stop.value.why
    assert (retries(small), small.moves()) == ([], [])


@pytest.mark.soak
def test_an_operation_that_is_stuck_is_waited_for_and_then_the_gate_says_so(small):
    cluster = small.cloud.of_type(CLUSTERS)[0]
    small.cloud.edit(cluster.id, {"provisioningState": "Upgrading"})
    with pytest.raises(Stopped, match="in progress"):
        small.run(start=True, steps=1)
    assert any("Azure is busy (control plane: Upgrading)" in what for what in small.reporter.waits)
    assert sum(small.slept) >= 3600
    small.cloud.edit(cluster.id, {"provisioningState": "Succeeded"})
    small.run(start=False)
    assert done(small)


@pytest.mark.soak
def test_somebody_elses_upgrade_to_the_same_version_is_taken_as_done(small):
    elsewhere(small, TARGET)
    small.run(start=True, steps=1)
    assert progress(read(small.journal)).state is State.DONE
    assert f"kubernetesVersion: {TARGET}" in small.file.read_text()


def test_somebody_elses_upgrade_to_another_version_stops_before_anything_is_touched(small):
    elsewhere(small, "1.35.6")
    with pytest.raises(Stopped, match=r"control plane is at 1.35.6.*somebody changed it"):
        small.run(start=True, steps=1)
    assert f"kubernetesVersion: {START}" in small.file.read_text()


def elsewhere(small, version):
    """Somebody else moves the control plane."""
    versions = dict.fromkeys(("kubernetesVersion", "currentKubernetesVersion"), version)
    small.cloud.edit(small.cloud.of_type(CLUSTERS)[0].id, versions)
