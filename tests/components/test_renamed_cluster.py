"""A further cluster that gets another name below `clusters` stays the same one, with all that it has; the first one's place it never takes."""

import shutil

import pulumi
import pytest

from components.versions.version_change import _further
from tests.components.test_program import ROOT, run_program
from tests.settings.test_clusters import FOUR_LINES

CLUSTER = "azure-native:containerservice:ManagedCluster"


@pytest.fixture
def ran(tmp_path):
    shutil.copy(ROOT / "Pulumi.yaml", tmp_path)

    def run(lines, state=None, *edits):
        text = (ROOT / "Pulumi.dev.yaml").read_text()
        for old, new in edits:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "Pulumi.dev.yaml").write_text(text + lines)
        return run_program(tmp_path, "dev", state=state)

    return run


def state_of(done):
    """The names in Azure of the clusters, as the engine tells of its state."""
    return {one.urn: {"outputs": {"name": one.inputs["resourceName"]}} for one in done.of(f"{CLUSTER}")}


def aliases(done, name):
    [one] = done.of(f"secure-aks:clusters:{name}")
    return one.urn, {alias.urn for alias in one.request.aliases}


def test_a_cluster_is_the_same_under_another_name(ran):
    """The engine hands a parent's alias on to all that is below it."""
    before = ran(FOUR_LINES)
    was, none = aliases(before, "blue")
    after = ran(FOUR_LINES.replace("    blue:", "    green:"), state_of(before))
    _, known = aliases(after, "green")
    assert (none, known) == (set(), {was})
    moved = {
        one.urn.replace("clusters:green", "clusters:blue").replace("::green", "::blue")
        for one in after.registered
    }
    assert moved == {one.urn for one in before.registered}


def test_what_the_last_up_left_of_it_is_known() -> None:
    left = {"cluster": {"name": "aks-blue"}, "namespaces": {"payments": "payments"}}
    outputs = {"clusters": {"blue": left}}
    assert _further(outputs, "green", "aks-blue") == _further(outputs, "blue", "aks-blue") == left
    assert _further(outputs, "green", "aks-green") == {}


def test_one_that_is_made_beside_it_is_new(ran):
    before = ran(FOUR_LINES)
    green = FOUR_LINES.replace("blue", "green").replace("10.63", "10.64").partition("clusters:\n")[2]
    after = ran(FOUR_LINES + green, state_of(before))
    assert aliases(after, "green")[1] == aliases(after, "blue")[1] == set()


@pytest.mark.parametrize("away", [True, False], ids=["alone", "swapped"])
def test_the_first_one_does_not_become_a_further_one(ran, away):
    state = state_of(ran(FOUR_LINES))
    lines = "" if away else FOUR_LINES.replace("aks-blue", "aks-dev")
    with pytest.raises(pulumi.RunError, match=r"aks-blue is secure-aks:clusters\.blue in the stack's state"):
        ran(lines, state, ("    name: aks-dev\n", "    name: aks-blue\n"))
