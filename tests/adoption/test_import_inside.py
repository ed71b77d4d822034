"""What an import sees inside a cluster: what is nobody's of Kubernetes or AKS, and the teams that the namespaces come nearest to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.adopt.inside import read_inside, teams
from settings import StackSettings
from tests.settings.helpers import good

if TYPE_CHECKING:
    from emulator.control_plane.server import ControlPlane

GROUP = "6c1f0a2e-59c1-4b39-9d0e-3f0d1c1d4b11"
RBAC = "/apis/rbac.authorization.k8s.io/v1"


def binding(role: str, subject: str, kind: str = "Group") -> dict[str, Any]:
    group = "rbac.authorization.k8s.io"
    return {
        "metadata": {"name": f"{role}-{subject[:4].lower()}"},
        "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": role},
        "subjects": [{"apiGroup": group, "kind": kind, "name": subject}],
    }


def test_a_real_api_server_is_read_and_its_namespaces_become_teams(
    control_plane: ControlPlane, namespace: str
) -> None:
    admin = control_plane.client()
    for made in (
        binding("edit", GROUP),
        binding("view", "somebody@example.com", "User"),
        binding("view", "no-object-id"),
    ):
        admin.create(f"{RBAC}/namespaces/{namespace}/rolebindings", made)
    hard = {"requests.cpu": "4", "requests.memory": "8Gi", "pods": "20"}
    admin.create(
        f"/api/v1/namespaces/{namespace}/resourcequotas",
        {"metadata": {"name": "quota"}, "spec": {"hard": hard}},
    )

    inside = read_inside(control_plane.kubeconfig().read_text())

    names = [one["metadata"]["name"] for one in inside.namespaces]
    assert namespace in names
    assert not {"default", "kube-system"} & set(names)
    assert not [one for one in inside.everywhere if one["metadata"]["name"].startswith("system:")]
    [team] = [one for one in teams(inside) if one["name"] == namespace]
    assert team == {
        "name": namespace,
        "groups": [{"name": f"{namespace}-developers", "objectId": GROUP, "role": "developer"}],
        "quota": {"cpu": "4", "memory": "8Gi", "pods": 20},
    }
    assert isinstance(good({"teams": [team], "pools": []}), StackSettings)
