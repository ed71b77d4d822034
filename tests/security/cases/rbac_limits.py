"""Cases of the RBAC rules about what limits a namespace, and about who says where pods run."""

from typing import Any

from tests.security.cases.rbac_powers import API, CLUSTER_ROLE, DELETES, WRITES, power, rule_of

_LIMITS = "changes quotas, limits or network policies"
_BINDS = "binds pods to nodes"
_ROLE = f'Role "reader" {_LIMITS}'
_SEE = ["get", "list", "watch"]
_POLICIES = [
    ("networking.k8s.io", "networkpolicies"),
    ("networking.k8s.io", "networkpolicies/status"),
    ("policy.networking.k8s.io", "adminnetworkpolicies"),
    ("policy.networking.k8s.io", "baselineadminnetworkpolicies"),
    ("example.org", "securitynetworkpolicies"),
]
_ENGINES = [
    ("cilium.io", "ciliumnetworkpolicies"),
    ("cilium.io", "ciliumclusterwidenetworkpolicies"),
    ("cilium.io", "ciliumlocalredirectpolicies"),
    ("projectcalico.org", "globalnetworkpolicies"),
    ("projectcalico.org", "globalnetworksets"),
    ("crd.projectcalico.org", "networksets"),
    ("operator.tigera.io", "installations"),
    ("crd.antrea.io", "tiers"),
]

_CASES = power(
    _LIMITS,
    "",
    ["resourcequotas", "resourcequotas/status", "limitranges", "*/status"],
    [*WRITES, *DELETES],
)
_CASES["fails"] |= {
    f"{verb} {resource} of {group}": (rule_of([group], [resource], [verb]), _ROLE)
    for group, resource in [*_POLICIES, *_ENGINES]
    for verb in [*WRITES, *DELETES, "*"]
}
_CASES["fails"] |= {
    f"everything of {group}": (rule_of([group], ["*"], ["patch"]), _ROLE)
    for group in ["networking.k8s.io", "policy.networking.k8s.io", *(group for group, _ in _ENGINES)]
}
_CASES["fails"] |= {
    "a network policy of every group": (rule_of(["*"], ["networkpolicies"], ["create"]), _ROLE),
    "a quota by its name": (rule_of([""], ["resourcequotas"], ["patch"], resourceNames=["quota"]), _ROLE),
    "a network policy by its name": (
        rule_of(["networking.k8s.io"], ["networkpolicies"], ["delete"], resourceNames=["default-deny"]),
        _ROLE,
    ),
    "network policies among others": (
        rule_of(["apps", "networking.k8s.io"], ["deployments", "networkpolicies"], ["get", "create"]),
        _ROLE,
    ),
    "everything among others": (
        rule_of(["apps", "networking.k8s.io"], ["deployments", "*"], ["get", "create"]),
        _ROLE,
    ),
    "an engine among others": (
        rule_of(["apps", "cilium.io"], ["deployments", "ciliumendpoints"], ["get", "create"]),
        _ROLE,
    ),
    # What a RoleBinding makes of a ClusterRole holds in its namespace all the same.
    "a ClusterRole for RoleBindings": (
        CLUSTER_ROLE | rule_of(["networking.k8s.io"], ["networkpolicies"], ["create"]),
        f'ClusterRole "reader" {_LIMITS}',
    ),
    "a ClusterRole that edit gathers": (
        CLUSTER_ROLE
        | {"metadata.labels": {f"{API}/aggregate-to-edit": "true"}}
        | rule_of(["cilium.io"], ["ciliumnetworkpolicies"], ["update"]),
        f'ClusterRole "reader" {_LIMITS}',
    ),
    "a Role called as a preset": (
        {"metadata.name": "operator"} | rule_of([""], ["limitranges"], ["update"]),
        f'Role "operator" {_LIMITS}',
    ),
}
_CASES["passes"] |= {
    f"{resource} of {group} looked at": rule_of([group], [resource], _SEE)
    for group, resource in [("", "resourcequotas"), *_POLICIES, *_ENGINES]
}
_CASES["passes"] |= {
    "ingresses": rule_of(["networking.k8s.io"], ["ingresses", "ingresses/status"], [*_SEE, *WRITES]),
    "quotas of another group": rule_of(["example.org"], ["resourcequotas", "limitranges"], WRITES),
    "everything of another group": rule_of(["example.org"], ["*"], ["update"]),
    "status of another group": rule_of(["example.org"], ["*/status"], ["update"]),
    "a group that ends as an engine's": rule_of(["not-cilium.io"], ["things"], ["update"]),
    "a path": CLUSTER_ROLE | {"rules[1]": {"nonResourceURLs": ["/networkpolicies"], "verbs": ["post", "*"]}},
}

CASES: dict[str, dict[str, Any]] = {
    "rbac-namespace-limits": _CASES,
    "rbac-pod-binding": power(_BINDS, "", ["pods/binding", "bindings", "*/binding"], WRITES),
}
_NAMED = rule_of([""], ["pods/binding"], ["create"], resourceNames=["web"])
CASES["rbac-pod-binding"]["fails"]["a pod by its name"] = (_NAMED, f'Role "reader" {_BINDS}')
CASES["rbac-pod-binding"]["passes"] |= {
    "bindings of roles": rule_of([API], ["rolebindings"], ["create"]),
    "pods themselves": rule_of([""], ["pods", "pods/status"], ["create"]),
}
