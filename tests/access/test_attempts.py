"""What members of the groups really try, and what the audit log says about it afterwards."""

from __future__ import annotations

import time
from typing import Any

import pytest

from emulator.control_plane.client import ApiError
from emulator.control_plane.nodes import NodePool
from tests.access.helpers import object_ids
from tests.control_plane.audit import events_of

APPS = "/apis/apps/v1/namespaces"
RBAC = "/apis/rbac.authorization.k8s.io/v1"
OWN, NEIGHBOUR = "dev-payments", "dev-checkout"
POD_SECURITY = {
    "runAsNonRoot": True,
    "runAsUser": 1000,
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}


@pytest.fixture
def member(stacks, control_plane):
    """A client as a named user who is a member of one group only."""

    def sign_in(group, user="anna@example.org"):
        ids = {name: one for settings in stacks.values() for name, one in object_ids(settings).items()}
        return control_plane.client(user, [ids[group]])

    return sign_in


@pytest.fixture
def developer(member):
    return member("payments-dev-developers")


def refused(attempt, *arguments, **options):
    """The status of an attempt that must fail."""
    with pytest.raises(ApiError) as caught:
        attempt(*arguments, **options)
    return caught.value.status


def eventually(check, seconds=60):
    end = time.monotonic() + seconds
    while not (answer := check()) and time.monotonic() < end:
        time.sleep(0.05)
    return answer


def deployment(name, **spec) -> dict[str, Any]:
    container = {"name": "app", "image": "registry.invalid/app:1", "securityContext": POD_SECURITY}
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container], **spec}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {"replicas": 2, "selector": {"matchLabels": labels}, "template": template},
    }


@pytest.mark.parametrize("os_type", ["Linux", "Windows"])
def test_a_developer_runs_a_workload_in_the_own_namespace_and_not_in_the_neighbours(
    os_type, developer, control_plane
):
    """The sample flow: create, see it run, read about it; refused next door."""
    name = f"sample-{os_type.lower()}"
    pool = NodePool(f"sample{os_type[:3].lower()}", "1.36.2", os_type=os_type)
    nodes = control_plane.add_nodes(pool, 1)
    selector = {"kubernetes.io/os": os_type.lower(), "kubernetes.azure.com/agentpool": pool.name}
    spec = {"nodeSelector": selector}
    manifest = deployment(name, **spec)
    if os_type == "Windows":
        manifest["spec"]["template"]["spec"]["os"] = {"name": "windows"}
        container = manifest["spec"]["template"]["spec"]["containers"][0]
        container["securityContext"] = {"runAsNonRoot": True}
    try:
        developer.create(f"{APPS}/{OWN}/deployments", manifest)
        assert eventually(lambda: _available(developer, name) == 2)
        assert refused(developer.create, f"{APPS}/{NEIGHBOUR}/deployments", manifest) == 403
        pods = developer.get(f"/api/v1/namespaces/{OWN}/pods", labelSelector=f"app={name}")["items"]
        assert {pod["spec"]["nodeName"] for pod in pods} == set(nodes)
        # What the namespace adds: limits, and no token of the default account.
        container = pods[0]["spec"]["containers"][0]
        assert container["resources"]["limits"] == {"cpu": "1", "memory": "512Mi"}
        assert "volumeMounts" not in container
        scale = f"{APPS}/{OWN}/deployments/{name}/scale"
        merge = "application/merge-patch+json"
        developer.call("PATCH", scale, {"spec": {"replicas": 1}}, content_type=merge)
        assert developer.get(scale)["spec"]["replicas"] == 1
    finally:
        developer.delete(f"{APPS}/{OWN}/deployments/{name}")
        admin = control_plane.client()
        for node in nodes:
            admin.delete(f"/api/v1/nodes/{node}")


def _available(client, name):
    return client.get(f"{APPS}/{OWN}/deployments/{name}")["status"].get("availableReplicas")


def test_the_audit_log_says_who_did_what_by_user_and_group(stacks, member, control_plane):
    group = "checkout-dev-developers"
    object_id = object_ids(stacks["dev"])[group]
    user = "audrey@example.org"
    audrey = member(group, user)
    maps = "/api/v1/namespaces/dev-checkout/configmaps"
    audrey.create(maps, {"metadata": {"name": "audited"}})
    audrey.delete(f"{maps}/audited")
    refused(audrey.get, "/api/v1/namespaces/dev-payments/secrets")
    seen = [event for event in events_of(control_plane) if event.user == user]
    assert all(event.groups == (object_id, "system:authenticated") for event in seen)
    assert [event[2:8] for event in seen] == [
        ("create", "", "configmaps", "dev-checkout", "audited", 201),
        ("delete", "", "configmaps", "dev-checkout", "audited", 200),
        ("list", "", "secrets", "dev-payments", "", 403),
    ]
    reasons = [event.raw["annotations"]["authorization.k8s.io/reason"] for event in seen]
    assert f'RoleBinding "{group}/dev-checkout"' in reasons[0]
    assert f'to Group "{object_id}"' in reasons[0]
    assert reasons[2] == ""


@pytest.mark.parametrize(
    "group", ["payments-dev-developers", "payments-dev-operators", "partners-dev-viewers"]
)
@pytest.mark.parametrize(
    "path",
    [
        f"/api/v1/namespaces/{NEIGHBOUR}/pods",
        f"/api/v1/namespaces/{NEIGHBOUR}/secrets",
        f"/api/v1/namespaces/{NEIGHBOUR}/configmaps",
        f"/api/v1/namespaces/{NEIGHBOUR}/events",
        f"/api/v1/namespaces/{NEIGHBOUR}",
        f"{APPS}/{NEIGHBOUR}/deployments",
        "/api/v1/namespaces/kube-system/configmaps",
        "/api/v1/namespaces",
        "/api/v1/nodes",
        "/api/v1/persistentvolumes",
        "/api/v1/pods",
        "/api/v1/secrets",
        f"{RBAC}/clusterroles",
        f"{RBAC}/namespaces/{OWN}/roles",
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
        "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies",
        "/apis/storage.k8s.io/v1/storageclasses",
        "/apis/certificates.k8s.io/v1/certificatesigningrequests",
        "/metrics",
    ],
)
def test_nobody_reads_what_is_the_neighbours_or_the_clusters(group, path, member):
    assert refused(member(group).get, path) == 403


# Every way up that Kubernetes has: (method, path, body).
ME = {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "anna@example.org"}
ALL = {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}
ADMIN_REF = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"}
OPERATOR_REF = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "operator"}
HERE = f"/api/v1/namespaces/{OWN}"
ESCALATIONS = {
    "a role of one's own": (
        "POST",
        f"{RBAC}/namespaces/{OWN}/roles",
        {"metadata": {"name": "up"}, "rules": [ALL]},
    ),
    "more in the own role": ("PATCH", f"{RBAC}/namespaces/{OWN}/roles/developer", {"rules": [ALL]}),
    "escalate a cluster role": ("PATCH", f"{RBAC}/clusterroles/view", {"rules": [ALL]}),
    "bind oneself to cluster-admin here": (
        "POST",
        f"{RBAC}/namespaces/{OWN}/rolebindings",
        {"metadata": {"name": "up"}, "roleRef": ADMIN_REF, "subjects": [ME]},
    ),
    "bind oneself to the operator's role": (
        "POST",
        f"{RBAC}/namespaces/{OWN}/rolebindings",
        {"metadata": {"name": "up"}, "roleRef": OPERATOR_REF, "subjects": [ME]},
    ),
    "bind oneself everywhere": (
        "POST",
        f"{RBAC}/clusterrolebindings",
        {"metadata": {"name": "up"}, "roleRef": ADMIN_REF, "subjects": [ME]},
    ),
    "join the operators' binding": (
        "PATCH",
        f"{RBAC}/namespaces/{OWN}/rolebindings/payments-dev-operators",
        {"subjects": [ME]},
    ),
    "a token of an account": (
        "POST",
        f"{HERE}/serviceaccounts/default/token",
        {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"audiences": []}},
    ),
    "a certificate": (
        "POST",
        "/apis/certificates.k8s.io/v1/certificatesigningrequests",
        {
            "metadata": {"name": "up"},
            "spec": {"request": "", "signerName": "example.org/s", "usages": ["client auth"]},
        },
    ),
    "no quota": ("DELETE", f"{HERE}/resourcequotas/quota", None),
    "a higher quota": ("PATCH", f"{HERE}/resourcequotas/quota", {"spec": {"hard": {"pods": "9999"}}}),
    "a higher quota through its status": (
        "PATCH",
        f"{HERE}/resourcequotas/quota/status",
        {"status": {"hard": {"pods": "9999"}}},
    ),
    "no limits": ("DELETE", f"{HERE}/limitranges/defaults", None),
    "no network policy": (
        "DELETE",
        f"/apis/networking.k8s.io/v1/namespaces/{OWN}/networkpolicies/default-deny",
        None,
    ),
    "a network policy that opens": (
        "POST",
        f"/apis/networking.k8s.io/v1/namespaces/{OWN}/networkpolicies",
        {"metadata": {"name": "up"}, "spec": {"podSelector": {}, "ingress": [{}]}},
    ),
    "no Pod Security": (
        "PATCH",
        HERE,
        {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "privileged"}}},
    ),
    "no namespace": ("DELETE", HERE, None),
    "a namespace of one's own": ("POST", "/api/v1/namespaces", {"metadata": {"name": "up"}}),
    "a pod placed on any node": (
        "POST",
        f"{HERE}/bindings",
        {"metadata": {"name": "p"}, "target": {"kind": "Node", "name": "n"}},
    ),
    "traffic to foreign addresses": (
        "POST",
        f"{HERE}/endpoints",
        {
            "metadata": {"name": "up"},
            "subsets": [{"addresses": [{"ip": "10.244.0.9"}], "ports": [{"port": 80}]}],
        },
    ),
    "the kubelet": ("GET", "/api/v1/nodes/any/proxy/pods", None),
}


@pytest.mark.parametrize("group", ["payments-dev-developers", "payments-dev-operators"])
@pytest.mark.parametrize("way", ESCALATIONS)
def test_no_way_leads_up(group, way, member):
    method, path, body = ESCALATIONS[way]
    content_type = "application/merge-patch+json" if method == "PATCH" else "application/json"
    assert refused(member(group).call, method, path, body, content_type=content_type) == 403


@pytest.mark.parametrize(
    ("user", "groups"),
    [
        ("boss@example.org", ()),
        ("anna@example.org", ("system:masters",)),
        ("system:serviceaccount:kube-system:namespace-controller", ()),
    ],
)
def test_nobody_acts_as_somebody_else(user, groups, control_plane, stacks):
    for group in ("payments-dev-developers", "payments-dev-operators"):
        own = [object_ids(stacks["dev"])[group]]
        other = control_plane.client("anna@example.org", own, impersonate=(user, groups))
        with pytest.raises(ApiError, match=r"403 Forbidden: .*cannot impersonate"):
            other.get(f"{HERE}/pods")


def test_the_way_through_a_secret_is_closed_to_developers(developer):
    """A Secret of this type would be filled with a token that does not end."""
    secret = {
        "metadata": {"name": "token", "annotations": {"kubernetes.io/service-account.name": "default"}},
        "type": "kubernetes.io/service-account-token",
    }
    assert refused(developer.create, f"{HERE}/secrets", secret) == 403
    assert refused(developer.get, f"{HERE}/secrets") == 403


@pytest.mark.parametrize(
    ("group", "namespace", "may"),
    [
        ("partners-dev-viewers", "dev-partners", False),
        ("payments-dev-developers", "dev-payments", True),
        ("payments-dev-operators", "dev-payments", True),
        ("payments-developers", "prod-payments", False),
        ("payments-operators", "prod-payments", True),
        ("payments-operators", "prod-checkout", False),
    ],
)
@pytest.mark.parametrize("way", ["exec", "attach", "portforward"])
def test_a_shell_in_a_pod_is_for_those_whose_preset_says_so(
    group, namespace, may, way, member, control_plane
):
    """Who may gets as far as "upgrade the connection" (400), for a request without a WebSocket."""
    admin = control_plane.client()
    name = f"shell-{way}"
    pods = f"/api/v1/namespaces/{namespace}/pods"
    body = deployment(name)["spec"]["template"] | {"metadata": {"name": name}}
    admin.create(pods, {**body, "spec": {**body["spec"], "nodeName": "no-such-node"}})
    try:
        status = refused(member(group).call, "POST", f"{pods}/{name}/{way}?command=sh&stdin=true")
        assert status != 403 if may else status == 403
    finally:
        admin.delete(f"{pods}/{name}?gracePeriodSeconds=0")


def test_the_namespace_refuses_what_is_not_restricted(developer):
    bad = deployment("bad")["spec"]["template"] | {"metadata": {"name": "bad"}}
    bad["spec"]["containers"][0]["securityContext"] = {"privileged": True}
    with pytest.raises(ApiError, match=r'violates PodSecurity "restricted:v1\.35"'):
        developer.create(f"{HERE}/pods", bad)


def test_the_quota_holds(developer):
    big = deployment("big")["spec"]["template"] | {"metadata": {"name": "big"}}
    big["spec"]["containers"][0]["resources"] = {"requests": {"cpu": "9"}, "limits": {"cpu": "9"}}
    with pytest.raises(ApiError, match=r"exceeded quota: quota, requested: requests\.cpu=9"):
        developer.create(f"{HERE}/pods", big)


def test_rights_are_the_groups_not_the_users(stacks, control_plane):
    ids = object_ids(stacks["dev"])
    payments, checkout = ids["payments-dev-developers"], ids["checkout-dev-developers"]
    both = control_plane.client("both@example.org", [payments, checkout])
    for namespace in (OWN, NEIGHBOUR):
        assert both.get(f"/api/v1/namespaces/{namespace}/pods")["kind"] == "PodList"
    for user, groups in (
        ("nobody@example.org", []),
        (payments, []),
        ("payments-dev-developers", ["payments-dev-developers"]),
    ):
        stranger = control_plane.client(user, groups)
        assert refused(stranger.get, f"{HERE}/pods") == 403, (user, groups)


def test_every_binding_is_to_a_group_in_its_own_namespace(stacks, control_plane):
    admin = control_plane.client()
    ids = {one for settings in stacks.values() for one in object_ids(settings).values()}
    homes = {team.namespace for settings in stacks.values() for team in settings.teams}
    # Another test's namespaces of the same groups take a while to go.
    ending = {
        one["metadata"]["name"]
        for one in admin.get("/api/v1/namespaces")["items"]
        if "deletionTimestamp" in one["metadata"]
    }
    assert ending.isdisjoint(homes)
    everywhere = (
        admin.get(f"{RBAC}/rolebindings")["items"] + admin.get(f"{RBAC}/clusterrolebindings")["items"]
    )
    bindings = [one for one in everywhere if one["metadata"].get("namespace") not in ending]
    ours = [one for one in bindings if any(subject["name"] in ids for subject in one.get("subjects", ()))]
    assert len(ours) == len(ids)
    for one in ours:
        assert [subject["kind"] for subject in one["subjects"]] == ["Group"]
        assert one["roleRef"]["kind"] == "Role"
        assert one["metadata"]["namespace"]
