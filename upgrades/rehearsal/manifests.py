"""Objects of a dump as they are loaded: what the scheduler, the controllers and the eviction API look at, and nothing else."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

Json = dict[str, Any]

MARK = "rehearsal"
"""The label of the nodes of a rehearsal, which its pods ask for: nothing else that an API server has gets in the way."""

_SPEC = (
    "affinity",
    "tolerations",
    "topologySpreadConstraints",
    "hostNetwork",
    "terminationGracePeriodSeconds",
)
CLOSED = "node.kubernetes.io/unschedulable"
AWAY = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable", CLOSED)
"""Taints that Kubernetes sets and takes away by itself."""


def node(item: Json, run: str, name: str = "") -> Json:
    """Return a node with its labels, taints and room; under another name it is one more of its kind, empty and open."""
    meta, spec, status = item["metadata"], item["spec"], item["status"]
    called = name or meta["name"]
    given: Json = meta.get("labels") or {}
    labels: Json = {**given, "kubernetes.io/hostname": called, MARK: run}
    taints = [taint for taint in spec.get("taints") or () if taint.get("key") not in AWAY]
    room: Json = status.get("allocatable") or status.get("capacity") or {}
    return {
        "metadata": {"name": called, "labels": labels, "annotations": {"kwok.x-k8s.io/node": "fake"}},
        "spec": {"taints": taints, "unschedulable": bool(spec.get("unschedulable")) and not name},
        "status": {"capacity": status.get("capacity") or room, "allocatable": room},
    }


def pod(item: Json, run: str) -> Json:
    """Return a pod on its node, without environment, commands, secrets and owner; its controller takes it over again."""
    meta = item["metadata"]
    spec = {**_pod_spec(item["spec"], run), "nodeName": item["spec"]["nodeName"]}
    spec["volumes"] = _claims(item["spec"])
    if hostname := item["spec"].get("hostname"):
        spec["hostname"] = hostname
    return {"metadata": _named(meta), "spec": spec}


def probe(name: str, namespace: str, node_name: str) -> Json:
    """Return a pod that asks for nothing but one node, whatever its taints are."""
    spec = {
        "containers": [{"name": "probe", "image": "image"}],
        "nodeSelector": {"kubernetes.io/hostname": node_name},
        "tolerations": [{"operator": "Exists"}],
        "automountServiceAccountToken": False,
    }
    return {"metadata": {"name": name, "namespace": namespace}, "spec": spec}


def controller(item: Json, run: str) -> Json:
    """Return a ReplicaSet or StatefulSet that keeps as many pods as it did."""
    spec: Json = item["spec"]
    template: Json = spec["template"]
    meta: Json = template.get("metadata") or {}
    pod_spec = _pod_spec(template["spec"], run)
    pod_spec["volumes"] = _claims(template["spec"])
    found: Json = {
        "replicas": spec.get("replicas", 1),
        "selector": spec["selector"],
        "template": {
            "metadata": {"labels": meta.get("labels") or {}},
            "spec": pod_spec,
        },
    }
    if item["kind"] == "StatefulSet":
        found["serviceName"] = spec.get("serviceName", "")
        found["podManagementPolicy"] = spec.get("podManagementPolicy", "OrderedReady")
        found["updateStrategy"] = {"type": "OnDelete"}
        templates = spec.get("volumeClaimTemplates") or ()
        found["volumeClaimTemplates"] = [
            {
                "metadata": {"name": one["metadata"]["name"]},
                "spec": {**_claim_spec(one["spec"]), "volumeName": ""},
            }
            for one in templates
        ]
    return {"metadata": _named(item["metadata"]), "spec": found}


def budget(item: Json) -> Json:
    """Return a PodDisruptionBudget."""
    return {"metadata": _named(item["metadata"]), "spec": item["spec"]}


def volume(item: Json) -> Json:
    """Return a PersistentVolume with the zones it can be mounted in; what is behind it is not there."""
    spec: Json = item["spec"]
    claimed: Json = spec.get("claimRef") or {}
    own = {"claimRef": {"namespace": claimed["namespace"], "name": claimed["name"]}} if claimed else {}
    return {
        "metadata": {"name": item["metadata"]["name"]},
        "spec": {
            "capacity": spec.get("capacity") or {"storage": "1Gi"},
            "accessModes": spec.get("accessModes") or ["ReadWriteOnce"],
            "persistentVolumeReclaimPolicy": "Retain",
            "csi": {"driver": f"{MARK}.invalid", "volumeHandle": item["metadata"]["name"]},
            **({"nodeAffinity": deepcopy(spec["nodeAffinity"])} if spec.get("nodeAffinity") else {}),
            **own,
        },
    }


def claim(item: Json) -> Json:
    """Return a PersistentVolumeClaim that asks for its own volume again."""
    return {"metadata": _named(item["metadata"]), "spec": _claim_spec(item["spec"])}


def _named(meta: Json) -> Json:
    return {"name": meta["name"], "namespace": meta["namespace"], "labels": meta.get("labels") or {}}


def _claim_spec(spec: Json) -> Json:
    return {
        "accessModes": spec.get("accessModes") or ["ReadWriteOnce"],
        "resources": _requests(spec, {"storage": "1Gi"}),
        "storageClassName": "",
        "volumeName": spec.get("volumeName", ""),
    }


def _pod_spec(spec: Json, run: str) -> Json:
    found = {key: spec[key] for key in _SPEC if spec.get(key) is not None}
    containers = [
        {"name": one["name"], "image": one.get("image") or "image", "resources": _requests(one)}
        for one in spec["containers"]
    ]
    return {
        **found,
        "containers": containers,
        "nodeSelector": {**(spec.get("nodeSelector") or {}), MARK: run},
        "automountServiceAccountToken": False,
    }


def _claims(spec: Json) -> list[Json]:
    return [
        {"name": one["name"], "persistentVolumeClaim": one["persistentVolumeClaim"]}
        for one in spec.get("volumes") or ()
        if "persistentVolumeClaim" in one
    ]


def _requests(holder: Json, otherwise: Json | None = None) -> Json:
    """Return what a container or a claim asks for, without its limits."""
    resources: Json = holder.get("resources") or {}
    return {"requests": resources.get("requests") or otherwise or {}}
