"""Reading what is inside the cluster, through a kubeconfig; lists alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from upgrades.observe.cluster.api_reader import ApiReader
from upgrades.observe.cluster.login import client_of

from .found import Inside, at

if TYPE_CHECKING:
    from .found import Json

_RBAC = "/apis/rbac.authorization.k8s.io/v1"
_THEIRS = re.compile(
    r"default|kube-.*|gatekeeper-system|app-routing-system|aks-.*|calico-.*|tigera-.*|azure-.*"
)
"""Namespaces of Kubernetes and AKS."""
_SYSTEM = re.compile(r"system:|aks-|azure-|cluster-admin$|.*omsagent|calico|tigera|gatekeeper|kubeadm:")
CREDENTIALS = "az aks get-credentials --resource-group <group> --name <name> --file <file>"
"""Command that writes a kubeconfig of a cluster."""
ROLES = {"view": "viewer", "edit": "developer", "admin": "operator"}
"""Our preset that comes nearest, by Kubernetes's own role."""
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def read_inside(kubeconfig: str) -> Inside:
    """Return what the API server has to which a kubeconfig leads. Raises ClusterError or ApiException."""
    reader = ApiReader(client_of(kubeconfig, "--kubeconfig", f"write it anew: {CREDENTIALS}"))
    namespaces = [one for one in reader.items("/api/v1/namespaces") if not _THEIRS.fullmatch(_name(one))]
    own = {_name(one) for one in namespaces}

    def within(path: str) -> tuple[Json, ...]:
        return tuple(one for one in reader.items(path) if at(one, "metadata.namespace") in own)

    policies = reader.items("/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies")
    everywhere = reader.items(f"{_RBAC}/clusterrolebindings")
    return Inside(
        namespaces=tuple(namespaces),
        bindings=within(f"{_RBAC}/rolebindings"),
        quotas=within("/api/v1/resourcequotas"),
        network_policies=within("/apis/networking.k8s.io/v1/networkpolicies"),
        admission_policies=tuple(_name(one) for one in policies),
        everywhere=tuple(one for one in everywhere if not _SYSTEM.match(_name(one))),
    )


def teams(inside: Inside) -> list[Json]:
    """Return the entries of `secure-aks:teams` that the namespaces come nearest to: those that an Entra group works in."""
    found: list[Json] = []
    for namespace in inside.namespaces:
        name = _name(namespace)
        groups = [
            {"name": f"{name}-{ROLES[role]}s", "objectId": subject["name"], "role": ROLES[role]}
            for one in inside.bindings
            if at(one, "metadata.namespace") == name and (role := str(at(one, "roleRef.name"))) in ROLES
            for subject in one.get("subjects") or ()
            if subject.get("kind") == "Group" and _ID.fullmatch(str(subject.get("name")))
        ]
        if groups:
            level = at(namespace, "metadata.labels", {}).get("pod-security.kubernetes.io/enforce")
            team: Json = {"name": name, "groups": groups, **_quota(inside, name)}
            found.append(team | ({"podSecurity": level} if level == "baseline" else {}))
    return found


def _quota(inside: Inside, namespace: str) -> Json:
    hard: Json = {}
    for one in inside.quotas:
        if at(one, "metadata.namespace") == namespace:
            hard |= at(one, "spec.hard", {})
    names = {"cpu": ("requests.cpu", "cpu"), "memory": ("requests.memory", "memory"), "pods": ("pods",)}
    quota: Json = {
        ours: next((hard[key] for key in keys if key in hard), None) for ours, keys in names.items()
    }
    if quota["pods"] is not None:
        quota["pods"] = int(quota["pods"])
    said = {key: value for key, value in quota.items() if value is not None}
    return {"quota": said} if said else {}


def _name(one: Json) -> str:
    return str(at(one, "metadata.name", ""))
