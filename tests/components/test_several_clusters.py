"""Two clusters in one stack: apart in everything but the Entra groups, and a single one is as it was."""

import json
import shutil
from pathlib import Path

import pytest

from tests.components.test_program import run_program
from tests.settings.test_clusters import FOUR_LINES

ROOT = Path(__file__).parents[2]
BELOW = "secure-aks:clusters:blue"


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("several")
    shutil.copy(ROOT / "Pulumi.yaml", folder)
    shutil.copy(ROOT / "Pulumi.dev.yaml", folder)
    alone = run_program(folder, "dev")
    path = folder / "Pulumi.dev.yaml"
    path.write_text(path.read_text() + FOUR_LINES)
    return alone, run_program(folder, "dev"), folder


def urns(run):
    return sorted(one.urn for one in run.registered)


def test_no_name_meets_another_and_the_first_cluster_stays_as_it_was(runs):
    alone, both, _ = runs
    assert len(urns(both)) == len(set(urns(both)))
    assert [urn for urn in urns(both) if BELOW not in urn] == urns(alone)
    before = {one.urn: one.inputs for one in alone.registered}
    assert {one.urn: one.inputs for one in both.registered if one.urn in before} == before


def test_the_second_has_all_that_the_first_has_but_the_groups_of_the_stack(runs):
    _, both, _ = runs
    first, second = (
        [one for one in both.registered if (BELOW in one.urn) is is_second] for is_second in (False, True)
    )
    stacks = {"azuread:index/group:Group", "secure-aks:index:VersionChange", "secure-aks:index:VersionRecord"}
    kinds = sorted((one.type, one.name) for one in first if one.type not in stacks)
    assert sorted((one.type, one.name) for one in second if one.type != BELOW) == kinds
    assert {one.inputs["resourceName"] for one in both.of(":ManagedCluster")} == {"aks-dev", "aks-blue"}
    assert {one.inputs["resourceName"] for one in second if one.type.endswith(":AgentPool")} == {"aks-blue"}


def test_objects_of_the_second_go_into_the_second(runs):
    _, both, _ = runs
    providers = {one.urn for one in both.of("pulumi:providers:kubernetes") if BELOW in one.urn}
    assert len(providers) == 1
    for one in both.registered:
        if one.type.startswith("kubernetes:"):
            used = one.request.provider.rpartition("::")[0]
            assert (used in providers) == (BELOW in one.urn), one.urn


def test_outputs_tell_of_both(runs):
    alone, both, _ = runs
    outputs = both.stack_outputs
    assert set(outputs) == {*alone.stack_outputs, "clusters"}
    assert set(outputs["clusters"]["blue"]) == {"cluster", "kubeconfig", "namespaces", "groups"}
    assert set(outputs["versions"]["clusters"]) == set(outputs["shape"]) == {"aks-dev", "aks-blue"}
    assert outputs["clusters"]["blue"]["groups"] == outputs["groups"] == alone.stack_outputs["groups"]


def test_a_second_cluster_is_new_until_an_up_has_been_through(runs):
    alone, both, folder = runs
    later = run_program(folder, "dev", last_outputs=json.loads(json.dumps(alone.stack_outputs)))
    change = later.outputs[later.one(":VersionChange").urn]
    assert set(change["previous"]["clusters"]) == {"aks-dev"}
    assert set(change["current"]["clusters"]) == {"aks-dev", "aks-blue"}
    assert urns(later) == urns(both)


GROUP = "azuread:index/group:Group"


def aliases(one):
    return [alias.urn for alias in one.request.aliases]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("blue", "both"),  # a further cluster made it, and now the first names it too
        ("both", "blue"),  # the first made it, and names it no longer
        ("both", "both"),
    ],
)
def test_a_group_stays_the_same_whichever_cluster_names_it_first(tmp_path, before, after):
    shutil.copy(ROOT / "Pulumi.yaml", tmp_path)

    def ran(who, state=None):
        text = (ROOT / "Pulumi.dev.yaml").read_text()
        assert "name: aks-dev-readers" in text
        text = text.replace("aks-dev-readers", "sre") if who == "both" else text
        own = FOUR_LINES.replace("1.35.6}", "1.35.6, readers: [{name: sre}]}", 1)
        (tmp_path / "Pulumi.dev.yaml").write_text(text + own)
        run = run_program(tmp_path, "dev", state=state)
        [made] = [one for one in run.of(GROUP) if one.name == "sre"]
        return run, made

    first, made = ran(before)
    assert aliases(made) == []
    _, again = ran(after, {one.urn: {"outputs": {}} for one in first.registered})
    assert made.urn in (again.urn, *aliases(again))
    assert (again.urn == made.urn) == (before == after)


URNS = Path(__file__).parent / "urns_before_clusters"
"""The URNs of each shipped stack, less stack and project, as the program made them before a stack could have several clusters."""


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_a_stack_of_one_cluster_has_the_urns_of_the_time_before_there_could_be_several(stack):
    """What has another URN goes and is made anew: a cluster, with all that runs on it. Whoever moves one gives it an alias."""
    before = (URNS / f"{stack}.txt").read_text().splitlines()
    now = {urn.split("::", 2)[2] for urn in urns(run_program(ROOT, stack))}
    assert set(before) <= now
    assert len(before) > 100
