"""The policy that keeps the rules' parameters: nobody changes what the rules read who may not change the rules.

Whoever may write ConfigMaps everywhere, as many a controller may, could otherwise empty the list of role names or name a
registry of theirs.
"""

from typing import Any

from secure_aks_security.expressions import literal

NAMESPACE = "secure-aks-admission"
"""Namespace of the parameters; nothing runs in it."""
PARAMETERS = "parameters"
"""Name of the ConfigMap with the rules' parameters."""
GUARD = "secure-aks-parameters"
"""Name of the policy and of its binding."""

_GROUP = "admissionregistration.k8s.io"
_WORDS = (
    f"ConfigMap {PARAMETERS} of {NAMESPACE} says what the admission rules let in: it is for those who may update"
    " validatingadmissionpolicies. Change secure-aks:policies in the stack file instead, and apply it."
)
# What goes with its namespace is deleted by Kubernetes itself; without parameters the rules refuse everything.
_GOING = "request.operation == 'DELETE' && request.userInfo.username == 'system:serviceaccount:kube-system:namespace-controller'"


def guard() -> list[dict[str, Any]]:
    """Return the policy and its binding, which denies whatever the stack's mode is."""
    changed = "(request.operation == 'CREATE' ? object : oldObject).metadata.name"
    allowed = (
        f"authorizer.group('{_GROUP}').resource('validatingadmissionpolicies').check('update').allowed()"
    )
    operations = {"operations": ["CREATE", "UPDATE", "DELETE"]}
    here = {"matchLabels": {"kubernetes.io/metadata.name": NAMESPACE}}
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps"], **operations}
    return [
        {
            "apiVersion": f"{_GROUP}/v1",
            "kind": "ValidatingAdmissionPolicy",
            "metadata": {"name": GUARD},
            "spec": {
                "failurePolicy": "Fail",
                "matchConstraints": {"resourceRules": [rule], "namespaceSelector": here},
                "matchConditions": [
                    {"name": "parameters", "expression": f"{changed} == {literal(PARAMETERS)}"}
                ],
                "validations": [
                    {"expression": f"({_GOING}) || {allowed}", "message": _WORDS, "reason": "Forbidden"}
                ],
            },
        },
        {
            "apiVersion": f"{_GROUP}/v1",
            "kind": "ValidatingAdmissionPolicyBinding",
            "metadata": {"name": GUARD},
            "spec": {"policyName": GUARD, "validationActions": ["Deny", "Audit"]},
        },
    ]


def reference(not_found: str) -> dict[str, str]:
    """Return how a binding names the parameters; `not_found` is what happens to a request without them, Deny or Allow."""
    return {"name": PARAMETERS, "namespace": NAMESPACE, "parameterNotFoundAction": not_found}
