"""The program against an AKS that keeps its rules: what only shows over several `up`s."""

import io
import json
import re
import shutil
from pathlib import Path

import pytest
from pulumi.automation import Deployment

from components.refreshed_state import main, without_copied_pools
from tests.lab_stack import LabStack

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
        self.file.write_text(re.sub(r"(?m)^  secure-aks:(teams|exemptions):.*\n(?:    .*\n)*", "", text))
        self.stack = LabStack("dev", folder)

    def write(self, pattern: str, replacement: str) -> None:
        text, count = re.subn(pattern, replacement, self.file.read_text(), count=1)
        assert count == 1, pattern
        self.file.write_text(text)

    def cluster(self) -> dict:
        return next(one for one in self.stack.resources() if one["type"].endswith(":ManagedCluster"))

    def pools(self) -> dict[str, dict]:
        self.stack.refresh()
        return {pool["name"]: pool for pool in self.cluster()["outputs"]["agentPoolProfiles"]}


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


SYSTEM_BOUNDS = r"(?s)(systemPool:.*?autoscaling: )\{min: \d+, max: \d+\}"
CONTROL_PLANE = r"(kubernetesVersion: )[\d.]+"


def test_change_of_the_cluster_takes_nothing_back_from_the_system_pool(project):
    project.stack.up()
    project.write(SYSTEM_BOUNDS, r"\1{min: 2, max: 7}")
    project.stack.up()
    project.write(r"imageCleanerHours: \d+", "imageCleanerHours: 96")
    project.stack.up()

    assert project.pools()["system"]["maxCount"] == 7


def test_state_after_a_refresh_is_mended(project):
    project.stack.up()
    declared = project.cluster()["inputs"]["agentPoolProfiles"]
    project.stack.refresh()
    assert len(project.cluster()["inputs"]["agentPoolProfiles"]) > 1

    exported = project.stack.export_stack()
    mended = without_copied_pools({"version": exported.version, "deployment": exported.deployment})
    project.stack.import_stack(Deployment(**mended))

    assert project.cluster()["inputs"]["agentPoolProfiles"] == declared
    assert not {"create", "replace", "delete"} & set(project.stack.preview().change_summary)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"deployment": null}'])
def test_anything_but_an_exported_stack_is_refused(text, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO(text))

    assert main() == 1
    assert capsys.readouterr().err.startswith("error: ")


def test_exported_stack_is_printed_cleaned(monkeypatch, capsys):
    pools = [
        {"name": "general", "mode": "User", "count": 4, "orchestratorVersion": "1.35.6"},
        {
            "name": "system",
            "enableAutoScaling": True,
            "count": 3,
            "orchestratorVersion": "1.35.6",
            "maxCount": 6,
        },
    ]
    resources = [
        {"type": "azure-native:containerservice:ManagedCluster", "inputs": {"agentPoolProfiles": pools}},
        {
            "type": "azure-native:containerservice:AgentPool",
            "inputs": {"agentPoolName": "general", "count": 4},
        },
    ]
    exported = {"version": 3, "deployment": {"manifest": {}, "resources": resources}}
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(exported)))

    assert main() == 0
    cleaned = json.loads(capsys.readouterr().out)
    cluster, pool = cleaned["deployment"]["resources"]
    assert cluster["inputs"]["agentPoolProfiles"] == [
        {"name": "system", "enableAutoScaling": True, "maxCount": 6}
    ]
    assert pool == resources[1]
    assert cleaned["deployment"]["manifest"] == {}


def test_switch_of_the_node_updates_says_at_preview_that_nodes_may_be_reimaged(project):
    packs = [ROOT / "policies" / "lifecycle"]

    def said():
        return " ".join(project.stack.preview(policy_packs=packs).stdout.split())

    project.stack.up()
    assert "node-os-channel-change" not in said()
    project.write(r"mode: security-patch", "mode: node-image")
    assert "node-os-channel-change" in said()
    assert "goes from SecurityPatch to NodeImage, and AKS may reimage every node" in said()
    project.stack.up()
    assert "node-os-channel-change" not in said()


WORKSPACE = "/subscriptions/1/resourceGroups/rg/providers/Microsoft.Monitor/accounts/amw"


def test_alert_on_overdue_reboots_is_a_rule_group_beside_the_cluster(project):
    monitoring = f"{{monitoring: {{collector: azure-monitor, workspaceId: {WORKSPACE}}}, endTime: '04:00'}}"
    project.write(r"mode: security-patch", f"mode: kured\n    kured: {monitoring}")
    project.stack.up()
    resources = (project.stack.export_stack().deployment or {})["resources"]
    [group] = [one for one in resources if one["type"].endswith(":PrometheusRuleGroup")]
    assert group["id"].endswith("/providers/Microsoft.AlertsManagement/prometheusRuleGroups/aks-dev-kured")
    assert group["inputs"]["scopes"] == [WORKSPACE, project.cluster()["id"]]
    assert project.stack.preview().change_summary.keys() <= {"same", "read"}
