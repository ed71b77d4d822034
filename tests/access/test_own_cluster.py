"""A tenant of the degree `cluster` on a real control plane: in its own cluster it is a tenant still, and nobody else is one there."""

from __future__ import annotations

import itertools
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from secure_aks_lifecycle.stack.isolation import NODES_OF

from emulator.control_plane.client import ApiError
from settings.reading.load import load_cluster
from tests.access.conftest import apply_teams
from tests.access.helpers import ROOT
from tests.access.isolation import KATA, Cluster, refused_by_rule, toleration, until
from tests.control_plane_fixture import started
from tests.security.build import pod
from tests.settings.test_own_cluster import LINES

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from emulator.control_plane.client import ApiClient
    from emulator.control_plane.server import ControlPlane
    from settings.sections.stack import StackSettings

HOME = "alone-partners"
HERE = f"/api/v1/namespaces/{HOME}"
RBAC = "/apis/rbac.authorization.k8s.io/v1"
MERGE = "application/merge-patch+json"
OTHERS = {"payments": "payments-dev-operators", "checkout": "checkout-dev-operators"}
"""The group with the most rights of each team of the stack's first cluster."""
_number = itertools.count()


def own_cluster(folder: Path) -> StackSettings:
    """What the shipped dev stack with the word and the four lines says of the team's cluster, in a namespace of this test's own."""
    shutil.copy(ROOT / "Pulumi.yaml", folder)
    text = (ROOT / "Pulumi.dev.yaml").read_text()
    said = text.replace("      isolation: sandbox\n", "      isolation: cluster\n")
    assert said != text
    (folder / "Pulumi.dev.yaml").write_text(said + LINES)
    view = load_cluster(folder, "dev/partners")
    teams = tuple(team.model_copy(update={"namespace": HOME}) for team in view.teams)
    pools = tuple(pool.model_copy(update={"namespace": HOME}) for pool in view.pools)
    return view.model_copy(update={"teams": teams, "pools": pools})


@pytest.fixture(scope="module")
def control_plane() -> Generator[ControlPlane]:
    yield from started()  # where rules of another cluster were deleted, the API server is slow to take up new ones


@pytest.fixture(scope="module")
def alone(control_plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Generator[Cluster]:
    made = Cluster(control_plane, own_cluster(tmp_path_factory.mktemp("alone")))
    try:
        apply_teams(made.admin, made.settings)
        made._made.append(HERE)
        for one in made.settings.pools:
            made.node(one)
        made.create("/apis/node.k8s.io/v1/runtimeclasses", {"metadata": {"name": KATA}, "handler": "kata"})
        made.admin.create(f"{HERE}/secrets", {"metadata": {"name": "keys"}, "stringData": {"key": "theirs"}})
        made.create("/api/v1/namespaces", {"metadata": {"name": "of-the-platform"}})
        kept = {"metadata": {"name": "keys"}, "stringData": {"key": "the platform's"}}
        made.admin.create("/api/v1/namespaces/of-the-platform/secrets", kept)
        made.rules([HOME])
        bad = {**tenants_pod(), "spec": {**tenants_pod()["spec"], "nodeName": "no-such-node"}}
        until(lambda: refused_by_rule(made.admin, bad))
        yield made
    finally:
        made.clear()


@pytest.fixture(scope="module")
def tenant(alone: Cluster) -> ApiClient:
    return alone.member("partners", "partners-dev-operators")


def tenants_pod(**spec: Any) -> dict[str, Any]:
    """A pod on the team's own nodes, with what is changed in its spec (None: taken away)."""
    item = pod()
    item["metadata"] = {"name": f"try-{next(_number)}", "namespace": HOME}
    own = {"nodeSelector": {NODES_OF: HOME}, "tolerations": [toleration(HOME)], "runtimeClassName": KATA}
    merged = {**item["spec"], **own, **spec}
    return {**item, "spec": {key: value for key, value in merged.items() if value is not None}}


def test_the_cluster_is_the_teams(alone: Cluster) -> None:
    assert [(team.name, team.isolation) for team in alone.settings.teams] == [("partners", "cluster")]


@pytest.mark.parametrize("runtime", [KATA, None], ids=["sandboxed", "as it likes"])
def test_it_runs_on_its_nodes_in_a_virtual_machine_or_not(
    runtime: str | None, alone: Cluster, tenant: ApiClient
) -> None:
    """Nobody else's pods are there, so the runtime class is the team's to choose."""
    item = tenants_pod(runtimeClassName=runtime)
    tenant.create(f"{HERE}/pods", item)
    path = f"{HERE}/pods/{item['metadata']['name']}"
    assert until(lambda: alone.admin.get(path)["spec"].get("nodeName")) in alone.nodes.values()


def test_it_reads_its_own(tenant: ApiClient) -> None:
    assert tenant.get(f"{HERE}/secrets/keys")["data"]


def attempts() -> Mapping[str, tuple[str, str, Any]]:
    """What stays the platform's in a cluster of the team's own: method, path and body."""
    return {
        "read the platform's secrets": ("GET", "/api/v1/namespaces/of-the-platform/secrets/keys", None),
        "list all secrets": ("GET", "/api/v1/secrets", None),
        "read the system's secrets": ("GET", "/api/v1/namespaces/kube-system/secrets", None),
        "run beside AKS's pods": ("POST", "/api/v1/namespaces/kube-system/pods", pod()),
        "make a namespace": ("POST", "/api/v1/namespaces", {"metadata": {"name": "more-room"}}),
        "raise the quota": ("PATCH", f"{HERE}/resourcequotas/quota", {"spec": {"hard": {"pods": "9999"}}}),
        "drop the quota": ("DELETE", f"{HERE}/resourcequotas/quota", None),
        "open the network": ("DELETE", f"/apis/networking.k8s.io/v1/namespaces/{HOME}/networkpolicies/default-deny", None),
        "relabel the namespace": ("PATCH", HERE, {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "privileged"}}}),
        "drop a rule": ("DELETE", "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/secure-aks-pods", None),
        "loosen the rules": ("GET", "/api/v1/namespaces/secure-aks-admission/configmaps", None),
        "become an administrator": ("POST", f"{RBAC}/clusterrolebindings", {"metadata": {"name": "mine"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"}}),
        "give itself more at home": ("POST", f"{RBAC}/namespaces/{HOME}/roles", {"metadata": {"name": "mine"}, "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]}),
        "see the volumes": ("GET", "/api/v1/persistentvolumes", None),
        "speak to a node": ("GET", "/api/v1/nodes/any/proxy/pods", None),
        "sign for a node": ("GET", "/apis/certificates.k8s.io/v1/certificatesigningrequests", None),
    }  # fmt: skip


@pytest.mark.parametrize("attempt", attempts())
def test_what_is_the_platforms_stays_out_of_reach(attempt: str, tenant: ApiClient) -> None:
    method, path, body = attempts()[attempt]
    with pytest.raises(ApiError) as caught:
        tenant.call(method, path, body, content_type=MERGE if method == "PATCH" else "application/json")
    assert caught.value.status == 403, caught.value
    assert "forbidden: User" in str(caught.value)


def test_nodes_stay_the_platforms(alone: Cluster, tenant: ApiClient) -> None:
    for node in alone.nodes.values():
        for body in ({"spec": {"taints": []}}, {"metadata": {"labels": {NODES_OF: "mine"}}}):
            with pytest.raises(ApiError) as caught:
                tenant.call("PATCH", f"/api/v1/nodes/{node}", body, content_type=MERGE)
            assert caught.value.status == 403


BAD: Mapping[str, tuple[dict[str, Any], str]] = {
    "by a node's name": ({"nodeName": "any"}, "[pod-foreign-nodes]"),
    "with every taint": ({"tolerations": [{"operator": "Exists"}]}, "[pod-foreign-nodes]"),
    "in the node's network": ({"hostNetwork": True}, "hostNetwork"),
    "among the node's processes": ({"hostPID": True}, "hostPID"),
    "on the node's disk": (
        {"volumes": [{"name": "disk", "hostPath": {"path": "/"}}]},
        "hostPath",
    ),
}


@pytest.mark.parametrize("attempt", BAD)
def test_a_node_is_not_taken_from_inside_a_pod(attempt: str, tenant: ApiClient) -> None:
    spec, said = BAD[attempt]
    with pytest.raises(ApiError) as caught:
        tenant.create(f"{HERE}/pods", tenants_pod(**spec))
    assert caught.value.status in {403, 422}
    assert said in str(caught.value)


@pytest.mark.parametrize("team", OTHERS)
def test_who_is_in_another_cluster_of_the_stack_has_no_right_here(team: str, alone: Cluster) -> None:
    """Entra knows them, and their groups are bound to nothing: not even what everybody may ask tells them of the team."""
    stranger = alone.member(team, OTHERS[team])
    for method, path, body in (
        ("GET", f"{HERE}/pods", None),
        ("GET", f"{HERE}/secrets/keys", None),
        ("GET", HERE, None),
        ("GET", "/api/v1/namespaces", None),
        ("GET", "/api/v1/nodes", None),
        ("POST", f"{HERE}/pods", tenants_pod()),
    ):
        with pytest.raises(ApiError) as caught:
            stranger.call(method, path, body)
        assert caught.value.status == 403, path
