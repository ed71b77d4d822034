"""The two roles that hold in the whole cluster: who applies the stack, and who only looks before an upgrade.

Deployers grant what they do not have themselves: the roles of teams, in their namespaces (`escalate` and `bind` on roles).
Cluster-wide roles they can write only as far as they have those rights themselves, so nothing that they write makes them
administrators, their own role included: a wider one takes an administrator (`bootstrap`, or a break-glass group).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from .rule import Rule

DEPLOYERS = "secure-aks-deployers"
"""Name of the role of who applies the stack, and of its binding."""
READERS = "secure-aks-readers"
"""Name of the role of who looks, and of its binding."""

_SEE = ("get", "list")
_WRITE = ("get", "list", "watch", "create", "update", "patch", "delete")
_ADMISSION, _RBAC = "admissionregistration.k8s.io", "rbac.authorization.k8s.io"

READ: tuple[Rule, ...] = (
    Rule("", ("nodes", "namespaces", "pods", "persistentvolumes", "persistentvolumeclaims"), _SEE),
    Rule("apps", ("deployments", "statefulsets", "daemonsets"), _SEE),
    Rule("policy", ("poddisruptionbudgets",), _SEE),
    Rule("networking.k8s.io", ("ingressclasses",), _SEE),
    Rule("", ("configmaps",), ("get",), ("coredns-custom",)),
    Rule("discovery.k8s.io", ("endpointslices",), _SEE),
    Rule("apiregistration.k8s.io", ("apiservices",), _SEE),
    Rule(_ADMISSION, ("validatingwebhookconfigurations", "mutatingwebhookconfigurations"), _SEE),
    Rule(_ADMISSION, ("validatingadmissionpolicies", "validatingadmissionpolicybindings"), _SEE),
)
"""What the gates of `upgrades` look at; no Secret, no ConfigMap but the additions to CoreDNS, no log."""
READ_PATHS = ("/metrics",)
"""The API server's own metrics, which tell of removed APIs in use."""

APPLY: tuple[Rule, ...] = (
    Rule("", ("namespaces", "configmaps", "serviceaccounts", "resourcequotas", "limitranges"), _WRITE),
    Rule("", ("pods", "services"), _WRITE),
    Rule("apps", ("daemonsets",), _WRITE),
    Rule("networking.k8s.io", ("networkpolicies",), _WRITE),
    Rule(_ADMISSION, ("validatingadmissionpolicies", "validatingadmissionpolicybindings"), _WRITE),
    Rule(_RBAC, ("roles", "rolebindings", "clusterroles", "clusterrolebindings"), _WRITE),
    Rule("monitoring.coreos.com", ("prometheusrules", "servicemonitors"), _WRITE),
    Rule("azmonitoring.coreos.com", ("servicemonitors",), _WRITE),
    # Teams' roles, custom ones included, are more than a deployer may do.
    Rule(_RBAC, ("roles",), ("escalate", "bind")),
    # What kured and the profile loaders get, and nobody can give what they do not have.
    Rule("", ("nodes",), ("patch",)),
    Rule("", ("pods/eviction",), ("create",)),
    Rule("", ("events",), ("list", "watch")),
)
"""What an `up` of any stack file does inside the cluster, beside READ."""

NOTIFY = Rule("", ("secrets",), ("get", "create", "patch", "delete"))
"""In kured's namespace alone: the Secret with the address for notifications."""


def notify_rights(namespace: str, groups: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the role and binding by which deployers (object ids) write kured's Secret in its namespace."""
    meta = {"name": DEPLOYERS, "namespace": namespace}
    role = {"apiVersion": f"{_RBAC}/v1", "kind": "Role", "metadata": meta, "rules": [NOTIFY.as_policy_rule()]}
    return [role, _binding("Role", meta, groups)]


def manifests(groups: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Return the roles with their bindings; `groups` are the object ids by the role's name.

    The deployers' come last: whoever writes the readers' has to have their rights.
    """
    rules = {READERS: READ, DEPLOYERS: (*READ, *APPLY)}
    found: list[dict[str, Any]] = []
    for name, ids in groups.items():
        meta = {"name": name}
        found += [
            {
                "apiVersion": f"{_RBAC}/v1",
                "kind": "ClusterRole",
                "metadata": meta,
                "rules": _rules(rules[name]),
            },
            _binding("ClusterRole", meta, ids),
        ]
    return found


def _binding(kind: str, meta: Mapping[str, str], ids: Sequence[Any]) -> dict[str, Any]:
    return {
        "apiVersion": f"{_RBAC}/v1",
        "kind": f"{kind}Binding",
        "metadata": dict(meta),
        "roleRef": {"apiGroup": _RBAC, "kind": kind, "name": meta["name"]},
        "subjects": [{"apiGroup": _RBAC, "kind": "Group", "name": id_} for id_ in ids],
    }


def _rules(rules: tuple[Rule, ...]) -> list[dict[str, Any]]:
    paths = {"nonResourceURLs": list(READ_PATHS), "verbs": ["get"]}
    return [*(rule.as_policy_rule() for rule in rules), paths]
