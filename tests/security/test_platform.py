"""The platform's controllers: what they need is let pass, and nothing that is only like it; test_parity.py asks the API server."""

import copy

import pytest
from secure_aks_security.judging.judge import Judge, Record
from secure_aks_security.judging.resources import Resource
from secure_aks_security.judging.values import from_props
from secure_aks_security.model import Level
from secure_aks_security.rules import load_rules, rights
from secure_aks_security.stack_file.configuration import configure
from secure_aks_security.stack_file.platform import bindings, guarded

from settings.sections.platform import Right
from tests.security.build import CONFIG, mutate, namespace
from tests.security.cases import type_of
from tests.security.helpers import TODAY
from tests.security.platform import CONTROLLERS
from tests.security.platform.attacks import ATTACKS, find
from tests.security.platform.objects import account, binding, role, rule, workload


def refused(entries, items):
    """The mandatory rules that refuse some of the objects under a stack's platform."""
    sections = {
        "secure-aks:platform": entries,
        "secure-aks:cluster": CONFIG["secure-aks:cluster"],
        "secure-aks:pools": [{"name": "own", "namespace": "app-hostile"}],
    }
    configuration = configure(load_rules(), sections)
    judge = Judge(load_rules(), configuration, TODAY, Record())
    found = [one for item in items for one in judge.judge(Resource(type_of(item), "urn", "it", item))]
    return {one.rule.id for one in found if one.rule.level is Level.MANDATORY}


@pytest.mark.parametrize("name", CONTROLLERS)
def test_a_controller_gets_in_with_its_entry_and_not_without(name):
    module = CONTROLLERS[name]
    assert refused([module.ENTRY], module.MANIFESTS) == set()
    without = refused([], module.MANIFESTS)
    assert {"pod-image-registry", "rbac-cluster-wide-binding"} <= without


@pytest.mark.parametrize("name", CONTROLLERS)
def test_a_controller_has_no_right_that_it_does_not_need(name):
    module = CONTROLLERS[name]
    unneeded = []
    for index, one in enumerate(module.ENTRY["serviceAccounts"]):
        for key in ("rights", "roles"):
            for place, said in enumerate(one[key]):
                entry = copy.deepcopy(module.ENTRY)
                del entry["serviceAccounts"][index][key][place]
                if not refused([entry], module.MANIFESTS):
                    unneeded.append((one["name"], said))
    # Four accounts of Flux share one role, which needs each of these rights from one of them.
    assert {said for _, said in unneeded} <= (
        {"read-secrets", "create-tokens", "change-leases", "change-config-maps", "wildcards"}
        if name == "flux"
        else set()
    )
    assert refused([{**module.ENTRY, "images": ["example.com/"]}], module.MANIFESTS) >= {"pod-image-registry"}
    if module.ENTRY.get("publicAddress"):
        assert refused([{**module.ENTRY, "publicAddress": False}], module.MANIFESTS) == {
            "service-public-load-balancer"
        }


@pytest.mark.parametrize("name", ATTACKS)
def test_what_is_only_like_a_controllers_is_refused(judge, name):
    item, rule = ATTACKS[name]
    found = judge.judge(Resource(type_of(item), "urn", "it", item))
    assert rule in {one.rule.id for one in found}


HOST = {
    "name": "csi",
    "owner": "platform",
    "reason": "mounts secrets of the vault",
    "images": ["mcr.microsoft.com/oss/"],
    "podSecurity": "privileged",
    "serviceAccounts": [
        {
            "name": "csi",
            "rights": ["host-paths", "host-network", "root", "privileged", "unconfined", "no-limits"],
        }
    ],
}


def test_the_rights_of_pods_are_for_the_pods_of_the_account_alone():
    container = {
        "image": "mcr.microsoft.com/oss/csi:1.2.3",
        "securityContext": {"privileged": True, "runAsUser": 0},
        "ports": [{"containerPort": 1, "hostPort": 1}],
    }
    volumes = [{"name": "pods", "hostPath": {"path": "/var/lib/kubelet/pods"}}]
    item = workload("Deployment", "csi", "csi", "csi", container, hostNetwork=True, volumes=volumes)
    assert refused([HOST], [account("csi", "csi"), item]) == set()
    assert refused([HOST], [mutate(item, {"metadata.namespace": "app"})]) >= {
        "pod-privileged",
        "pod-host-namespaces",
        "pod-host-path-volumes",
        "pod-run-as-user",
        "pod-seccomp-required",
        "pod-memory-limit",
    }
    socket = mutate(item, {"spec.template.spec.volumes[0].hostPath.path": "/run/containerd/containerd.sock"})
    assert refused([HOST], [socket]) == {"pod-runtime-socket"}


def test_the_namespace_of_a_controller_may_be_privileged_where_its_entry_says_so():
    label = "metadata.labels.pod-security~kubernetes~io/enforce"
    item = mutate(namespace(), {"metadata.name": "csi", label: "privileged"})
    assert refused([HOST], [item]) == set()
    assert refused([{**HOST, "podSecurity": "baseline"}], [item]) == {"namespace-pod-security"}
    assert refused([HOST], [mutate(item, {"metadata.name": "csi-too"})]) == {"namespace-pod-security"}
    assert refused([HOST], [{**item, "metadata": {"name": "csi"}}]) == {"namespace-pod-security"}


@pytest.mark.parametrize(
    ("right", "rule_id", "allowed"),
    [
        ("bind-pods", "rbac-pod-binding", rule("", "pods/binding bindings", "create")),
        ("change-limits", "rbac-namespace-limits", rule("", "resourcequotas limitranges", "create update delete")),
        ("change-limits", "rbac-namespace-limits", rule("networking.k8s.io", "networkpolicies", "create patch")),
        ("change-limits", "rbac-namespace-limits", rule("cilium.io", "ciliumnetworkpolicies", "create patch")),
    ],
)  # fmt: skip
def test_a_right_over_limits_and_nodes_of_pods_lets_off_its_one_rule(right, rule_id, allowed):
    def under(*rights_of):
        it = {"name": "it", "roles": ["it"], "rights": list(rights_of)}
        return [{"name": "it", "images": ["example.com/"], "serviceAccounts": [it]}]

    items = [role("it", [allowed])]
    others = [one for one in ("bind-pods", "change-limits", "run-pods", "change-endpoints") if one != right]
    assert refused(under(right), items) == set()
    assert refused(under(*others), items) == {rule_id}
    assert refused(under(right), [role("it", [allowed], "app")]) == {rule_id}
    assert refused(under(right), [role("it-too", [allowed])]) == {rule_id}


def _entry(**of_account):
    return {"name": "it", "images": ["docker.io/it/"], "serviceAccounts": [{"name": "it", **of_account}]}


def test_who_is_cluster_admin_may_have_it_by_a_role_of_its_own():
    everything = role("it", [rule("*", "*", "*"), {"nonResourceURLs": ["*"], "verbs": ["*"]}])
    under = _entry(roles=["it"], rights=["cluster-admin"])
    assert refused([under], [everything, binding("it", "it", ["it"], own="it")]) == set()
    assert refused([under], [binding("it", "it", ["other"], own="it")]) >= {"rbac-platform-roles"}
    every = [name for name, right in rights().items() if right.roles and name != "cluster-admin"]
    assert "rbac-escalate" in refused([_entry(roles=["it"], rights=every)], [everything])


def test_a_role_gathers_others_where_its_right_says_so():
    gathers = {"aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {"app": "it"}}]}}
    under = _entry(roles=["it"], rights=["gather-roles", "read-secrets"])
    assert refused([under], [role("it", []) | gathers]) == set()
    assert refused([under], [role("it-too", []) | gathers]) == {"rbac-aggregation"}
    assert refused([under], [role("it", [rule("", "secrets", "list")]) | gathers]) == {"rbac-read-secrets"}
    shown = role("it", [], **{"rbac.authorization.k8s.io/aggregate-to-view": "true"}) | gathers
    assert refused([under], [shown]) == {"rbac-aggregation"}
    assert refused([_entry(roles=["it"], rights=["read-secrets"])], [role("it", []) | gathers]) == {
        "rbac-aggregation"
    }


def test_who_may_view_has_a_controllers_stars_and_nothing_else_of_it():
    labels = {"rbac.authorization.k8s.io/aggregate-to-view": "true"}
    under = _entry(roles=["it"], rights=["wildcards", "read-secrets"])
    assert refused([under], [role("it", [rule("it.io", "*", "get")], **labels)]) == set()
    assert "rbac-read-secrets" in refused([under], [role("it", [rule("*", "*", "get")], **labels)])


def test_the_one_role_of_kubernetes_that_an_account_may_have_is_nobodys_own():
    asks = "system:auth-delegator"
    under = _entry(roles=[asks], rights=["read-secrets"])
    assert refused([under], [binding("it", asks, ["it"], own="it")]) == set()
    assert refused([], [binding("it", asks, ["it"], own="it")]) == {"rbac-cluster-wide-binding"}
    assert guarded([under], beginnings=False) == []
    assert refused([under], [role(asks, [rule("", "secrets", "list")])]) == {"rbac-read-secrets"}


@pytest.mark.parametrize(
    ("named", "image", "allowed"),
    [
        ("docker.io/it/", "it/app:1", True),
        ("docker.io/it/", "docker.io/it/app:1", True),
        ("docker.io/library/it:", "library/it:1", True),
        ("docker.io/library/it:", "it:5000/app:1", False),
        ("docker.io/quay.io/", "quay.io/app:1", False),
        ("docker.io/localhost/", "localhost/app:1", False),
        ("docker.io/it:", "it:1", False),
        ("quay.io/it/", "it/app:1", False),
    ],
)
def test_docker_hub_needs_no_name_in_an_image(named, image, allowed):
    item = workload("Deployment", "it", "it", "it", {"image": image})
    entry = _entry() | {"images": [named]}
    assert ("pod-image-registry" not in refused([entry], [item])) is allowed


def test_no_beginning_of_a_name_is_cluster_admin():
    account_of = {"name": "it", "roles": ["cluster-*", "cluster-admin", "c*", "*"], "rights": []}
    entry = {"name": "it", "images": ["example.com/"], "serviceAccounts": [account_of]}
    for beginnings in (False, True):
        assert bindings([entry], beginnings=beginnings) == guarded([entry], beginnings=beginnings) == []


def test_an_account_that_is_not_known_yet_is_let_nothing(judge):
    unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    item = find(CONTROLLERS["cert-manager"], "Deployment", "cert-manager", "cert-manager")
    said = from_props(mutate(item, {"spec.template.spec.serviceAccountName": unknown}))
    found = judge.judge(Resource(type_of(item), "urn", "it", said))
    assert "pod-memory-limit" in {one.rule.id for one in found}


@pytest.mark.parametrize(
    "platform",
    [
        "nonsense",
        [None],
        [{}],
        [{"name": 1}],
        [{"name": "a", "serviceAccounts": "b"}],
        [{"serviceAccounts": [{"name": "a", "roles": [None], "rights": 3}]}],
    ],
)
def test_a_malformed_platform_lets_nothing_and_breaks_nothing(platform):
    items = CONTROLLERS["ingress-nginx"].MANIFESTS
    assert refused(platform, items) == refused([], items)


def test_who_is_refused_a_right_is_told_its_name():
    remedies = {rule.id: rule.remedy for rule in load_rules()}
    untold = [
        (name, rule)
        for name, right in rights().items()
        for rule in right.roles
        if name != "cluster-admin" and f"; controllers: right {name}." not in remedies[rule]
    ]
    assert untold == []


def test_the_settings_know_every_right_and_every_right_its_rules():
    assert set(Right.__args__) == rights().keys()
    assert {rule for right in rights().values() for rule in right.rules} <= {rule.id for rule in load_rules()}
    assert all(right.rules and right.says for right in rights().values())
