"""A second `up` whose question about the cluster Azure does not answer: it ends in a line with what helps, and that helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emulator.arm.authorization import ASSIGNMENTS
from emulator.cloud.cloud import Cloud
from emulator.cloud.faults import Fault
from tests.lab_stack import LabStack
from tests.project_copy import copy_of
from tests.shipped_up import TODAY, changes, failed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.shipped_up import ShippedUp

pytestmark = pytest.mark.soak
CLUSTER = "/managedclusters/aks-dev"


@pytest.fixture
def dev(shipped_up: ShippedUp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LabStack:
    monkeypatch.setenv("SECURE_AKS_CLOCK", TODAY)
    return LabStack("dev", copy_of(shipped_up.folder, tmp_path / "project"))


def told(dev: LabStack) -> str:
    """What a failed preview says of the kubeconfig, as one line."""
    said = " ".join(failed(dev, "preview").split())
    assert "Traceback" not in said
    assert "the kubeconfig of aks-dev cannot be read: " in said
    return said.partition("the kubeconfig of aks-dev cannot be read: ")[2]


def test_a_cluster_that_is_gone_is_made_anew_as_advised(dev: LabStack) -> None:
    with Cloud(dev.lab_folder / "cloud.json").change() as state:
        for key in [key for key in state.resources if CLUSTER in key.lower()]:
            del state.resources[key]
    said = told(dev)
    assert said.startswith("Status=404")
    assert "PULUMI_K8S_DELETE_UNREACHABLE=true pulumi refresh" in said
    dev.refresh()
    planned = changes(dev.preview())
    assert planned.get("create", 0) > 0
    assert "delete" not in planned


def test_a_right_that_was_taken_away_is_named(dev: LabStack) -> None:
    with Cloud(dev.lab_folder / "cloud.json").change() as state:
        for one in state.of_type(ASSIGNMENTS):  # that of its deployers too, of whom it is one
            del state.resources[one.id.lower()]
    said = told(dev)
    assert said.startswith("Status=403")
    assert "Azure Kubernetes Service Cluster User Role" in said


def test_a_throttled_question_is_asked_again(dev: LabStack) -> None:
    with Cloud(dev.lab_folder / "cloud.json").change() as state:
        state.add_fault(Fault("throttled", f"*{CLUSTER}", "read"))
    said = told(dev)
    assert said.startswith("Status=429")
    assert "run `up` again" in said
    assert changes(dev.preview()) == {}
