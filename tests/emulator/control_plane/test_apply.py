"""The stack's Kubernetes resources on a real API server: applied, refused, drifted, half-way."""

import time

import pytest

from emulator.control_plane import ApiError, NodePool
from tests.emulator.control_plane.helpers import Project

MAP = """
ConfigMap("one", metadata={"name": "one", "namespace": "{ns}"}, data={"a": "1", "b": "2"})
"""


@pytest.fixture
def project(tmp_path, control_plane, namespace):
    return Project(tmp_path / "project", control_plane, namespace)


def test_apply_update_and_delete(project):
    project.up(MAP)
    live = project.admin.get(project.path("one"))
    assert live["data"] == {"a": "1", "b": "2"}
    assert [m["manager"] for m in live["metadata"]["managedFields"]] == ["pulumi-kubernetes"]
    project.up(MAP.replace(', "b": "2"', ""))
    assert project.admin.get(project.path("one"))["data"] == {"a": "1"}
    assert not project.stack.preview().change_summary.get("update")
    project.stack.destroy()
    with pytest.raises(ApiError, match="404"):
        project.admin.get(project.path("one"))


def test_whole_numbers_and_quantities_come_back_as_they_went(project):
    project.up("""
    ResourceQuota("q", metadata={"name": "q", "namespace": "{ns}"}, spec={"hard": {"cpu": "1000m", "pods": "10"}})
    Deployment("d", metadata={"name": "d", "namespace": "{ns}"}, spec={
        "replicas": 0, "revision_history_limit": 3, "selector": {"match_labels": {"app": "d"}},
        "template": {"metadata": {"labels": {"app": "d"}}, "spec": {
            "host_network": False, "containers": [{"name": "c", "image": "i", "ports": [{"container_port": 80}],
            "resources": {"requests": {"cpu": 0.5}}}]}}})
    """)
    result = project.stack.refresh()
    assert set(result.summary.resource_changes) == {"same"}


def test_a_conflict_is_reported_at_the_resource_already_at_preview(project):
    project.up(MAP)
    project.by_hand(project.path("one"), {"data": {"a": "by hand"}})
    changed = MAP.replace('"1"', '"3"')
    for what in ("preview", "up"):
        said = project.refused(what, changed)
        assert "409" in said
        assert "kubectl-edit" in said
        assert "one" in said
        assert "patchForce" in said
    forced = changed.replace('"namespace"', '"annotations": {"pulumi.com/patchForce": "true"}, "namespace"')
    project.up(forced)
    assert project.admin.get(project.path("one"))["data"]["a"] == "3"


def test_an_invalid_object_is_reported_at_the_resource(project):
    said = project.refused(
        "preview", 'ConfigMap("Bad_Name", metadata={"name": "Bad_Name", "namespace": "{ns}"})'
    )
    assert "422" in said
    assert "RFC 1123" in said
    said = project.refused(
        "preview",
        'CustomResource("x", api_version="v1", kind="ConfigMap", metadata={"name": "x", "namespace": "{ns}"},'
        ' others={"no": 1})',
    )
    assert "no" in said


def test_a_kind_that_is_not_there_yet_is_said(project):
    text = 'CustomResource("x", api_version="example.org/v1", kind="Thing", metadata={"name": "x"})'
    assert "does not know example.org/v1 Thing yet" in project.program(text).stack.preview().stdout
    assert "CustomResourceDefinition has to come first" in project.refused("up")


def test_drift_is_what_others_did_to_our_fields(project):
    project.up(MAP)
    project.by_hand(
        project.path("one"), {"data": {"a": "by hand", "theirs": "x"}, "metadata": {"labels": {"l": "1"}}}
    )
    said = project.stack.preview_refresh().stdout
    assert "by hand" in said
    assert "theirs" not in said
    project.admin.delete(project.path("one"))
    result = project.stack.refresh()
    assert result.summary.resource_changes["delete"] == 1
    project.up(MAP)
    assert project.admin.get(project.path("one"))["data"]["a"] == "1"


def test_a_patch_changes_what_a_controller_made_and_lets_go(project):
    project.up("""
    ServiceAccountPatch("p", metadata={"name": "default", "namespace": "{ns}"}, automount_service_account_token=False)
    """)
    path = project.path("default", "serviceaccounts")
    assert project.admin.get(path)["automountServiceAccountToken"] is False
    assert set(project.stack.refresh().summary.resource_changes) == {"same"}
    project.stack.destroy()
    assert "automountServiceAccountToken" not in project.admin.get(path)


def test_an_up_that_fails_half_way_says_so_and_the_next_one_finishes(project):
    half = (
        MAP
        + """
    Deployment("d", metadata={"name": "d", "namespace": "{ns}", "annotations": {"pulumi.com/timeoutSeconds": "1"}},
        spec={"selector": {"match_labels": {"app": "d"}}, "template": {"metadata": {"labels": {"app": "d"}},
        "spec": {"node_selector": {"agentpool": "{ns}"}, "containers": [{"name": "c", "image": "i"}]}}})
    """.replace("\n    ", "\n")
    )
    said = project.refused("up", half)
    assert "0 of 1 pods are ready" in said
    state = project.state()
    assert "one" in state
    assert "is not ready" in state["d"]["initErrors"][0]
    project.control_plane.add_nodes(NodePool(project.namespace, "1.36.2"), 1)
    end = time.monotonic() + 60
    while not project.admin.get(project.path("d", "deployments", "/apis/apps/v1"))["status"].get(
        "readyReplicas"
    ):
        assert time.monotonic() < end
        time.sleep(0.1)
    result = project.stack.up()
    assert result.summary.resource_changes["update"] == 1
    assert "initErrors" not in project.state()["d"]
    project.stack.destroy()
