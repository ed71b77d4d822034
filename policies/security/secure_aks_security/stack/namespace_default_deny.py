"""Namespaces whose pods anybody may reach."""

from collections import defaultdict

from secure_aks_security.resources import Resource
from secure_aks_security.shapes import items, mapping
from secure_aks_security.stack.base import Report, Stack, StackRule
from secure_aks_security.values import holds_unknown

_BOTH = {"Ingress", "Egress"}


class NamespaceDefaultDeny(StackRule):
    """Every namespace of the stack must have network policies that deny all traffic nobody allows."""

    id = "namespace-default-deny"
    title = "Namespaces must deny traffic by default"
    severity = "high"
    why = "Without a policy every pod of the cluster reaches every other, and the internet."
    remedy = (
        "Add a NetworkPolicy to it with an empty podSelector, policyTypes Ingress and Egress, and no rules; "
        "then allow what is needed."
    )
    link = "https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies"
    watched = ("kubernetes:core:Namespace", "kubernetes:networking.k8s.io:NetworkPolicy")

    def check(self, stack: Stack, report: Report) -> None:
        """Report each namespace that some direction of traffic is open in."""
        denied = defaultdict[str, set[str]](set)
        unknown = False
        for policy in stack.of_kind("NetworkPolicy"):
            denied[policy.object_namespace] |= _denied(policy)
            unknown = unknown or holds_unknown(policy.properties)
        for namespace in stack.of_kind("Namespace"):
            name = namespace.object_name
            missing = sorted(_BOTH - denied[name])
            if not missing or stack.exempt(self.id, namespace):
                continue
            if unknown:
                report.unknown(
                    f"[{self.id}] a NetworkPolicy for the namespace {name} may not be known before the update"
                )
            else:
                words = (
                    f"the namespace {name} denies no {' and no '.join(missing).lower()} traffic by default"
                )
                report.violation(self.say(words), namespace.urn)


def _denied(policy: Resource) -> set[str]:
    """Return the directions in which a policy denies all traffic to and from every pod."""
    spec = mapping(policy.properties.get("spec"))
    if any(mapping(spec.get("podSelector")).values()):
        return set()
    # Unless said, a policy is about ingress, and about egress when it has egress rules.
    types = set(items(spec.get("policyTypes")) or ["Ingress", *(["Egress"] if spec.get("egress") else [])])
    return {direction for direction in types if not spec.get(direction.lower())}
