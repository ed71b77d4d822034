"""What kured may do in the cluster: what its code asks for, each node for itself, and no reboot on days without maintenance."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..args.reboots import KuredArgs, NoRebootsArgs
from .names import LOCK, NAME, NAMESPACE

POLICY = "secure-aks-kured"
"""Name of the admission policy that limits kured, and of its binding."""
_NODE = "authentication.kubernetes.io/node-name"
_USER = f"system:serviceaccount:{NAMESPACE}:{NAME}"
_API = "rbac.authorization.k8s.io"
_CREATED = r'"created":"[^"]*"'
"""A lock says in JSON when it was taken; the time stands between the eleventh character and the last."""


def rights(kured: KuredArgs, not_allowed: Sequence[NoRebootsArgs]) -> list[dict[str, Any]]:
    """Return the manifests in the order to create them: the policy that limits a right comes before the right.

    The chart's own roles also let kured delete any pod, though since Kubernetes 1.22 a drain only evicts; these do not.
    """
    subject = {"kind": "ServiceAccount", "name": NAME, "namespace": NAMESPACE}
    everywhere = [
        _rule("", "nodes", "get", "patch"),
        _rule("", "pods", "get", "list"),
        _rule("", "pods/eviction", "create"),
        _rule("apps", "daemonsets", "get"),
    ]
    lock = {**_rule("apps", "daemonsets", "update"), "resourceNames": [NAME]}
    cluster, here = {"name": NAME}, {"name": NAME, "namespace": NAMESPACE}
    return [
        _policy(kured, not_allowed),
        {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingAdmissionPolicyBinding",
            "metadata": {"name": POLICY},
            "spec": {"policyName": POLICY, "validationActions": ["Deny", "Audit"]},
        },
        {"apiVersion": f"{_API}/v1", "kind": "ClusterRole", "metadata": cluster, "rules": everywhere},
        _binding("ClusterRole", cluster, subject),
        {"apiVersion": f"{_API}/v1", "kind": "Role", "metadata": here, "rules": [lock]},
        _binding("Role", here, subject),
    ]


def _policy(kured: KuredArgs, not_allowed: Sequence[NoRebootsArgs]) -> dict[str, Any]:
    own = [*kured.pre_reboot_node_labels, *kured.post_reboot_node_labels]
    mine = f"k in {sorted(set(own))}"
    here = f"'{_NODE}' in request.userInfo.extra && request.userInfo.extra['{_NODE}'] == [request.name]"
    kept = "(k in variables.after && variables.after[k] == variables.before[k])"
    labels = f"variables.before.all(k, {mine} || {kept}) && variables.after.all(k, {mine} || k in variables.before)"
    of_a_node = "request.resource.resource != 'nodes' || "
    of_the_lock = "request.resource.resource != 'daemonsets' || "
    validations = [
        (
            f"{of_a_node}(has(request.userInfo.extra) && {here})",
            "kured may only change the node that it runs on",
        ),
        (
            f"{of_a_node}({labels})",
            "kured may change no label of a node but those that the stack names",
        ),
        (
            f"{of_the_lock}object.spec == oldObject.spec",
            "kured may change nothing of its DaemonSet but the lock",
        ),
    ]
    for span in sorted(not_allowed, key=lambda span: (span.begin, span.until)):
        begin, end = (f"timestamp('{moment}')" for moment in (span.begin, span.until))
        taken = "timestamp(c.substring(11, c.size() - 1))"
        free = f"c in variables.locksBefore || {taken} < {begin} || {taken} >= {end}"
        validations.append(
            (
                f"{of_the_lock}variables.locks.all(c, {free})",
                f"no node is rebooted from {span.days or f'{span.begin} until {span.until}'}: the stack allows no maintenance then",
            )
        )
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": POLICY},
        "spec": {
            "failurePolicy": "Fail",
            "matchConstraints": {
                "resourceRules": [_updates("", "nodes"), _updates("apps", "daemonsets")],
            },
            "matchConditions": [{"name": "kured", "expression": f"request.userInfo.username == '{_USER}'"}],
            "variables": [
                _variable("before", "oldObject", "labels", "oldObject.metadata.labels", "{}"),
                _variable("after", "object", "labels", "object.metadata.labels", "{}"),
                _locks("locksBefore", "oldObject"),
                _locks("locks", "object"),
            ],
            "validations": [
                {"expression": expression, "message": message, "reason": "Forbidden"}
                for expression, message in validations
            ],
        },
    }


def _locks(name: str, item: str) -> dict[str, str]:
    annotations = f"{item}.metadata.annotations"
    found = f"('{LOCK}' in {annotations} ? {annotations}['{LOCK}'].findAll('{_CREATED}') : [])"
    return _variable(name, item, "annotations", found, "[]")


def _variable(name: str, item: str, field: str, value: str, empty: str) -> dict[str, str]:
    return {"name": name, "expression": f"has({item}.metadata.{field}) ? {value} : {empty}"}


def _updates(group: str, resource: str) -> dict[str, list[str]]:
    return {"apiGroups": [group], "apiVersions": ["v1"], "operations": ["UPDATE"], "resources": [resource]}


def _rule(group: str, resource: str, *verbs: str) -> dict[str, Any]:
    return {"apiGroups": [group], "resources": [resource], "verbs": list(verbs)}


def _binding(kind: str, metadata: Mapping[str, str], subject: Mapping[str, str]) -> dict[str, Any]:
    return {
        "apiVersion": f"{_API}/v1",
        "kind": f"{kind}Binding",
        "metadata": dict(metadata),
        "roleRef": {"apiGroup": _API, "kind": kind, "name": NAME},
        "subjects": [dict(subject)],
    }
