"""Cases of the rules about what Kubernetes and the admission rules keep for themselves."""

from functools import partial
from typing import Any

from tests.security.build import DELETE

_KINDS = [f"{sort}AdmissionPolicy{what}" for sort in ("Validating", "Mutating") for what in ("", "Binding")]
_ITS_PLACE = "takes the place of one of the admission rules"


def policy(kind: str = "ValidatingAdmissionPolicy") -> dict[str, Any]:
    """A policy, or a binding, that no rule refuses."""
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": kind,
        "metadata": {"name": "own-pods"},
        "spec": {},
    }


def lease() -> dict[str, Any]:
    """A Lease that no rule refuses."""
    return {
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": {"name": "secure-aks-leader", "namespace": "app"},
        "spec": {"holderIdentity": "x"},
    }


def node() -> dict[str, Any]:
    """A Node."""
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "aks-one-0"}}


def parameters() -> dict[str, Any]:
    """A ConfigMap that no rule refuses."""
    metadata = {"name": "parameters", "namespace": "app"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"a": "b"}}


def bundle() -> dict[str, Any]:
    """A ClusterTrustBundle that no rule refuses."""
    spec = {"signerName": "example.com/serving", "trustBundle": "x"}
    kind = "ClusterTrustBundle"
    return {"apiVersion": "certificates.k8s.io/v1", "kind": kind, "metadata": {"name": "one"}, "spec": spec}


def checks() -> dict[str, Any]:
    """What the Azure Policy add-on looks at."""
    metadata = {"name": "config", "namespace": "gatekeeper-system"}
    return {"apiVersion": "config.gatekeeper.sh/v1alpha1", "kind": "Config", "metadata": metadata, "spec": {}}


HAPPY = lease
CASES: dict[str, dict[str, Any]] = {
    "reserved-policies": {
        "passes": {
            **{kind: {"from": partial(policy, kind)} for kind in _KINDS},
            "a ConfigMap": {"from": parameters},
            "a ConfigMap called as a policy": {"from": parameters, "metadata.name": "secure-aks-pods"},
            "a ConfigMap of no namespace": {"from": parameters, "metadata.namespace": DELETE},
            "a Node": {"from": node, "metadata.name": "secure-aks-0"},
        },
        "fails": {
            **{
                kind: (
                    {"from": partial(policy, kind), "metadata.name": "secure-aks-pods"},
                    f'{kind} "secure-aks-pods" {_ITS_PLACE}',
                )
                for kind in _KINDS
            },
            "the parameters": (
                {"from": parameters, "metadata.namespace": "secure-aks-admission"},
                f'ConfigMap "parameters" {_ITS_PLACE}',
            ),
        },
    },
    "reserved-leases": {
        "passes": {
            "a policy": {"from": policy},
            "of no namespace": {"metadata.namespace": DELETE},
            "a ConfigMap there": {"from": parameters, "metadata.namespace": "kube-system"},
        },
        "fails": {
            name: (
                {"metadata.namespace": name},
                f'Lease "secure-aks-leader" of {name} is held by Kubernetes itself',
            )
            for name in ("kube-system", "kube-node-lease")
        }
        | {
            "a candidate": (
                {"kind": "LeaseCandidate", "metadata.namespace": "kube-system"},
                'LeaseCandidate "secure-aks-leader" of kube-system is held by Kubernetes itself',
            )
        },
    },
    "reserved-trust": {
        "passes": {
            "another signer": {"from": bundle},
            "no signer": {"from": bundle, "spec.signerName": DELETE},
        },
        "fails": {
            "the API server's": (
                {"from": bundle, "spec.signerName": "kubernetes.io/kube-apiserver-serving"},
                'ClusterTrustBundle "one" speaks for kubernetes.io/kube-apiserver-serving',
            ),
        },
    },
    "reserved-checks": {
        "passes": {"a bundle": {"from": bundle}, "a ConfigMap": {"from": parameters}},
        "fails": {"any": ({"from": checks}, 'Config "config" says what Azure Policy looks at')},
    },
    "reserved-nodes": {
        "passes": {"a policy": {"from": policy}, "a ConfigMap": {"from": parameters}},
        "fails": {"any": ({"from": node}, 'Node "aks-one-0" is written by hand')},
    },
}
