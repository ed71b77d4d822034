"""Who writes what AKS and Kubernetes bring along, and what is judged in AKS's own namespaces all the same."""

from collections.abc import Sequence
from typing import Any

from secure_aks_security import expressions
from secure_aks_security.admission.parameters import reference

CONTROL_PLANE_USERS = ("system:apiserver", "system:kube-controller-manager", "aksService", "masterclient")
"""Who writes the roles and namespaces that Kubernetes and AKS bring along."""
SUPPORT = "aks-support"
"""Microsoft's support, which has the role aks-service (AKS documentation, "Support policies for AKS")."""
# Who asks for its certificate, with the token of what is to be a node or as the node it is.
_NOT_NODES = "".join(
    f" && !request.userInfo.username.startsWith('system:{who}:')" for who in ("bootstrap", "node")
)


def not_of_the_control_plane(left_out: Sequence[str]) -> dict[str, str]:
    """Return the condition that leaves alone what Kubernetes, AKS, nodes and the accounts of namespaces that are left out write."""
    text = f"!(request.userInfo.username in {expressions.literal(list(CONTROL_PLANE_USERS))})"
    return {"name": "not-of-the-control-plane", "expression": text + _NOT_NODES + _not_accounts(left_out)}


def in_its_namespaces(
    policy: dict[str, Any],
    resources: Sequence[str],
    left_out: Sequence[str],
    own: Sequence[str],
    actions: list[str],
) -> list[dict[str, Any]]:
    """Return a policy of the same rules for what people, and accounts of other namespaces, write in AKS's own, and its binding.

    Nothing of it stops AKS itself: those in system:masters and whoever else Kubernetes names are not asked, nor is anybody
    without the parameters or where the rules cannot be evaluated.
    """
    spec, name = policy["spec"], f"{policy['metadata']['name']}-of-aks"
    [rule] = spec["matchConstraints"]["resourceRules"]
    conditions = [one for one in spec["matchConditions"] if one["name"] != "not-of-the-control-plane"]
    selector = {"key": "kubernetes.io/metadata.name", "operator": "In", "values": sorted(own)}
    installed = {
        **spec,
        "failurePolicy": "Ignore",
        "matchConstraints": {"resourceRules": [{**rule, "resources": list(resources)}]},
        "matchConditions": [*conditions, _not_of_aks(left_out)],
    }
    bound = {
        "policyName": name,
        "paramRef": reference("Allow"),
        "matchResources": {"namespaceSelector": {"matchExpressions": [selector]}},
        "validationActions": actions,
    }
    return [
        {**policy, "metadata": {"name": name}, "spec": installed},
        {**policy, "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": name}, "spec": bound},
    ]


def _not_of_aks(left_out: Sequence[str]) -> dict[str, str]:
    text = (
        f"!(request.userInfo.username in {expressions.literal([*CONTROL_PLANE_USERS, SUPPORT])})"
        " && !(has(request.userInfo.groups) && 'system:masters' in request.userInfo.groups)"
        " && (!request.userInfo.username.startsWith('system:')"
        " || request.userInfo.username.startsWith('system:serviceaccount:'))"
    )
    return {"name": "not-of-aks", "expression": text + _not_accounts(left_out)}


def _not_accounts(namespaces: Sequence[str]) -> str:
    """Return what leaves out their service accounts: Calico's operator, say, makes its roles and namespaces."""
    return "".join(
        f" && !request.userInfo.username.startsWith('system:serviceaccount:{one}:')" for one in namespaces
    )
