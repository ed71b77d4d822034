"""The dev stack on a real API server with nodes: a whole minor upgrade, with workloads and budgets in the way."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from secure_aks_lifecycle.clock import now
from secure_aks_lifecycle.facts.catalog import Catalog

from emulator.arm.discovery import authentication_file
from emulator.control_plane.stack_cluster import StackCluster
from emulator.lab import Lab
from tests.lab_stack import AT_THE_END, enter
from tests.project_copy import without_pools, without_teams
from tests.upgrades.builders import v
from tests.upgrades.fakes import Killed, Silent, until
from upgrades.engine.interrupts import Interrupts
from upgrades.journal.file import Journal, read
from upgrades.journal.progress import State
from upgrades.journal.record import record
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.plan.planner import plan
from upgrades.plan.replace_pool import replace_pool
from upgrades.rollout.edges import Stopped
from upgrades.rollout.engine import Engine
from upgrades.rollout.run import Rollout
from upgrades.session import session as session_module
from upgrades.session.session import Session

ROOT = Path(__file__).parents[3]
NAMESPACE = "shop"
RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted"}
POOLS = ("system", "general", "spot", "win", "sandbox")
MORE = ("spot", "sandbox", "win")
"""The pools that a step teaches nothing of that the others do not."""


@pytest.fixture
def session(tmp_path, monkeypatch, left_out):
    """The shipped dev stack without teams and some pools, up on a control plane of its own, which ends with the test."""
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23T12:00:00+00:00")
    monkeypatch.setattr(
        session_module, "PACKS", ()
    )  # other tests run the packs; here it is the cluster that judges
    for name in ("components", "settings", "profiles"):
        (tmp_path / name).symlink_to(ROOT / name)
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, tmp_path)
    text = (ROOT / "Pulumi.dev.yaml").read_text()
    text = without_pools(without_teams(text), left_out)
    text = text.replace("autoscaling: {min: 1, max: 4}", "autoscaling: {min: 3, max: 4}")  # general
    (tmp_path / "Pulumi.dev.yaml").write_text(text)
    with Lab(tmp_path / ".emulator", control_plane=True) as lab:
        enter(monkeypatch, lab)
        subprocess.run(["pulumi", "stack", "init", "dev"], cwd=tmp_path, capture_output=True, check=True)
        session = Session(tmp_path, "dev")
        try:
            with mock.patch.dict(os.environ, AT_THE_END):
                session.stack.up()
            yield session
        finally:
            lab.cluster.end()


def cluster_of(lab):
    """The control plane that a lab in this folder has put behind its cluster."""
    return StackCluster(lab, "lab", authentication_file(lab))


def workload(admin, name, replicas):
    """A deployment on pool general, a pod a node where there is room, as the stack's own admission policies want it."""
    labels = {"app": name}
    pod = {
        "nodeSelector": {"workload": "general"},
        "automountServiceAccountToken": False,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 1000,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [
            {
                "name": "web",
                "image": f"mcr.microsoft.com/shop/{name}@sha256:{'0' * 64}",
                "resources": {
                    "requests": {"cpu": "100m", "memory": "64Mi"},
                    "limits": {"cpu": "200m", "memory": "64Mi"},
                },
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "readOnlyRootFilesystem": True,
                    "capabilities": {"drop": ["ALL"]},
                },
            }
        ],
    }
    spec = {
        "replicas": replicas,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": pod},
    }
    admin.create(
        f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments", {"metadata": {"name": name}, "spec": spec}
    )


def budget(admin, name, least):
    spec = {"minAvailable": least, "selector": {"matchLabels": {"app": name}}}
    path = f"/apis/policy/v1/namespaces/{NAMESPACE}/poddisruptionbudgets"
    admin.create(path, {"metadata": {"name": name}, "spec": spec})


def ready(admin, name):
    found = admin.get(f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments/{name}").get("status", {})
    return found.get("readyReplicas", 0)


def healthy(admin, name):
    path = f"/apis/policy/v1/namespaces/{NAMESPACE}/poddisruptionbudgets/{name}"
    return admin.get(path).get("status", {}).get("currentHealthy", 0)


def nodes(admin):
    """Name -> (pool, kubelet version, cordoned)."""
    return {
        item["metadata"]["name"]: (
            item["metadata"]["labels"]["agentpool"],
            item["status"]["nodeInfo"]["kubeletVersion"],
            bool(item["spec"].get("unschedulable")),
        )
        for item in admin.get("/api/v1/nodes")["items"]
    }


def run(session, *, start):
    quick = lambda seconds: time.sleep(min(seconds, 0.2))  # noqa: E731
    edges = replace(session.edges(Silent(), Interrupts()), sleep=quick, settle=1)
    with Journal(session.journal, now) as journal:
        rollout = Rollout(journal, edges)
        if start:
            steps = plan(session.planned_cluster(), v("1.36.2"), Catalog.load(), now().date()).steps
            rollout.start(
                steps, stack="dev", cluster="aks-dev", target="1.36.2", by="a test", engine="Pulumi"
            )
        return rollout.run()


@pytest.mark.control_plane
@pytest.mark.xdist_group("control-plane")
@pytest.mark.parametrize("left_out", [MORE], ids=["of two pools"])
def test_a_minor_upgrade_of_dev_with_a_budget_in_the_way(session, left_out):
    upgraded(session, [name for name in POOLS if name not in left_out])


@pytest.mark.soak
@pytest.mark.control_plane
@pytest.mark.parametrize("left_out", [()], ids=["whole"])
def test_a_minor_upgrade_of_dev_and_then_a_pool_of_another_size(session, left_out):
    replaced(session, upgraded(session, POOLS))


def upgraded(session, pools):
    """Take the stack to the next minor; a budget of general stops the step of every pool until it goes."""
    admin = cluster_of(session.folder / ".emulator").ensure().client()
    admin.create("/api/v1/namespaces", {"metadata": {"name": NAMESPACE, "labels": RESTRICTED}})
    for name, least in (("web", 3), ("api", 2)):
        workload(admin, name, 3)
        budget(admin, name, least)
    until(
        lambda: (
            ready(admin, "web") == ready(admin, "api") == healthy(admin, "web") == healthy(admin, "api") == 3
        )
    )
    before = nodes(admin)

    with pytest.raises(Stopped) as stop:
        run(session, start=True)
    assert "PDB001 PodDisruptionBudget shop/web" in stop.value.why
    assert "shop/api" not in stop.value.why
    general = {name: node for name, node in nodes(admin).items() if node[0] == "general"}
    assert general == {name: node for name, node in before.items() if node[0] == "general"}, (
        "no node is touched"
    )
    assert {node[2] for node in general.values()} == {False}
    assert nodes(admin) == before, "AKS begins no pool while the cluster has a budget that can never be met"

    admin.delete(f"/apis/policy/v1/namespaces/{NAMESPACE}/poddisruptionbudgets/web")
    assert run(session, start=False).state is State.DONE
    after = nodes(admin)
    assert {pool for pool, *_ in after.values()} == set(pools)
    assert {(version, cordoned) for _, version, cordoned in after.values()} == {("v1.36.2", False)}
    assert not set(after) & {name for name, node in before.items() if node[0] == "general"}, (
        "nodes are replaced"
    )
    assert (ready(admin, "web"), ready(admin, "api")) == (3, 3)
    assert {target: str(version) for target, version in session.running().versions.items()} == dict.fromkeys(
        (CONTROL_PLANE, *pools), "1.36.2"
    )
    found = record(read(session.journal))
    assert found
    assert found.breaks == 1
    assert all(
        gate["verdict"] == "pass"
        for row in found.steps[2:3]
        for gate in row.gates_before
        if gate["code"] == "PDB001"
    )
    return admin


def replaced(session, admin):
    """The same stack goes on: a pool of another size takes the place of general, killed in the drain and resumed, and no pod is lost."""
    size = {"vmSize": "Standard_D8ds_v5"}
    here = session.observed().cluster
    new = replace(here.pool("general"), name="general2")
    steps = replace_pool(here, "general", new, {}, size).steps
    names = {pod["metadata"]["name"] for pod in shop(admin)}

    def go(*, start):
        quick = lambda seconds: time.sleep(min(seconds, 0.2))  # noqa: E731
        edges = replace(session.edges(Silent(), Interrupts()), sleep=quick, settle=1)
        with Journal(session.journal, now) as journal:
            rollout = Rollout(journal, edges)
            if start:
                told: dict[str, Any] = {
                    "cluster": "aks-dev",
                    "target": "1.36.2",
                    "by": "a test",
                    "engine": "Pulumi",
                }
                rollout.start(steps, stack="dev", kind="replacement", **told)
            return rollout.run()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "drain", dies_after_one(Engine.drain))
        with pytest.raises(Killed):
            go(start=True)
    there = {pool for pool, *_ in nodes(admin).values()}
    assert {"general", "general2"} <= there, "both stand beside each other"
    assert {node[2] for node in nodes(admin).values() if node[0] == "general"} == {True}
    assert go(start=False).state is State.DONE
    pools = {name: pool for name, (pool, *_) in nodes(admin).items()}
    assert "general" not in pools.values()
    assert {pools[pod["spec"]["nodeName"]] for pod in shop(admin)} == {"general2"}
    assert not names & {pod["metadata"]["name"] for pod in shop(admin)}, "each has moved"
    assert (ready(admin, "web"), ready(admin, "api")) == (3, 3)
    assert "general" not in session.running().versions
    assert session.running().versions["general2"] == v("1.36.2")
    (pool,) = (pool for pool in session.settings().pools if pool.name == "general2")
    assert (pool.vm_size, pool.labels) == ("Standard_D8ds_v5", {"workload": "general"})


def shop(admin):
    found = admin.get(f"/api/v1/namespaces/{NAMESPACE}/pods")["items"]
    return [pod for pod in found if not pod["metadata"].get("deletionTimestamp")]


def dies_after_one(drain):
    def cut(self, step):
        drain(self, step)
        raise Killed

    return cut
