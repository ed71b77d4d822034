"""The network of a namespace: shut, but for its own pods, the DNS and what is opened."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Network
from typing import Any

from ..args.teams import OpeningArgs

Spec = dict[str, Any]
DNS = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}} | {
    "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}
}
"""The cluster's DNS pods, as a peer of a NetworkPolicy."""
_AZURE = (IPv4Network("169.254.169.254/32"), IPv4Network("168.63.129.16/32"))
# Of each direction: the policy's type, the key of its rules, the key of their peers, and a word between.
_DIRECTIONS = {
    "ingress": ("Ingress", "ingress", "from"),
    "egress": ("Egress", "egress", "to"),
}


def manifests(namespace: str, policies: Mapping[str, Spec]) -> Iterator[tuple[str, Spec]]:
    """Yield a name and a manifest for each NetworkPolicy."""
    for name, spec in policies.items():
        metadata = {"name": name, "namespace": namespace}
        manifest = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata}
        yield name, {**manifest, "spec": spec}


def shut() -> dict[str, Spec]:
    """Return the specs, by name, that deny all traffic but DNS and what stays within the namespace."""
    everyone: Mapping[str, Any] = {}
    peers = [{"podSelector": everyone}]
    ports = [{"protocol": protocol, "port": 53} for protocol in ("UDP", "TCP")]
    both = ["Ingress", "Egress"]
    return {
        "default-deny": {"podSelector": everyone, "policyTypes": both},
        "allow-dns": {
            "podSelector": everyone,
            "policyTypes": ["Egress"],
            "egress": [{"to": [DNS], "ports": ports}],
        },
        "allow-within-namespace": {
            "podSelector": everyone,
            "policyTypes": both,
            "ingress": [{"from": peers}],
            "egress": [{"to": peers}],
        },
    }


def opened(
    ingress: Sequence[OpeningArgs], egress: Sequence[OpeningArgs], inner_ranges: Sequence[str]
) -> dict[str, Spec]:
    """Return the specs of what is opened, by a name that changes with what it says; `inner_ranges` are the cluster's own."""
    inside = [*map(IPv4Network, inner_ranges), *_AZURE]
    found: dict[str, Spec] = {}
    for direction, openings in (("ingress", ingress), ("egress", egress)):
        kind, rules, peers = _DIRECTIONS[direction]
        for opening in openings:
            ports = [{"protocol": opening.protocol, "port": port} for port in sorted(opening.ports)]
            spec = {
                "podSelector": {"matchLabels": dict(opening.pods)} if opening.pods else {},
                "policyTypes": [kind],
                rules: [{peers: [_peer(opening, inside)], "ports": ports}],
            }
            found[f"{direction}-{peers}-{_who(opening)}-{_short(spec)}"] = spec
    return found


def _peer(opening: OpeningArgs, inside: Sequence[IPv4Network]) -> Spec:
    if opening.range is None:
        return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": opening.namespace}}}
    # Some engines count pods among a range: a range that is wider than the cluster is about what is outside of it.
    said = IPv4Network(opening.range)
    left_out = sorted(str(cidr) for cidr in inside if cidr != said and cidr.subnet_of(said))
    return {"ipBlock": {"cidr": str(said)} | ({"except": left_out} if left_out else {})}


def _who(opening: OpeningArgs) -> str:
    return opening.label or opening.namespace or str(opening.range).replace("/", "-")


def _short(spec: Spec) -> str:
    return hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()[:8]
