"""Reading what is inside the cluster, through a kubeconfig; lists alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydantic import ValidationError

from settings.sections.teams import Quota
from upgrades.observe.cluster.api_reader import ApiReader
from upgrades.observe.cluster.login import client_of

from .found import Inside, at

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def teams(inside: Inside, administrators: Iterable[str] = ()) -> list[Json]:
    """Return the entries of `secure-aks:teams` that the namespaces come nearest to: those that an Entra group works in.

    A stack gives each group one place: it stands in the first of its namespaces, and the cluster's administrators (object ids) in none.
    """
    found: list[Json] = []
    placed = {one.lower() for one in administrators}
    for namespace in inside.namespaces:
        name = _name(namespace)
        groups = _groups(inside, name, placed)
        placed |= {group["objectId"] for group in groups}
        if groups:
            level = at(namespace, "metadata.labels", {}).get("pod-security.kubernetes.io/enforce")
            team: Json = {"name": name, "groups": groups, **_quota(inside, name)}
            found.append(team | ({"podSecurity": level} if level == "baseline" else {}))
    return found


def _groups(inside: Inside, namespace: str, placed: set[str]) -> list[Json]:
    """Return the Entra groups that work in a namespace and have no place yet, each with the most of its roles, under names of their own."""
    most: dict[str, str] = {}
    for one in inside.bindings:
        role = str(at(one, "roleRef.name"))
        if at(one, "metadata.namespace") != namespace or role not in ROLES:
            continue
        for subject in one.get("subjects") or ():
            id_ = str(subject.get("name")).lower()
            if subject.get("kind") == "Group" and _ID.fullmatch(id_):
                most[id_] = max(most.get(id_, ""), role, key=["", *ROLES].index)
    groups: list[Json] = []
    for id_, role in ((id_, role) for id_, role in most.items() if id_ not in placed):
        same = sum(one["role"] == ROLES[role] for one in groups)
        name = f"{namespace}-{ROLES[role]}s" + (f"-{same + 1}" if same else "")
        groups.append({"name": name, "objectId": id_, "role": ROLES[role]})
    return groups


def _quota(inside: Inside, namespace: str) -> Json:
    hard: Json = {}
    for one in inside.quotas:
        if at(one, "metadata.namespace") == namespace:
            hard |= at(one, "spec.hard", {})
    names = {
        "cpu": ("requests.cpu", "cpu"),
        "memory": ("requests.memory", "memory"),
        "pods": ("pods", "count/pods"),
    }
    said: Json = {}
    for ours, keys in names.items():
        value = next((str(hard[key]) for key in keys if key in hard), "")
        # One that a stack file cannot say, such as none at all, is left to whoever takes the team over.
        if ours != "pods" and _sayable({ours: value}):
            said[ours] = value
        elif ours == "pods" and value.isdigit() and _sayable({ours: int(value)}):
            said[ours] = int(value)
    return {"quota": said} if said else {}


def _sayable(quota: Json) -> bool:
    try:
        Quota.model_validate(quota)
    except ValidationError:
        return False
    return True


def _name(one: Json) -> str:
    return str(at(one, "metadata.name", ""))
