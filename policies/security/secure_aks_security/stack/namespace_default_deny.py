"""Namespaces whose pods anybody may reach."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from secure_aks_security.judging.resources import Resource
from secure_aks_security.judging.values import holds_unknown
from secure_aks_security.model import Compliance
from secure_aks_security.objects.ranges import everything
from secure_aks_security.shapes import items, mapping
from secure_aks_security.stack.base import Report, Stack, StackRule

_BOTH = {"Ingress", "Egress"}
_PEERS = {"Ingress": "from", "Egress": "to"}


class NamespaceDefaultDeny(StackRule):
    """Every namespace of the stack must have network policies that deny all traffic nobody allows."""

    id = "namespace-default-deny"
    title = "Namespaces must deny traffic by default"
    severity = "high"
    why = "Without a policy every pod of the cluster reaches every other, and the internet."
    remedy = (
        "Add a NetworkPolicy to it with an empty podSelector, policyTypes Ingress and Egress, and no rules; "
        "then allow what is needed, by pods, namespaces, ranges or ports."
    )
    link = "https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies"
    compliance = (
        Compliance("CIS Azure Kubernetes Service Benchmark", "1.7", "4.4.2"),
        Compliance("NSA/CISA Kubernetes Hardening Guide", "1.2", "Network separation and hardening"),
    )
    watched = (
        "kubernetes:core:Namespace",
        "kubernetes:core:NamespaceList",
        "kubernetes:core:List",
        "kubernetes:networking.k8s.io:NetworkPolicy",
        "kubernetes:networking.k8s.io:NetworkPolicyList",
        "kubernetes:yaml:ConfigGroup",
    )

    def check(self, stack: Stack, report: Report) -> None:
        """Report each namespace that some direction of traffic is open in."""
        denied = defaultdict[str, set[str]](set)
        opened = defaultdict[str, set[str]](set)
        unknown = False
        for policy in stack.of_kind("NetworkPolicy", "networking.k8s.io"):
            if policy.unread:
                unknown = True
                continue
            denied[policy.object_namespace] |= _denied(policy)
            opened[policy.object_namespace] |= _opened(policy)
            unknown = unknown or holds_unknown(policy.properties)
        for namespace in stack.of_kind("Namespace", ""):
            name = namespace.object_name
            if namespace.unread:
                report.unknown(f"[{self.id}] the namespaces in {name} are not known before the update")
                continue
            missing = sorted(_BOTH - (denied[name] - opened[name]))
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


def _opened(policy: Resource) -> set[str]:
    """Return the directions in which a policy allows all traffic to or from every pod: policies add up, a denial takes nothing back."""
    spec = mapping(policy.properties.get("spec"))
    if any(mapping(spec.get("podSelector")).values()):
        return set()
    return {
        direction
        for direction, peers in _PEERS.items()
        if any(_anybody(mapping(rule), peers) for rule in items(spec.get(direction.lower())))
    }


def _anybody(rule: Mapping[str, Any], peers: str) -> bool:
    """Tell whether a rule is about every peer, of any port."""
    named = [mapping(peer) for peer in items(rule.get(peers))]
    blocks = [mapping(peer.get("ipBlock")) for peer in named]
    return not items(rule.get("ports")) and (
        not named
        or any(_every_pod(peer) for peer in named)
        or everything(block.get("cidr") for block in blocks if not items(block.get("except")))
    )


def _every_pod(peer: Mapping[str, Any]) -> bool:
    selectors = [mapping(peer.get(key)) for key in ("namespaceSelector", "podSelector")]
    return "namespaceSelector" in peer and not any(any(selector.values()) for selector in selectors)
