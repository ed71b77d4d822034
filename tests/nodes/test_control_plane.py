"""kured on a real API server: let in by its exemption alone, on the Linux nodes alone, with its rights and no more.

Its objects are those of the component, and those that the chart makes of our values (`kured_chart`: the chart itself is
fetched over the network, and tests do without). The nodes are kwok's; what kured does there is played by `kured_model`
with the token of its own pod, so that RBAC, admission, PodDisruptionBudgets and the lock's conflicts are real.
"""

import json
import time
import uuid
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

import pytest
from secure_aks_security.admission.manifests import NAMESPACE as ADMISSION_NAMESPACE
from secure_aks_security.admission.manifests import Modes, manifests
from secure_aks_security.judging.values import from_props
from secure_aks_security.rules import load_rules
from secure_aks_security.stack_file.configuration import configure

from components.access.presets import SIGNED_IN
from components.node_reboots import NodeReboots
from components.program.reboots import kured_args, pool_args, reboots_args
from components.reboots.names import LOCK, NAME, NAMESPACE
from components.reboots.values import kured_values
from emulator.control_plane.client import MERGE, ApiClient, ApiError
from emulator.control_plane.nodes import NodePool
from settings.sections.kured import Kured
from settings.sections.maintenance import Maintenance
from tests.access import discovered
from tests.access.matrix import REVIEW, Cell, cells
from tests.access.pipeline import post_all
from tests.components.helpers import run
from tests.control_plane_fixture import started
from tests.nodes.kured_chart import arguments, render
from tests.nodes.kured_model import Flags, daemon
from tests.profiles.helpers import pool

VERSION = "1.35.6"
USER = f"system:serviceaccount:{NAMESPACE}:{NAME}"
GROUPS = ("system:serviceaccounts", f"system:serviceaccounts:{NAMESPACE}", "system:authenticated")
DAEMON_SET = f"/apis/apps/v1/namespaces/{NAMESPACE}/daemonsets/{NAME}"
KURED = Kured.model_validate(
    {
        "days": ["su", "mo", "tu", "we", "th", "fr", "sa"],
        "startTime": "00:00",
        "endTime": "23:59",
        "preRebootNodeLabels": {"rebooting": "yes"},
        "postRebootNodeLabels": {"rebooting": "no"},
    }
)
MAINTENANCE = Maintenance.model_validate({"notAllowed": [{"start": "2026-12-24", "end": "2026-12-26"}]})
SORTS: dict[str, dict[str, Any]] = {
    "s": {"taints": ("CriticalAddonsOnly=true:NoSchedule",), "mode": "System"},
    "u": {},
    "t": {"taints": ("workload=memory:NoExecute", "gpu=yes:NoSchedule")},
    "p": {"spot": True},
    "a": {"os_sku": "AzureLinux", "sandboxed": True, "taints": ("workload=untrusted:NoSchedule",)},
    "w": {"os_type": "Windows", "os_sku": "Windows2025", "taints": ("os=windows:NoSchedule",)},
}


class Cluster(NamedTuple):
    """An API server with the policies, kured's objects, and nodes by their sort."""

    admin: ApiClient
    nodes: dict[str, list[str]]
    objects: list[dict[str, Any]]


@pytest.fixture(scope="module")
def control_plane():
    """One of its own: the admission policies of this module hold for everybody on it."""
    yield from started()


@pytest.fixture(scope="module")
def cluster(control_plane):
    admin = control_plane.client()
    pools = {sort: NodePool(name=f"k{sort}", version=VERSION, **what) for sort, what in SORTS.items()}
    nodes = {sort: control_plane.add_nodes(one, 2) for sort, one in pools.items()}
    configuration = configure(load_rules(), {})
    assert configuration.problems == ()
    parameters = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": ADMISSION_NAMESPACE}}
    for manifest in [parameters, *manifests(configuration, Modes(), VERSION, date(2026, 11, 23))]:
        admin.apply(manifest, "tests", force=True)
    objects = _objects()
    namespace = next(item for item in objects if item["kind"] == "Namespace")
    admin.apply(namespace, "tests", force=True)
    [kured] = [item for item in objects if item["kind"] == "DaemonSet"]
    _until(lambda: bool(_refused(admin, _renamed(kured, "probe"))), wanted=True)
    for manifest in objects:
        admin.apply(manifest, "tests", force=True)
    by_name = control_plane.client(USER, GROUPS)
    node = nodes["u"][0]
    words = "only change the node that it runs on"
    _until(
        lambda: words in _patch(by_name, f"{node}?dryRun=All", {"spec": {"unschedulable": True}}), wanted=True
    )
    return Cluster(admin, nodes, objects)


def _objects():
    pools = [
        pool(
            f"k{sort}",
            os_type=what.get("os_type", "Linux"),
            os_sku=what.get("os_sku", "Ubuntu2404"),
            mode=what.get("mode", "User"),
            taints=what.get("taints", ()),
        )
        for sort, what in SORTS.items()
    ]
    done = run(lambda: NodeReboots("reboots", reboots_args(KURED, pools, MAINTENANCE.not_allowed)))
    values = kured_values(kured_args(KURED), pool_args(pools))
    assert from_props(done.one(":Chart").inputs["values"]) == values
    made = [one for one in done.registered if one.type.startswith("kubernetes:")]
    return [*(from_props(one.inputs) for one in made if "Chart" not in one.type), *render(values)]


def _until(found, wanted):
    for _ in range(240):
        if found() == wanted:
            return
        time.sleep(0.25)
    assert found() == wanted


def _refused(admin, manifest):
    try:
        admin.apply(manifest, "tests", force=True, dry_run=True)
    except ApiError as error:
        return error.message
    return ""


def _renamed(manifest, name, namespace=NAMESPACE):
    return {**manifest, "metadata": {**manifest["metadata"], "name": name, "namespace": namespace}}


def _pods(admin):
    listed = admin.get(f"/api/v1/namespaces/{NAMESPACE}/pods", labelSelector=f"app.kubernetes.io/name={NAME}")
    return {item["spec"]["nodeName"]: item for item in listed["items"] if item["spec"].get("nodeName")}


def _client(control_plane, admin, node=None):
    """A client with kured's token: that of its pod on a node, or one of no pod."""
    spec = {}
    if node:
        _until(lambda: node in _pods(admin), wanted=True)
        mine = _pods(admin)[node]["metadata"]
        spec = {
            "boundObjectRef": {"kind": "Pod", "apiVersion": "v1", "name": mine["name"], "uid": mine["uid"]}
        }
    path = f"/api/v1/namespaces/{NAMESPACE}/serviceaccounts/{NAME}/token"
    request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec}
    token = admin.create(path, request)["status"]["token"]
    return ApiClient(admin._address, control_plane.authority.files.certificate, token)


@pytest.fixture
def kured(control_plane, cluster):
    """kured on the first user node."""
    return _client(control_plane, cluster.admin, cluster.nodes["u"][0])


def test_it_is_let_in_by_its_exemption_and_under_no_other_name_or_place(cluster):
    [daemon_set] = [item for item in cluster.objects if item["kind"] == "DaemonSet"]
    assert _refused(cluster.admin, daemon_set) == ""
    assert "host" in _refused(cluster.admin, _renamed(daemon_set, "kured2"))
    other = _renamed(daemon_set, NAME, "default")
    assert "host" in _refused(cluster.admin, other)
    privileged = json.loads(json.dumps(daemon_set))
    privileged["spec"]["template"]["spec"]["containers"][0]["securityContext"]["privileged"] = True
    assert "privileged" in _refused(cluster.admin, privileged)  # what the chart would do by itself


def test_it_runs_on_exactly_the_linux_nodes(cluster, record_property):
    wanted = {name for sort, names in cluster.nodes.items() if sort != "w" for name in names}
    _until(lambda: set(_pods(cluster.admin)), wanted)
    # The controller writes it after it has made the pods.
    _until(lambda: cluster.admin.get(DAEMON_SET)["status"]["desiredNumberScheduled"], len(wanted))
    record_property("counted", f"kured on {len(wanted)} of {len(wanted) + 2} nodes, no other")


def test_its_account_may_do_what_kured_does_and_nothing_else(cluster, record_property):
    """Every verb on every resource, cluster-wide and in two namespaces, as the access of the teams is tried."""
    asked = list(cells(discovered.resources(cluster.admin), [USER], [NAMESPACE, "default"]))
    everywhere = {
        ("", "nodes", "get"), ("", "nodes", "patch"), ("", "pods", "get"), ("", "pods", "list"),
        ("", "pods/eviction", "create"), ("apps", "daemonsets", "get"),
    }  # fmt: skip
    expected = {cell for cell in asked if (cell.api_group, cell.resource, cell.verb) in everywhere} | {
        Cell(USER, "", rule.api_group, resource, verb)
        for rule in SIGNED_IN
        for resource in rule.resources
        for verb in rule.verbs
    }
    answers = post_all(cluster.admin, REVIEW, [_review(cell) for cell in asked])
    allowed = {
        cell for cell, answer in zip(asked, answers, strict=True) if json.loads(answer)["status"]["allowed"]
    }
    assert allowed == expected
    own = [
        _review(Cell(USER, NAMESPACE, "apps", "daemonsets", verb), NAME)
        for verb in ("update", "patch", "delete")
    ]
    said = [cluster.admin.create(REVIEW, one)["status"]["allowed"] for one in own]
    assert said == [True, False, False]
    record_property("counted", f"{len(asked):,} cells of kured's service account, {len(expected)} allowed")


def _review(cell, name=""):
    resource, _, sub = cell.resource.partition("/")
    what = {"group": cell.api_group, "resource": resource, "subresource": sub, "verb": cell.verb}
    return {
        "spec": {
            "user": USER,
            "groups": list(GROUPS),
            "resourceAttributes": {**what, "namespace": cell.namespace, "name": name},
        }
    }


def _patch(client, node, body):
    """The API server's words against a patch of a node, none if it takes it."""
    try:
        client.call("PATCH", f"/api/v1/nodes/{node}", body, content_type=MERGE)
    except ApiError as error:
        return error.message
    return ""


@pytest.mark.parametrize(
    "change",
    [
        {"spec": {"unschedulable": True}},
        {"metadata": {"annotations": {"weave.works/kured-reboot-in-progress": "2026-11-23T00:00:00Z"}}},
        {"metadata": {"labels": {"rebooting": "yes"}}},
        {"spec": {"taints": [{"key": "kured.dev/reboot-pending", "effect": "PreferNoSchedule"}]}},
        {"spec": {"unschedulable": None, "taints": None}},
    ],
    ids=str,
)
def test_it_changes_its_own_node_and_no_other(cluster, kured, change):
    mine, other = cluster.nodes["u"]
    assert "only change the node that it runs on" in _patch(kured, other, change)
    assert _patch(kured, mine, change) == ""


@pytest.mark.parametrize(
    "labels", [{"team": "mine"}, {"kubernetes.io/os": None}, {"kubernetes.azure.com/agentpool": "x"}]
)
def test_it_changes_no_label_but_the_stacks(cluster, kured, labels):
    words = _patch(kured, cluster.nodes["u"][0], {"metadata": {"labels": labels}})
    assert "no label of a node but those that the stack names" in words


def test_a_token_of_no_pod_changes_no_node(cluster, control_plane):
    stolen = _client(control_plane, cluster.admin)
    words = _patch(stolen, cluster.nodes["u"][0], {"spec": {"unschedulable": True}})
    assert "only change the node that it runs on" in words


def _lock(created, node="a-node", **others):
    mine = {"nodeID": node, "metadata": {"unschedulable": False}, "created": created, "TTL": 7200000000000}
    return json.dumps(mine | others, separators=(",", ":"))


def _set(client, value, change=None):
    """Put the lock into the annotation as kured does, with an update; return the API server's words against it."""
    for _ in range(50):
        found = client.get(DAEMON_SET)
        annotations = found["metadata"].setdefault("annotations", {})
        annotations.pop(LOCK, None)
        if value is not None:
            annotations[LOCK] = value
        if change:
            change(found)
        try:
            client.call("PUT", DAEMON_SET, found)
        except ApiError as error:
            if error.status != 409:
                return error.message
            continue
        return ""
    raise AssertionError("conflicts without an end")


@pytest.mark.parametrize(
    ("created", "taken"),
    [
        ("2026-12-23T23:29:59.999999999Z", True),
        ("2026-12-23T23:30:00Z", False),  # its drain of half an hour could end on the day after
        ("2026-12-24T12:00:00.123456789Z", False),
        ("2026-12-26T23:59:59Z", False),
        ("2026-12-27T00:00:00Z", True),
    ],
)
def test_no_lock_is_taken_on_days_without_maintenance(cluster, kured, created, taken):
    two = json.dumps({"maxOwners": 2, "locks": [json.loads(_lock("2026-12-01T00:00:00Z")), json.loads(_lock(created))]}, separators=(",", ":"))  # fmt: skip
    for value in (_lock(created), two):
        words = _set(kured, value)
        assert bool(words) is not taken, words
        if words:
            assert "no node is rebooted from 2026-12-24 to 2026-12-26" in words
    assert _set(kured, None) == ""


def test_a_lock_that_is_held_can_be_given_back_on_such_a_day(cluster, kured):
    """It was taken before the policy came, or by an admin; the admin is not held to it."""
    inside = json.loads(_lock("2026-12-25T00:00:00Z"))
    both = {"maxOwners": 2, "locks": [inside, json.loads(_lock("2026-12-01T00:00:00Z", "b-node"))]}
    assert _set(cluster.admin, json.dumps(both, separators=(",", ":"))) == ""
    one = {"maxOwners": 2, "locks": [inside]}
    assert _set(kured, json.dumps(one, separators=(",", ":"))) == ""
    assert _set(kured, None) == ""


def test_it_changes_nothing_of_its_daemon_set_but_the_lock(cluster, kured):
    def image(found):
        found["spec"]["template"]["spec"]["containers"][0]["image"] = "ghcr.io/else/where:1"

    assert "nothing of its DaemonSet but the lock" in _set(kured, None, image)


class Live:
    """The world of the model on the real API server; its clock is virtual, everything else is asked for."""

    def __init__(self, control_plane, cluster, nodes):
        self.admin = cluster.admin
        self.clients = {node: _client(control_plane, cluster.admin, node) for node in nodes}
        self.wants, self.moment, self.events = set(nodes), datetime(2026, 11, 23, tzinfo=UTC), []

    def now(self):
        return self.moment

    def needs_reboot(self, node):
        return node in self.wants

    def alerts(self):
        return []

    def lock(self):
        return self.admin.get(DAEMON_SET)["metadata"].get("annotations", {}).get(LOCK)

    def set_lock(self, node, value):
        return _set(self.clients[node], value) == ""

    def cordon(self, node, *, on):
        assert _patch(self.clients[node], node, {"spec": {"unschedulable": on or None}}) == ""

    def evict(self, node):
        client = self.clients[node]
        listed = client.get("/api/v1/pods", fieldSelector=f"spec.nodeName={node}")["items"]
        left = [item for item in listed if item["metadata"]["ownerReferences"][0]["kind"] != "DaemonSet"]
        for item in left:
            meta = item["metadata"]
            client.get(f"/apis/apps/v1/namespaces/{NAMESPACE}/daemonsets/{NAME}")
            body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": meta["name"], "namespace": meta["namespace"]}}  # fmt: skip
            status, _ = client.request("POST", f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}/eviction", body)  # fmt: skip
            self.note(node, {201: "evicted", 404: "gone", 429: "refused by the budget"}[status])
        if left:
            time.sleep(0.2)  # the controllers need real time; the model's clock goes on by itself
        return not left

    def reboot(self, node):
        self.wants.discard(node)
        return 120.0

    def note(self, node, what):
        self.events.append((self.moment, node, what))


def test_a_pool_is_rebooted_one_node_after_another_and_its_budget_holds(control_plane, cluster):
    """Three replicas that must all stay but one, on two nodes: the drains wait for each other's pods to come back."""
    admin, nodes = cluster.admin, cluster.nodes["u"]
    namespace = f"app-{uuid.uuid4().hex[:6]}"
    admin.create("/api/v1/namespaces", {"metadata": {"name": namespace, "labels": {"pod-security.kubernetes.io/enforce": "restricted"}}})  # fmt: skip
    for manifest in _application(namespace):
        admin.apply(manifest, "tests", force=True)
    budget = f"/apis/policy/v1/namespaces/{namespace}/poddisruptionbudgets/web"
    _until(lambda: admin.get(budget).get("status", {}).get("currentHealthy"), wanted=3)
    _until(lambda: admin.get(budget)["status"]["disruptionsAllowed"], wanted=1)
    world = Live(control_plane, cluster, nodes)
    flags = Flags.of(arguments(kured_values(kured_args(KURED))["configuration"]))
    random = Random(7)  # noqa: S311  # a simulation
    queue = [(0.0, node, daemon(node, flags, world, random)) for node in nodes]
    begin = world.moment
    while len([1 for _, _, what in world.events if what == "up"]) < len(nodes):
        queue.sort(key=lambda one: one[0])
        seconds, node, running = queue.pop(0)
        world.moment = begin + timedelta(seconds=seconds)
        assert world.moment - begin < timedelta(hours=6), world.events
        queue.append((seconds + next(running), node, running))
        assert admin.get(budget)["status"]["currentHealthy"] >= 2
    turns = [(node, what) for _, node, what in world.events if what in {"locked", "down", "up"}]
    assert [what for _, what in turns] == ["locked", "down", "up"] * 2
    assert {node for node, _ in turns} == set(nodes)
    assert turns[0][0] == turns[2][0]  # never the two at once
    assert "evicted" in {what for _, _, what in world.events}
    for _, node, running in queue:  # the lock is given back, and both take pods again
        next(running, None)
        assert not admin.get(f"/api/v1/nodes/{node}")["spec"].get("unschedulable")
    admin.delete(f"/api/v1/namespaces/{namespace}")


def _application(namespace):
    labels = {"app": "web"}
    security = {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    container = {
        "name": "web",
        "image": f"mcr.microsoft.com/app@sha256:{'0' * 64}",
        "securityContext": security,
        "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "32Mi"}},
    }
    pod = {
        "automountServiceAccountToken": False,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 65534,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
    }
    meta = {"name": "web", "namespace": namespace}
    template = {"metadata": {"labels": labels}, "spec": pod}
    selector = {"matchLabels": labels}
    return [
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta, "spec": {"replicas": 3, "selector": selector, "template": template}},
        {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": meta, "spec": {"minAvailable": 2, "selector": selector}},
    ]  # fmt: skip
