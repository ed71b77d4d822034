"""The platform's controllers, and what namespaces open."""

import pytest

from tests.settings.helpers import Case, good, read, refuse

AT = "secure-aks:platform[0]"
ACCOUNT = {"name": "nginx", "roles": ["nginx-*"], "rights": ["read-secrets"]}
NGINX = {
    "name": "nginx",
    "owner": "platform",
    "reason": "the way in",
    "images": ["registry.k8s.io/ingress-nginx/"],
    "serviceAccounts": [ACCOUNT],
}


def platform(**changes):
    return {"platform": [{**NGINX, **changes}]}


def account(**changes):
    return platform(serviceAccounts=[{**ACCOUNT, **changes}])


def with_nginx(**changes):
    return {**platform(), **changes}


CASES = [
    Case("no owner", {"platform": [{k: v for k, v in NGINX.items() if k != "owner"}]}, f"{AT}.owner", "", "add"),
    Case("empty reason", platform(reason=" "), f"{AT}.reason", "nobody would know", "write it out"),
    Case("no images", platform(images=[]), f"{AT}.images", "the list is empty", "name one at least"),
    Case("any image", platform(images=["*"]), f"{AT}.images[0]", "not the beginning of an image's name", "such as quay.io/jetstack/"),
    Case("an image that others begin with", platform(images=["quay.io/jetstack"]), f"{AT}.images[0]", "not the beginning", "up to and including a slash"),
    Case("no accounts", platform(serviceAccounts=[]), f"{AT}.serviceAccounts", "the list is empty", "name one at least"),
    Case("the account default", account(name="default"), f"{AT}.serviceAccounts[0].name", "every pod that names no account", "the controller's own"),
    Case("an account twice", platform(serviceAccounts=[ACCOUNT, ACCOUNT]), f"{AT}.serviceAccounts[1].name", "named twice", "once"),
    Case("an unknown right", account(rights=["read-secret"]), f"{AT}.serviceAccounts[0].rights[0]", "", "read-secrets"),
    Case("a right twice", account(rights=["read-secrets", "read-secrets"]), f"{AT}.serviceAccounts[0].rights[1]", "named twice", "once"),
    Case("a right about roles, and none", account(roles=[]), f"{AT}.serviceAccounts[0].roles", "the right read-secrets is about roles", "name its roles"),
    Case("any role", account(roles=["*"]), f"{AT}.serviceAccounts[0].roles[0]", "names no roles", "3 letters at least"),
    Case("nearly any role", account(roles=["ng*"]), f"{AT}.serviceAccounts[0].roles[0]", "names no roles", "3 letters at least"),
    Case("a pattern within", account(roles=["n*ginx"]), f"{AT}.serviceAccounts[0].roles[0]", "names no roles", "its beginning"),
    Case("cluster-admin as a role", account(roles=["cluster-admin"]), f"{AT}.serviceAccounts[0].roles[0]", "of Kubernetes itself", "the right cluster-admin"),
    Case("cluster-admin among roles", account(roles=["cluster-*"]), f"{AT}.serviceAccounts[0].roles[0]", "takes in, the role cluster-admin", "the controller's own roles"),
    Case("a role of Kubernetes", account(roles=["system:node*"]), f"{AT}.serviceAccounts[0].roles[0]", "of Kubernetes itself", "the controller's own roles"),
    Case("a role that begins as one it may have", account(roles=["system:auth-*"]), f"{AT}.serviceAccounts[0].roles[0]", "of Kubernetes itself", "the controller's own roles"),
    Case("the namespace of AKS", platform(namespace="kube-system"), f"{AT}.namespace", "belongs to Kubernetes", "of the controller's own"),
    Case("a namespace where no rule holds", platform() | {"admission": {"systemNamespaces": ["nginx"]}}, f"{AT}.name", "where no rule holds", "take it out"),
    Case("a team's name", platform(name="payments", namespace="nginx"), f"{AT}.name", "taken by secure-aks:teams[0].name", "a name of its own"),
    Case("a team's namespace", platform(namespace="payments"), f"{AT}.namespace", "taken by secure-aks:teams[0].namespace", "a namespace of its own"),
    Case("another's namespace", {"platform": [NGINX, {**NGINX, "name": "two", "namespace": "nginx"}]}, "secure-aks:platform[1].namespace", f"taken by {AT}.namespace", "of its own"),
    Case("the host, under restricted", account(rights=["host-paths"]), f"{AT}.podSecurity", "refuses what the right host-paths is for", "podSecurity: privileged"),
    Case("root, under restricted", account(rights=["root"]), f"{AT}.podSecurity", "root", "podSecurity: baseline"),
    Case("privileged for nothing", platform(podSecurity="privileged"), f"{AT}.podSecurity", "no account has a right that needs it", "baseline"),
    Case("nobody", {"teams[0].ingress": [{"ports": [80]}]}, "secure-aks:teams[0].ingress[0]", "nobody is named", "`name`, `namespace` and `range`"),
    Case("two", {"teams[0].egress": [{"namespace": "a", "range": "10.80.0.0/24", "ports": [80]}]}, "secure-aks:teams[0].egress[0]", "namespace and range", "write one of"),
    Case("no ports", {"teams[0].egress": [{"namespace": "a", "ports": []}]}, "secure-aks:teams[0].egress[0].ports", "the list is empty", "name one at least"),
    Case("port 0", {"teams[0].egress": [{"namespace": "a", "ports": [0]}]}, "secure-aks:teams[0].egress[0].ports[0]", "", "1"),
    Case("a port twice", {"teams[0].egress": [{"namespace": "a", "ports": [80, 80]}]}, "secure-aks:teams[0].egress[0].ports[1]", "named twice", "once"),
    Case("a host's name", {"teams[0].egress": [{"name": "api.stripe.com", "ports": [443]}]}, "secure-aks:teams[0].egress[0].name", "not the name of a team", "open their addresses with `range`"),
    Case("an unknown name", {"teams[0].egress": [{"name": "partner", "ports": [443]}]}, "secure-aks:teams[0].egress[0].name", "no platform controller 'partner'", "did you mean `partners`?"),
    Case("itself", {"teams[0].ingress": [{"namespace": "payments", "ports": [80]}]}, "secure-aks:teams[0].ingress[0].namespace", "all traffic is open", "remove"),
    Case("pods by address", {"teams[0].egress": [{"range": "10.244.3.0/24", "ports": [80]}]}, "secure-aks:teams[0].egress[0].range", "lies in the cluster's own", "`name` or `namespace`"),
    Case("the metadata service", {"teams[0].egress": [{"range": "169.254.169.254/32", "ports": [80]}]}, "secure-aks:teams[0].egress[0].range", "the node's identity", "remove"),
    Case("a label that is none", {"teams[0].ingress": [{"namespace": "a", "ports": [80], "pods": {"a b": "c"}}]}, "secure-aks:teams[0].ingress[0].pods.a b", "not a key of a label", "use 63 letters"),
    Case("the same twice", {"teams[0].ingress": [{"namespace": "a", "ports": [80]}] * 2}, "secure-aks:teams[0].ingress[1]", "ingress[0] says the same", "remove"),
    Case("the other side is shut", {"teams[0].egress": [{"name": "partners", "ports": [80]}]}, "secure-aks:teams[0].egress[0]", "partners has no ingress for it", "add `{name: payments, ports: [80]}` to secure-aks:teams[1].ingress"),
    Case("the other side opens another port", {"teams[0].egress": [{"name": "partners", "ports": [80, 81], "protocol": "UDP"}], "teams[1].ingress": [{"namespace": "payments", "ports": [80], "protocol": "UDP"}]}, "secure-aks:teams[0].egress[0]", "partners has no ingress", "{name: payments, ports: [81], protocol: UDP}"),
    Case("a controller's side is shut", with_nginx(**{"teams[0].ingress": [{"name": "nginx", "ports": [80]}]}), "secure-aks:teams[0].ingress[0]", "nginx has no egress for it", f"to {AT}.egress"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused(case):
    refuse(case)


def test_what_the_advice_says_is_accepted():
    stack = good(
        {
            "platform": [{**NGINX, "egress": [{"name": "payments", "ports": [80]}], "ingress": [{"range": "0.0.0.0/0", "ports": [443]}]}],
            "teams[0].ingress": [{"name": "nginx", "ports": [80], "pods": {"app.kubernetes.io/name": "shop"}}],
            "teams[0].egress": [{"name": "partners", "ports": [81]}, {"namespace": "kube-system", "ports": [1]}],
            "teams[1].ingress": [{"name": "payments", "ports": [80, 81]}, {"range": "10.80.0.0/24", "ports": [5432]}],
            "teams[1].egress": [{"name": "payments", "ports": [80]}],
        }
        | {"teams[0].ingress[1]": {"name": "partners", "ports": [80]}, "teams[0].egress[2]": {"name": "partners", "ports": [80]}}
    )  # fmt: skip
    assert stack.namespace_of == {"nginx": "nginx", "payments": "payments", "partners": "partners"}


def test_each_problem_of_a_controller_is_said_at_once():
    _, findings = read(platform(reason="", images=[], namespace="Kube"))
    assert {finding.path for finding in findings} == {f"{AT}.reason", f"{AT}.images", f"{AT}.namespace"}


def test_a_right_of_pods_needs_no_roles():
    [controller] = good(
        platform(serviceAccounts=[{"name": "agent", "rights": ["every-node", "no-limits"]}])
    ).platform
    assert controller.service_accounts[0].rights == ("every-node", "no-limits")
