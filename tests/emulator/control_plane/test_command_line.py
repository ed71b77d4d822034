"""`python -m emulator up --stack dev --control-plane`, from the first `up` to `destroy`, on a control plane of its own."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from emulator.cloud.cloud import Cloud
from emulator.control_plane import ControlPlane
from emulator.control_plane.processes import holder

ROOT = Path(__file__).parents[3]
BUDGET = "/apis/policy/v1/namespaces/kube-system/poddisruptionbudgets"


class Emulator:
    """The command line on the shipped dev stack, with its state in a folder of the test."""

    def __init__(self, state):
        self.state = state
        self.folder = state / "dev.control-plane"
        self.config = state / "Pulumi.dev.yaml"
        self.config.write_text((ROOT / "Pulumi.dev.yaml").read_text())

    def run(self, *arguments, ok=True):
        command = [sys.executable, "-m", "emulator", *arguments, "--stack", "dev", "--state-dir", self.state]
        command += ["--config-file", self.config]
        # A pipe that a detached process held open would keep this from returning.
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=400)
        assert (done.returncode == 0) is ok, done.stdout + done.stderr
        return done.stdout + done.stderr

    def kubectl(self, *arguments):
        command = ["kubectl", "--kubeconfig", self.folder / "kubeconfig", *arguments, "-o", "json"]
        command[0] = ControlPlane(self.folder).bin / "kubectl"
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    def nodes(self, pool):
        return self.kubectl("get", "nodes", "-l", f"agentpool={pool}")["items"]

    def versions(self, pool):
        return [n["status"]["nodeInfo"]["kubeletVersion"] for n in self.nodes(pool)]


@pytest.fixture
def emulator(
    tmp_path, control_plane
):  # asks for `control_plane`, so that it is built and this runs beside its kin
    state = tmp_path / "state"
    state.mkdir()
    made = Emulator(state)
    yield made
    if made.folder.is_dir():
        ControlPlane(made.folder).stop()


def test_a_stack_lives_on_a_control_plane_until_it_is_destroyed(emulator):
    said = emulator.run("up", "--yes", "--no-policies", "--control-plane")
    assert f"kubectl --kubeconfig {emulator.folder / 'kubeconfig'}" in said
    guard = holder(emulator.folder)
    assert guard is not None

    spaces = {n["metadata"]["name"]: n for n in emulator.kubectl("get", "namespaces")["items"]}
    assert {"payments", "checkout", "partners"} <= set(spaces)
    labels = spaces["payments"]["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    assert emulator.kubectl("get", "rolebindings", "-n", "payments")["items"]
    spot = emulator.nodes("spot")[0]
    assert spot["metadata"]["labels"]["kubernetes.azure.com/scalesetpriority"] == "spot"
    assert spot["spec"]["taints"][0]["value"] == "spot"
    assert emulator.versions("spot") == ["v1.35.5"]
    assert emulator.versions("system") == ["v1.35.6"] * 2

    assert '"result": "succeeded"' in emulator.run("refresh", "--json")
    _budget_in_the_way(emulator)
    Cloud(emulator.state / "cloud.json").configure(minute_seconds=0.1)
    text = emulator.config.read_text()
    emulator.config.write_text(re.sub(r"(name: spot\n\s+version: )1\.35\.5", r"\g<1>1.35.6", text))
    said = emulator.run("up", "--yes", "--no-policies", ok=False)  # remembered: no flag
    assert "UpgradeFailed" in said
    assert "in-the-way" in said
    state = json.loads((emulator.state / "dev.json").read_text())
    pool = next(r for r in state["deployment"]["resources"] if r["urn"].endswith("AgentPool::spot"))
    assert pool["inputs"]["orchestratorVersion"] == "1.35.5"
    assert sorted(emulator.versions("spot")) == ["v1.35.5", "v1.35.6"]

    admin_of(emulator).delete(f"{BUDGET}/in-the-way")
    emulator.run("up", "--yes", "--no-policies")
    assert emulator.versions("spot") == ["v1.35.6"]

    emulator.run("destroy", "--yes")
    assert holder(emulator.folder) is None
    assert not emulator.folder.exists()
    assert not Path(f"/proc/{guard}").exists() or _is_zombie(guard)


def admin_of(emulator):
    found = ControlPlane(emulator.folder)
    assert found.attach()
    return found.client()


def _is_zombie(process):
    """Say whether a process has ended and only waits for the system to take note."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def _budget_in_the_way(emulator):
    """Run one pod on the spot pool, which a budget never lets go."""
    client, labels = admin_of(emulator), {"app": "stubborn"}
    client.create(
        BUDGET,
        {
            "metadata": {"name": "in-the-way"},
            "spec": {"minAvailable": 1, "selector": {"matchLabels": labels}},
        },
    )
    pod = {
        "nodeSelector": {"agentpool": "spot"},
        "tolerations": [{"operator": "Exists"}],
        "containers": [{"name": "c", "image": "registry.example/stubborn:1"}],
    }
    client.create(
        "/apis/apps/v1/namespaces/kube-system/deployments",
        {
            "metadata": {"name": "stubborn"},
            "spec": {
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": pod},
            },
        },
    )
    end = time.monotonic() + 60
    while client.get(f"{BUDGET}/in-the-way").get("status", {}).get("currentHealthy") != 1:
        assert time.monotonic() < end
        time.sleep(0.1)
