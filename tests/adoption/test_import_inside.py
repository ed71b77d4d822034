"""What an import sees inside a cluster: what is nobody's of Kubernetes or AKS, and the teams that the namespaces come nearest to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.adopt.found import Inside
from cli.adopt.inside import read_inside, teams
from settings import StackSettings
from tests.settings.helpers import good

if TYPE_CHECKING:
    from emulator.control_plane.server import ControlPlane

GROUP = "6c1f0a2e-59c1-4b39-9d0e-3f0d1c1d4b11"
ADMINS = "8e31f0a2-59c1-4b39-9d0e-3f0d1c1d4b11"
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


def test_whoever_works_in_a_namespace_twice_and_odd_quotas_make_a_team_that_a_stack_takes() -> None:
    """Two groups of one role, one with two roles, quotas in units and amounts that a stack
    file has no place for; a group has one place, and the administrators have theirs."""
    other = GROUP.replace("6c1f", "7d20")
    bindings = [
        binding(role, group) for role, group in (("view", GROUP), ("edit", GROUP.upper()), ("edit", other))
    ]
    for one in bindings:
        one["metadata"]["namespace"] = "shop"
    elsewhere = [binding("edit", other), binding("edit", ADMINS)]
    for one in elsewhere:
        one["metadata"]["namespace"] = "bills"
    spec = {"hard": {"cpu": "500m", "requests.memory": "0", "pods": "1k"}}
    quota = {"metadata": {"name": "q", "namespace": "shop"}, "spec": spec}
    namespaces = tuple({"metadata": {"name": name}} for name in ("shop", "bills"))
    [team] = teams(Inside(namespaces, (*bindings, *elsewhere), (quota,)), [ADMINS])
    assert team == {
        "name": "shop",
        "groups": [
            {"name": "shop-developers", "objectId": GROUP, "role": "developer"},
            {"name": "shop-developers-2", "objectId": other, "role": "developer"},
        ],
        "quota": {"cpu": "500m"},
    }
    assert isinstance(good({"teams": [team], "pools": []}), StackSettings)
