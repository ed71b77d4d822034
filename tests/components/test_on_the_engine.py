"""The program against the real engine and an AKS that keeps its rules: what only shows over several `up`s."""

import json
import re
import shutil
from pathlib import Path

import pytest

from emulator.cloud.cloud import Cloud
from tests.lab_stack import LabStack
from tests.project_copy import without_teams

ROOT = Path(__file__).parents[2]


class Project:
    """The dev stack in a folder of its own, without teams: they are another room's."""

    def __init__(self, folder: Path) -> None:
        for name in ("components", "settings", "profiles"):
            (folder / name).symlink_to(ROOT / name)
        for name in ("Pulumi.yaml", "__main__.py"):
            shutil.copy(ROOT / name, folder)
        self.file = folder / "Pulumi.dev.yaml"
        text = (ROOT / "Pulumi.dev.yaml").read_text()
        self.file.write_text(without_teams(text))
        self.stack = LabStack("dev", folder)

    def write(self, pattern: str, replacement: str) -> None:
        text, count = re.subn(pattern, replacement, self.file.read_text(), count=1)
        assert count == 1, pattern
        self.file.write_text(text)

    def cluster(self) -> dict:
        return next(one for one in self.stack.resources() if one["type"].endswith(":ManagedCluster"))

    def agent_pools(self) -> dict[str, dict]:
        """The inputs of the pools that are resources of their own, as the state has them."""
        found = [one["inputs"] for one in self.stack.resources() if one["type"].endswith(":AgentPool")]
        return {one["agentPoolName"]: one for one in found}

    def autoscale(self, by: int) -> dict[str, int]:
        """Have the autoscaler add so many nodes to each pool, the inline one too; return how many each has."""
        with Cloud(self.stack.lab_folder / "cloud.json").change() as state:
            pools = state.of_type("Microsoft.ContainerService/managedClusters/agentPools")
            for pool in pools:
                pool.properties["count"] += by
            return {pool.name: pool.properties["count"] for pool in pools}

    def kept(self) -> tuple[dict[str, tuple], dict]:
        """What the stack's state holds by URN, and what is in Azure: all that an `up` goes by besides the stack file."""
        state = {one["urn"]: (one.get("inputs"), one.get("outputs")) for one in self.stack.resources()}
        return state, json.loads((self.stack.lab_folder / "cloud.json").read_text())["resources"]

    def pools(self) -> dict[str, dict]:
        self.stack.refresh()
        return {pool["name"]: pool for pool in self.cluster()["outputs"]["agentPoolProfiles"]}


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


SYSTEM_BOUNDS = r"(?s)(systemPool:.*?autoscaling: )\{min: \d+, max: \d+\}"
CONTROL_PLANE = r"(kubernetesVersion: )[\d.]+"


@pytest.mark.soak
@pytest.mark.parametrize("ups", [5, 10])
def test_over_several_ups_nothing_goes_back_and_a_refresh_heals_by_itself(project, ups):
    project.stack.packs = [str(ROOT / "policies" / name) for name in ("security", "lifecycle")]
    project.stack.lab_folder.mkdir()
    Cloud(project.stack.lab_folder / "cloud.json").configure(policy_tags={"governed": "yes"})
    project.write(r"config:\n", "config:\n  secure-aks:policyTags: [governed]\n")
    project.stack.up()
    (declared,) = project.cluster()["inputs"]["agentPoolProfiles"]
    made = [declared, *project.agent_pools().values()]
    assert [pool["count"] for pool in made if pool["enableAutoScaling"]] == [
        pool["minCount"] for pool in made if pool["enableAutoScaling"]
    ]  # Azure wants a first number
    del declared["count"]
    counts = project.autoscale(by=1)
    assert set(project.stack.up().summary.resource_changes) <= {"same", "read"}
    project.stack.refresh()
    assert len(project.cluster()["inputs"]["agentPoolProfiles"]) > 1

    planned = project.stack.preview().change_summary
    assert not {"create", "replace", "delete"} & set(planned)
    assert planned.get("update", 0) <= 1
    project.write(SYSTEM_BOUNDS, r"\1{min: 2, max: 7}")
    project.write(r"(?s)(name: general.*?autoscaling: )\{min: \d+, max: \d+\}", r"\1{min: 2, max: 8}")
    project.write(r"(?s)(systemPool:.*?osSku: )Ubuntu2404", r"\1AzureLinux")
    # The cluster, its inline pool, and the pool of its own: each change takes the first number out of what is sent.
    assert project.stack.up().summary.resource_changes["update"] == 3
    assert "count" not in project.agent_pools()["general"]
    assert project.agent_pools()["general"]["maxCount"] == 8
    (sent,) = project.cluster()["inputs"]["agentPoolProfiles"]
    assert not {"count", "orchestratorVersion"} & set(sent)
    assert sent.items() >= {**declared, "maxCount": 7, "osSKU": "AzureLinux"}.items()
    assert project.cluster()["outputs"]["tags"]["governed"] == "yes"

    # A change of the cluster takes nothing back from the system pool, which is reimaged once, and not back and forth.
    project.write(r"imageCleanerHours: \d+", "imageCleanerHours: 96")
    assert project.stack.up().summary.resource_changes["update"] == 1
    events = Cloud(project.stack.lab_folder / "cloud.json").events()
    assert len([one for one in events if "nodeImageVersion" in one["changed"]]) == 1
    assert project.autoscale(by=0) == counts
    # A tag of Azure Policy, counts of the autoscaler, a changed inline pool: the fifth `up` and the tenth find nothing to do,
    # and each leaves to the next exactly what it found.
    kept = project.kept()
    for _ in range(4, ups):
        assert set(project.stack.up().summary.resource_changes) <= {"same", "read"}
        assert project.kept() == kept
    system = project.pools()["system"]
    assert (system["maxCount"], system["osSKU"]) == (7, "AzureLinux")


@pytest.mark.soak
def test_switch_of_the_node_updates_says_at_preview_that_nodes_may_be_reimaged(project):
    project.stack.packs = [str(ROOT / "policies" / "lifecycle")]

    def said():
        return " ".join(project.stack.preview().stdout.split())

    project.stack.up()
    assert "node-os-channel-change" not in said()
    project.write(r"mode: security-patch", "mode: node-image")
    assert "node-os-channel-change" in said()
    assert "goes from SecurityPatch to NodeImage, and AKS may reimage every node" in said()
    project.stack.up()
    assert "node-os-channel-change" not in said()
