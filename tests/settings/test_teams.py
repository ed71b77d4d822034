import pytest

from tests.settings.helpers import Case, good, read, refuse

PAYMENTS, PARTNERS = "secure-aks:teams[0]", "secure-aks:teams[1]"
GUID = "6f1c0d1e-2f3a-4b5c-8d9e-0a1b2c3d4e5f"


def rule(**changes):
    return {"teams[1].customRoles[0].rules[0]": {"resources": ["configmaps"], "verbs": ["get"]} | changes}


RULE = f"{PARTNERS}.customRoles[0].rules[0]"

CASES = [
    Case("same team twice", {"teams[1].name": "payments"}, f"{PARTNERS}.name", f"the name 'payments' is taken by {PAYMENTS}.name", "a name of its own"),
    Case("same namespace twice", {"teams[1].namespace": "payments"}, f"{PARTNERS}.namespace", "the namespace 'payments' is taken", "a namespace of its own"),
    Case("same group twice", {"teams[1].groups[0].name": "Payments-Developers"}, f"{PARTNERS}.groups[0].name", f"is taken by {PAYMENTS}.groups[0].name", "one place and one role"),
    Case("a team's group as break-glass", {"teams[0].groups[0].name": "aks-admins"}, f"{PAYMENTS}.groups[0].name", "taken by secure-aks:cluster.breakGlass[0].name", "one place"),
    Case("same object id twice", {"teams[0].groups[0].objectId": GUID, "teams[1].groups[0].objectId": GUID.upper()}, f"{PARTNERS}.groups[0].objectId", "the object id", "one place and one role"),
    Case("object id", {"teams[0].groups[0].objectId": "payments"}, f"{PAYMENTS}.groups[0].objectId", "not an object id", "write the GUID"),
    Case("member by name", {"teams[0].groups[0].members": ["jane@contoso.com"]}, f"{PAYMENTS}.groups[0].members[0]", "not an object id", "write the GUID"),
    Case("member twice", {"teams[0].groups[0].members": [GUID, GUID]}, f"{PAYMENTS}.groups[0].members[1]", "named twice", "once"),
    Case("members of an existing group", {"teams[0].groups[0].members": [GUID], "teams[0].groups[0].objectId": GUID}, f"{PAYMENTS}.groups[0].members", "the group exists", "remove `objectId`"),
    Case("no groups", {"teams[0].groups": []}, f"{PAYMENTS}.groups", "the list is empty", "name one at least"),
    Case("a user as a group", {"teams[0].users": [GUID]}, f"{PAYMENTS}.users", "no such key", "write"),
    Case("name", {"teams[0].name": "Payments!"}, f"{PAYMENTS}.name", "not a DNS label", "a-z"),
    Case("namespace kube-system", {"teams[0].namespace": "kube-system"}, f"{PAYMENTS}.namespace", "belongs to Kubernetes, AKS or this project", "the team's own"),
    Case("namespace default", {"teams[0].name": "default"}, f"{PAYMENTS}.name", "belongs to", "the team's own"),
    Case("namespace of gatekeeper", {"teams[0].namespace": "gatekeeper-system"}, f"{PAYMENTS}.namespace", "belongs to", "the team's own"),
    Case("role", {"teams[0].groups[0].role": "developper"}, f"{PAYMENTS}.groups[0].role", "no role 'developper'", "did you mean `developer`?"),
    Case("role of another team", {"teams[0].groups[0].role": "auditor"}, f"{PAYMENTS}.groups[0].role", "no role 'auditor'", "write `developer`, `operator` or `viewer`"),
    Case("custom role named as a preset", {"teams[1].customRoles[0].name": "viewer", "teams[1].groups[0].role": "viewer"}, f"{PARTNERS}.customRoles[0].name", "one of the presets", "another name"),
    Case("custom role twice", {"teams[1].customRoles[1]": {"name": "auditor", "rules": [{"resources": ["pods"], "verbs": ["get"]}]}}, f"{PARTNERS}.customRoles[1].name", "the role 'auditor' is taken", "of its own"),
    Case("wildcard verbs", rule(verbs=["*"]), f"{RULE}.verbs", "wildcard", "name each one"),
    Case("wildcard resources", rule(resources=["*"]), f"{RULE}.resources", "wildcard", "name each one"),
    Case("wildcard groups", rule(apiGroups=["*"]), f"{RULE}.apiGroups", "wildcard", "name each one"),
    Case("impersonate", rule(resources=["serviceaccounts"], verbs=["impersonate"]), f"{RULE}.verbs", "rights that the role does not give", "remove impersonate"),
    Case("write roles", rule(resources=["rolebindings"], verbs=["create"]), f"{RULE}.resources", "changes the limits", "get, list and watch only"),
    Case("token", rule(resources=["serviceaccounts/token"], verbs=["create"]), f"{RULE}.resources", "acts as the namespace's accounts", "remove serviceaccounts/token"),
    Case("the namespace's own labels", rule(resources=["namespaces"], verbs=["patch"]), f"{RULE}.resources", "changes the limits", "remove namespaces"),
    Case("a quota's status", rule(resources=["resourcequotas/status"], verbs=["update"]), f"{RULE}.resources", "changes the limits", "remove resourcequotas/status"),
    Case("pods onto nodes", rule(resources=["pods/binding"], verbs=["create"]), f"{RULE}.resources", "passes the scheduler", "remove pods/binding"),
    Case("endpoints", rule(apiGroups=["discovery.k8s.io"], resources=["endpointslices"], verbs=["create"]), f"{RULE}.resources", "pods of other namespaces", "remove endpointslices"),
    Case("namespace of the profiles", {"teams[0].namespace": "security-profiles"}, f"{PAYMENTS}.namespace", "belongs to", "the team's own"),
    Case("two roles of one name to Pulumi", {"teams[1].customRoles[0].name": "b-viewer", "teams[1].groups[0].role": "b-viewer", "teams[1].namespace": "a", "pools[3].namespace": "a", "teams[0].namespace": "a-b", "teams[0].groups[0].role": "viewer"}, f"{PAYMENTS}.namespace", "its role 'viewer' would be a-b-viewer to Pulumi, and so would 'b-viewer' of", "another namespace"),
    Case("unknown verb", rule(verbs=["read"]), f"{RULE}.verbs", "no verb 'read'", "write"),
    Case("isolation", {"teams[0].isolation": "vm"}, f"{PAYMENTS}.isolation", "'vm' is not one of its values", "write `cluster`, `namespace`, `nodes` or `sandbox`"),
    Case("isolation as it was", {"teams[0].isolation": "sandboxed"}, f"{PAYMENTS}.isolation", "'sandboxed' is not one of its values", "did you mean `sandbox`?"),
    Case("quota without quotes", {"teams[0].quota": {"cpu": 64}}, f"{PAYMENTS}.quota.cpu", "64 without quotes", 'write "64"'),
    Case("quota", {"teams[0].quota": {"memory": "256 GB"}}, f"{PAYMENTS}.quota.memory", "not an amount of memory", '"256Gi"'),
    Case("privileged namespace", {"teams[0].podSecurity": "privileged"}, f"{PAYMENTS}.podSecurity", "'privileged' is not one of its values", "`restricted`"),
    Case("admission of nobody's namespace", {"admission": {"namespaces": {"paymnts": "Deny"}}}, "secure-aks:admission.namespaces.paymnts", "no team has the namespace", "a team's namespace"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused(case):
    refuse(case)


def test_a_team_with_a_typo_still_has_its_namespace():
    _, findings = read({"teams[0].groups": [], "admission": {"namespaces": {"payments": "Deny"}}})
    assert [finding.path for finding in findings] == [f"{PAYMENTS}.groups"]


def test_namespace_is_the_name_unless_set():
    teams = good({"teams[1].namespace": "partner-apps", "pools[3].namespace": "partner-apps"}).teams
    assert [team.namespace for team in teams] == ["payments", "partner-apps"]
    assert teams[0].pod_security == "restricted"


def test_reading_what_is_guarded_is_fine():
    good(rule(resources=["roles", "resourcequotas"], verbs=["get", "list", "watch"]))


def test_two_rights_too_many_are_two_problems():
    case = rule(resources=["roles"], verbs=["bind", "escalate"])
    _, findings = read(case)
    assert [finding.path for finding in findings] == [f"{RULE}.verbs", f"{RULE}.verbs", f"{RULE}.resources"]
