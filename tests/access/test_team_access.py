"""What TeamAccess registers, and in what order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.access import presets
from components.access.presets import SIGNED_IN
from components.access.render import PRESETS
from components.access.roles import role_rules
from components.team_access import binding_name
from settings.sections.teams import Team
from tests.access.helpers import CLUSTER, object_ids, stack_settings, team_access
from tests.components.helpers import depends_on

CLUSTER_USER = "4abbcc35-e782-43d8-92c5-2d3f1bd2253f"
OBJECT_ID = "6f1c0d1e-2f3a-4b5c-8d9e-0a1b2c3d4e5f"
MEMBER = "11111111-2222-3333-4444-555555555555"


def settings_with(**team):
    base = {"name": "payments", "groups": [{"name": "payments-developers", "role": "developer"}]}
    return stack_settings("dev").model_copy(update={"teams": (Team.model_validate({**base, **team}),)})


@pytest.fixture(scope="module")
def dev():
    return team_access(stack_settings("dev"))


def test_each_group_is_made_in_entra_with_its_members():
    group = {"name": "payments-developers", "role": "developer", "members": [MEMBER]}
    made = team_access(settings_with(groups=[group])).one("azuread:index/group:Group")
    assert made.inputs["displayName"] == "payments-developers"
    assert made.inputs["securityEnabled"] is True
    assert made.inputs["preventDuplicateNames"] is True
    assert made.inputs["members"] == [MEMBER]


def test_a_group_that_exists_is_used_and_not_made():
    done = team_access(
        settings_with(groups=[{"name": "Payments Devs", "role": "viewer", "objectId": OBJECT_ID}])
    )
    assert not done.of("azuread:index/group:Group")
    binding = done.one(":RoleBinding").inputs
    assert binding["subjects"] == [
        {"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": OBJECT_ID}
    ]
    assert binding["metadata"]["annotations"]["secure-aks/group"] == "Payments Devs"
    assert done.one(":RoleAssignment").inputs["principalId"] == OBJECT_ID


def test_each_group_may_fetch_the_kubeconfig_and_nothing_else_in_azure(dev):
    assignments = [one.inputs for one in dev.of("azure-native:authorization:RoleAssignment")]
    assert {one["principalId"] for one in assignments} == set(object_ids(stack_settings("dev")).values())
    for one in assignments:
        assert one["roleDefinitionId"].endswith(f"/roleDefinitions/{CLUSTER_USER}")
        assert one["scope"] == CLUSTER
        assert one["principalType"] == "Group"


def test_bindings_are_to_groups_by_object_id_in_the_teams_namespace(dev):
    ids = set(object_ids(stack_settings("dev")).values())
    bindings = [one.inputs for one in dev.of(":RoleBinding")]
    assert {one["subjects"][0]["name"] for one in bindings} == ids
    assert all(len(one["subjects"]) == 1 and one["subjects"][0]["kind"] == "Group" for one in bindings)
    assert all(one["roleRef"]["kind"] == "Role" for one in bindings)
    assert not dev.of(":ClusterRoleBinding")
    assert not dev.of(":ClusterRole")


def test_a_role_is_made_once_and_only_if_a_group_has_it():
    groups = [{"name": name, "role": "viewer"} for name in ("one", "two")]
    done = team_access(settings_with(groups=groups))
    assert [one.inputs["metadata"]["name"] for one in done.of(":Role")] == ["viewer"]
    assert len(done.of(":RoleBinding")) == 2


def test_the_namespace_says_its_team_its_pod_security_and_its_isolation(dev):
    labels = {one.name: one.inputs["metadata"]["labels"] for one in dev.of(":Namespace")}
    for name, found in labels.items():
        assert found["secure-aks/team"] == name
        for mode in ("enforce", "audit", "warn"):
            assert found[f"pod-security.kubernetes.io/{mode}"] == "restricted"
            assert found[f"pod-security.kubernetes.io/{mode}-version"] == "v1.35"
    assert labels["partners"]["secure-aks/isolation"] == "sandbox"
    assert "secure-aks/isolation" not in labels["payments"]


def test_a_namespace_may_be_baseline_when_told_so():
    made = team_access(settings_with(podSecurity="baseline")).one(":Namespace").inputs
    assert made["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "baseline"


def test_all_traffic_is_denied_but_dns_and_the_namespaces_own(dev):
    policies = [
        one.inputs for one in dev.of(":NetworkPolicy") if one.inputs["metadata"]["namespace"] == "payments"
    ]
    specs = {one["metadata"]["name"]: one["spec"] for one in policies}
    assert specs["default-deny"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    (dns,) = specs["allow-dns"]["egress"]
    assert {(port["protocol"], port["port"]) for port in dns["ports"]} == {("UDP", 53), ("TCP", 53)}
    assert dns["to"] == [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        }
    ]
    within = specs.pop("allow-within-namespace")
    assert within["ingress"] == [{"from": [{"podSelector": {}}]}]
    assert within["egress"] == [{"to": [{"podSelector": {}}]}]
    assert specs.keys() == {"default-deny", "allow-dns"}


def test_quota_limits_and_the_default_account(dev):
    mine = {
        one.type.rpartition(":")[2]: one.inputs for one in dev.registered if one.name.startswith("partners-")
    }
    assert mine["ResourceQuota"]["spec"]["hard"] == {
        "requests.cpu": "4",
        "requests.memory": "16Gi",
        "limits.memory": "16Gi",
        "pods": "20",
    }
    (limits,) = mine["LimitRange"]["spec"]["limits"]
    assert limits["default"].keys() == limits["defaultRequest"].keys() == {"cpu", "memory"}
    assert mine["ServiceAccountPatch"]["metadata"]["name"] == "default"
    assert mine["ServiceAccountPatch"]["automountServiceAccountToken"] is False


def test_what_is_in_the_namespace_comes_after_it_and_a_binding_after_its_role(dev):
    namespaces = {one.name: one for one in dev.of(":Namespace")}
    inside = [one for one in dev.registered if "namespace" in one.inputs.get("metadata", {})]
    assert len(inside) == 30
    roles = {
        (one.inputs["metadata"]["namespace"], one.inputs["metadata"]["name"]): one for one in dev.of(":Role")
    }
    for one in inside:
        namespace = one.inputs["metadata"]["namespace"]
        if one.type.endswith(":RoleBinding"):
            assert depends_on(one, roles[namespace, one.inputs["roleRef"]["name"]])
        else:
            assert depends_on(one, namespaces[namespace])


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_written_out_and_leave_the_limits_alone(name):
    guarded = {"roles", "rolebindings", "resourcequotas", "limitranges", "networkpolicies", "namespaces"}
    guarded |= {"endpoints", "endpointslices"}
    seen = set()
    for rule in PRESETS[name]:
        assert "*" not in "".join([rule.api_group, *rule.resources, *rule.verbs])
        assert not set(rule.verbs) & {"escalate", "bind", "impersonate"}
        assert not set(rule.resources) & {"serviceaccounts/token", "bindings", "pods/binding", "pods/proxy"}
        if guarded & {resource.partition("/")[0] for resource in rule.resources}:
            assert set(rule.verbs) <= {"get", "list", "watch"}
        cells = {(rule.api_group, resource, verb) for resource in rule.resources for verb in rule.verbs}
        assert not cells & seen, "said twice"
        seen |= cells


def test_each_preset_adds_to_the_one_before():
    def cells(rules):
        return {
            (rule.api_group, resource, verb)
            for rule in rules
            for resource in rule.resources
            for verb in rule.verbs
        }

    viewer, developer, operator = cells(presets.VIEWER), cells(presets.DEVELOPER), cells(presets.OPERATOR)
    assert viewer < cells(presets.DEVELOPER_IN_PROD) < developer < operator
    assert {cell[1] for cell in developer - cells(presets.DEVELOPER_IN_PROD)} == {
        "pods/exec",
        "pods/attach",
        "pods/portforward",
        "pods/ephemeralcontainers",
    }
    assert {cell[2] for cell in viewer} == {"get", "list", "watch"}
    assert "secrets" not in {cell[1] for cell in developer}
    assert cells(SIGNED_IN).isdisjoint(operator)


@pytest.mark.parametrize(("environment", "may"), [("dev", True), ("staging", True), ("prod", False)])
def test_a_developer_gets_no_shell_in_prod(environment, may):
    team = Team.model_validate({"name": "a", "groups": [{"name": "b", "role": "developer"}]})
    resources = {
        one
        for rule in role_rules(team.custom_roles, "developer", is_prod=environment == "prod")
        for one in rule.resources
    }
    assert ("pods/exec" in resources) is may


@given(st.text(min_size=1, max_size=256), st.text(min_size=1, max_size=256))
def test_binding_names_are_kubernetes_names_and_differ(one, other):
    for group in (one, other):
        name = binding_name(group)
        assert 0 < len(name) <= 253
        assert all(part.isascii() and (part.isalnum() or part == "-") for part in name)
    if one != other:
        assert binding_name(one) != binding_name(other)


def test_a_binding_has_the_groups_own_name_where_it_can():
    assert binding_name("payments-developers") == "payments-developers"
    assert binding_name("Payments Developers").startswith("payments-developers-")
