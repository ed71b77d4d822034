"""What the loaders may do in the cluster: change labels of their own, each on the node that it runs on."""

from typing import Any

from .names import KINDS, NAMESPACE, SERVICE_ACCOUNT, label_domain

NAME = "secure-aks-profile-loaders"
"""Name of the role, its binding and the admission policy."""
_NODE = "authentication.kubernetes.io/node-name"
_USER = f"system:serviceaccount:{NAMESPACE}:{SERVICE_ACCOUNT}"


def rights() -> list[dict[str, Any]]:
    """Return the manifests in the order to create them: the policy that limits the right comes before the right.

    RBAC knows no "own node". The API server does: the token of a pod says on which node the pod runs.
    """
    api = "rbac.authorization.k8s.io"
    role = {"apiGroup": api, "kind": "ClusterRole", "name": NAME}
    subject = {"kind": "ServiceAccount", "name": SERVICE_ACCOUNT, "namespace": NAMESPACE}
    return [
        _policy(),
        {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingAdmissionPolicyBinding",
            "metadata": {"name": NAME},
            "spec": {"policyName": NAME, "validationActions": ["Deny", "Audit"]},
        },
        {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {"name": SERVICE_ACCOUNT, "namespace": NAMESPACE},
            "automountServiceAccountToken": False,
        },
        {
            "apiVersion": f"{api}/v1",
            "kind": "ClusterRole",
            "metadata": {"name": NAME},
            "rules": [{"apiGroups": [""], "resources": ["nodes"], "verbs": ["patch"]}],
        },
        {
            "apiVersion": f"{api}/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": NAME},
            "roleRef": role,
            "subjects": [subject],
        },
    ]


def _policy() -> dict[str, Any]:
    own_label = " || ".join(f"k.startsWith('{label_domain(kind)}/')" for kind in KINDS)
    here = f"'{_NODE}' in request.userInfo.extra && request.userInfo.extra['{_NODE}'] == [request.name]"
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": NAME},
        "spec": {
            "failurePolicy": "Fail",
            "matchConstraints": {
                "resourceRules": [
                    {
                        "apiGroups": [""],
                        "apiVersions": ["v1"],
                        "operations": ["UPDATE"],
                        "resources": ["nodes"],
                    }
                ]
            },
            "matchConditions": [{"name": "loader", "expression": f"request.userInfo.username == '{_USER}'"}],
            "variables": [
                _same_or_empty("before", "oldObject", "labels", "{}"),
                _same_or_empty("after", "object", "labels", "{}"),
            ],
            "validations": [
                {
                    "expression": f"has(request.userInfo.extra) && {here}",
                    "message": "a profile loader may only label the node that it runs on",
                    "reason": "Forbidden",
                },
                {
                    "expression": f"variables.before.all(k, {own_label} || (k in variables.after"
                    " && variables.after[k] == variables.before[k]))"
                    f" && variables.after.all(k, {own_label} || k in variables.before)"
                    f" && object.spec == oldObject.spec && {_unchanged('annotations')}"
                    f" && {_unchanged('finalizers')} && {_unchanged('ownerReferences')}",
                    "message": "a profile loader may change nothing of a node but the labels of its profiles",
                    "reason": "Forbidden",
                },
            ],
        },
    }


def _same_or_empty(name: str, item: str, field: str, empty: str) -> dict[str, str]:
    return {"name": name, "expression": f"has({item}.metadata.{field}) ? {item}.metadata.{field} : {empty}"}


def _unchanged(field: str) -> str:
    now, then = f"object.metadata.{field}", f"oldObject.metadata.{field}"
    return f"has({now}) == has({then}) && (!has({now}) || {now} == {then})"
