"""A tenant of each degree tries each border on a real control plane, and is refused."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from secure_aks_lifecycle.stack.isolation import NODES_OF

from emulator.control_plane.client import ApiError
from tests.access.isolation import TENANTS, Cluster, cluster, namespace_of, tenant_pod, toleration, until

if TYPE_CHECKING:
    from collections.abc import Generator

    from emulator.control_plane.client import ApiClient
    from emulator.control_plane.server import ControlPlane

MERGE = "application/merge-patch+json"
OWN_POOL = {"namespace": "general", "nodes": "checkout", "sandbox": "sandbox"}
BORDERS = list(itertools.permutations(TENANTS, 2))
_number = itertools.count()


@pytest.fixture(scope="module")
def apart(control_plane: ControlPlane) -> Generator[Cluster]:
    with cluster(control_plane) as made:
        yield made


def pods_of(degree: str) -> str:
    return f"/api/v1/namespaces/{namespace_of(degree)}/pods"


def refusal(
    client: ApiClient, method: str, path: str, body: Any = None, content: str = "application/json"
) -> ApiError:
    with pytest.raises(ApiError) as caught:
        client.call(method, path, body, content_type=content)
    return caught.value


def tried(apart: Cluster, degree: str, **spec: Any) -> str:
    """The words in which a pod of the tenant's is refused."""
    item = tenant_pod(degree, f"try-{next(_number)}", **spec)
    error = refusal(apart.tenant(degree), "POST", pods_of(degree), item)
    assert error.status == 422 or error.status == 403  # noqa: PLR1714  # either of the two that admission has
    return str(error)


def condition(apart: Cluster, degree: str, name: str) -> str:
    """The words in which the scheduler says why a pod has no node; empty as long as it says nothing."""
    found = apart.admin.get(f"{pods_of(degree)}/{name}")
    assert not found["spec"].get("nodeName")
    conditions = found.get("status", {}).get("conditions", [])
    return next((one.get("message", "") for one in conditions if one["type"] == "PodScheduled"), "")


@pytest.mark.parametrize("degree", TENANTS)
def test_what_a_tenant_runs_lands_on_its_nodes(degree: str, apart: Cluster) -> None:
    name = f"home-{degree}"
    item = tenant_pod(degree, name)
    if degree == "namespace":  # the shared node of these tests among those of others
        item["spec"]["nodeSelector"] = {"agentpool": "isogeneral"}
    apart.tenant(degree).create(pods_of(degree), item)
    placed = until(lambda: apart.admin.get(f"{pods_of(degree)}/{name}")["spec"].get("nodeName"))
    assert placed == apart.nodes[OWN_POOL[degree]]
    # A pod that the scheduler put somewhere names its node, and may change as ever.
    until(lambda: apart.admin.get(f"{pods_of(degree)}/{name}")["status"]["phase"] == "Running")
    image = item["spec"]["containers"][0]["image"].replace(":1.2.3", ":1.2.4")
    newer = {"spec": {"containers": [{"name": "app", "image": image}]}}
    strategic = "application/strategic-merge-patch+json"
    changed = apart.tenant(degree).call("PATCH", f"{pods_of(degree)}/{name}", newer, content_type=strategic)
    assert changed["spec"]["containers"][0]["image"] == image


@pytest.mark.parametrize(("degree", "other"), [(a, b) for a, b in BORDERS if b != "namespace"])
class TestForeignNodes:
    """Who has nodes of its own shares them with nobody."""

    def test_not_by_their_name(self, degree: str, other: str, apart: Cluster) -> None:
        node = apart.nodes[OWN_POOL[other]]
        said = tried(apart, degree, nodeName=node)
        assert (
            f"[pod-foreign-nodes] the pod names the node {node}, which passes the scheduler and every taint"
            in said
        )

    def test_not_by_their_label(self, degree: str, other: str, apart: Cluster) -> None:
        said = tried(apart, degree, nodeSelector={NODES_OF: namespace_of(other)})
        assert f"[pod-foreign-nodes] the pod asks for the nodes of {namespace_of(other)}" in said

    def test_not_by_their_taint(self, degree: str, other: str, apart: Cluster) -> None:
        said = tried(
            apart, degree, tolerations=[toleration(namespace_of(degree)), toleration(namespace_of(other))]
        )
        assert (
            f"[pod-foreign-nodes] the pod tolerates {NODES_OF} otherwise than by the value {namespace_of(degree)}"
            in said
        )

    def test_not_by_affinity(self, degree: str, other: str, apart: Cluster) -> None:
        """It is let in, and finds no node."""
        name = f"affine-{degree}-{other}"
        terms = [
            {
                "matchExpressions": [
                    {"key": "agentpool", "operator": "In", "values": [f"iso{OWN_POOL[other]}"]}
                ]
            }
        ]
        required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
        apart.tenant(degree).create(
            pods_of(degree), tenant_pod(degree, name, affinity={"nodeAffinity": required})
        )
        said = until(lambda: condition(apart, degree, name))
        assert said.startswith("0/")
        assert "nodes are available" in said


@pytest.mark.parametrize("degree", TENANTS)
@pytest.mark.parametrize(
    "every", [{"operator": "Exists"}, {"operator": "Exists", "effect": "NoSchedule"}], ids=str
)
def test_nobody_tolerates_every_taint(degree: str, every: dict[str, str], apart: Cluster) -> None:
    assert "[pod-foreign-nodes] the pod tolerates every taint" in tried(
        apart, degree, tolerations=[toleration(namespace_of(degree)), every]
    )


@pytest.mark.parametrize("degree", TENANTS)
def test_nobody_tolerates_more_afterwards(degree: str, apart: Cluster) -> None:
    name = f"later-{degree}"
    made = apart.tenant(degree).create(
        pods_of(degree), tenant_pod(degree, name, schedulingGates=[{"name": "example.org/wait"}])
    )
    more = {
        "spec": {
            "tolerations": [*made["spec"].get("tolerations", []), {"key": NODES_OF, "operator": "Exists"}]
        }
    }
    error = refusal(apart.tenant(degree), "PATCH", f"{pods_of(degree)}/{name}", more, MERGE)
    assert "[pod-foreign-nodes]" in str(error)
    if degree == "namespace":  # a pod that waits may still be given a selector where it has none
        foreign = {"spec": {"nodeSelector": {NODES_OF: namespace_of("nodes")}}}
        error = refusal(apart.tenant(degree), "PATCH", f"{pods_of(degree)}/{name}", foreign, MERGE)
        assert "[pod-foreign-nodes]" in str(error)
    labelled = {"metadata": {"labels": {"seen": "yes"}}}
    apart.tenant(degree).call("PATCH", f"{pods_of(degree)}/{name}", labelled, content_type=MERGE)


@pytest.mark.parametrize("degree", ["nodes", "sandbox"])
@pytest.mark.parametrize("spec", [{"nodeSelector": None}, {"tolerations": None}], ids=str)
def test_who_has_nodes_lands_nowhere_else(degree: str, spec: dict[str, Any], apart: Cluster) -> None:
    assert f"[pod-own-nodes] the namespace {namespace_of(degree)} has nodes of its own" in tried(
        apart, degree, **spec
    )


@pytest.mark.parametrize("runtime", [None, "runc"])
def test_a_sandbox_is_not_left(runtime: str | None, apart: Cluster) -> None:
    said = tried(apart, "sandbox", runtimeClassName=runtime)
    assert "[pod-sandboxed]" in said or 'RuntimeClass "runc" not found' in said


@pytest.mark.parametrize("degree", ["nodes", "sandbox"])
def test_nor_by_a_workload(degree: str, apart: Cluster) -> None:
    """A template is refused when it is written, and not only its pods, which nobody watches."""
    spec = tenant_pod(degree, "x", nodeSelector=None, tolerations=None, runtimeClassName=None)["spec"]
    labels = {"app": "out"}
    template = {"metadata": {"labels": labels}, "spec": spec}
    item = {"metadata": {"name": "out"}, "spec": {"selector": {"matchLabels": labels}, "template": template}}
    path = f"/apis/apps/v1/namespaces/{namespace_of(degree)}/deployments"
    said = str(refusal(apart.tenant(degree), "POST", path, item))
    assert "[pod-own-nodes]" in said


def attempts(other: str, own: str) -> dict[str, tuple[str, str, Any]]:
    """What is no tenant's: method, path and body."""
    there, here = f"/api/v1/namespaces/{namespace_of(other)}", f"/api/v1/namespaces/{own}"
    return {
        "read a neighbour's secret": ("GET", f"{there}/secrets/keys", None),
        "list a neighbour's secrets": ("GET", f"{there}/secrets", None),
        "run in a neighbour's namespace": ("POST", f"{there}/pods", tenant_pod(other, "guest")),
        "take a neighbour's claim": ("DELETE", f"{there}/persistentvolumeclaims/data", None),
        "raise the quota": ("PATCH", f"{here}/resourcequotas/quota", {"spec": {"hard": {"pods": "9999"}}}),
        "relabel the namespace": ("PATCH", here, {"metadata": {"labels": {"secure-aks/isolation": None}}}),
        "change a volume": ("PATCH", f"/api/v1/persistentvolumes/of-{other}", {"spec": {"claimRef": None}}),
    }


@pytest.mark.parametrize("attempt", attempts("nodes", ""))
@pytest.mark.parametrize(("degree", "other"), [*BORDERS, ("cluster", "nodes")])
def test_what_is_the_neighbours_or_a_limit_is_out_of_reach(
    degree: str, other: str, attempt: str, apart: Cluster
) -> None:
    """The tenant of another cluster has no right at all in this one."""
    own = namespace_of(degree) if degree in TENANTS else namespace_of("namespace")
    method, path, body = attempts(other, own)[attempt]
    error = refusal(
        apart.tenant(degree), method, path, body, MERGE if method == "PATCH" else "application/json"
    )
    assert error.status == 403, error
    assert "forbidden: User" in str(error)


@pytest.mark.parametrize("degree", [*TENANTS, "cluster"])
def test_nobody_takes_a_node_over(degree: str, apart: Cluster) -> None:
    for node in apart.nodes.values():
        for body in ({"spec": {"taints": []}}, {"metadata": {"labels": {NODES_OF: "mine"}}}):
            assert refusal(apart.tenant(degree), "PATCH", f"/api/v1/nodes/{node}", body, MERGE).status == 403


@pytest.mark.parametrize(("degree", "other"), BORDERS)
def test_a_foreign_volume_is_not_mounted(degree: str, other: str, apart: Cluster) -> None:
    """A claim may name any volume; one that is another's claim's stays that, and the pod waits for ever."""
    tenant, space, name = apart.tenant(degree), namespace_of(degree), f"of-{other}"
    claim = {
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": "",
        "volumeName": name,
        "resources": {"requests": {"storage": "1Gi"}},
    }
    claims = f"/api/v1/namespaces/{space}/persistentvolumeclaims"
    tenant.create(claims, {"metadata": {"name": name}, "spec": claim})
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": name}}
    tenant.create(pods_of(degree), tenant_pod(degree, f"mounts-{other}", volumes=[volume]))
    until(lambda: condition(apart, degree, f"mounts-{other}"))
    events = f"/api/v1/namespaces/{space}/events"
    said = until(lambda: [
        one["message"]
        for one in apart.admin.get(events, fieldSelector=f"involvedObject.name={name}")["items"]
        if one["reason"] == "FailedBinding"
    ])  # fmt: skip
    assert f'volume "{name}" already bound to a different claim.' in said
    assert apart.admin.get(f"{claims}/{name}")["status"]["phase"] == "Pending"
    kept = apart.admin.get(f"/api/v1/persistentvolumes/{name}")["spec"]["claimRef"]
    assert (kept["namespace"], kept["name"]) == (namespace_of(other), "data")


def test_the_tries_would_succeed_without_the_rules(apart: Cluster) -> None:
    """The same pod, in a namespace of AKS itself where no rule holds, does land on a foreign node: the refusals are the rules'."""
    item = tenant_pod(
        "namespace", "intruder", nodeName=apart.nodes["sandbox"], tolerations=[{"operator": "Exists"}]
    )
    item["metadata"]["namespace"] = "kube-system"
    apart.admin.create("/api/v1/namespaces/kube-system/pods", item)
    try:
        running = until(
            lambda: (
                apart.admin.get("/api/v1/namespaces/kube-system/pods/intruder")["status"]["phase"]
                == "Running"
            )
        )
        assert running
    finally:
        apart.admin.delete("/api/v1/namespaces/kube-system/pods/intruder?gracePeriodSeconds=0")
