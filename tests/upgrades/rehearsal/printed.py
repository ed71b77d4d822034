"""What `kubectl get -A -o json` prints of a small cluster, made for the tests of the rehearsal."""

from __future__ import annotations

import json
import uuid


def node(name, pool, zone, cpu="2", mode="user"):
    labels = {
        "kubernetes.azure.com/agentpool": pool,
        "kubernetes.azure.com/mode": mode,
        "kubernetes.io/os": "linux",
        "topology.kubernetes.io/zone": zone,
        "topology.disk.csi.azure.com/zone": zone,
    }
    room = {"cpu": cpu, "memory": "4Gi", "pods": "30"}
    return {
        "kind": "Node",
        "metadata": {"name": name, "labels": labels},
        "spec": {},
        "status": {
            "allocatable": room,
            "capacity": room,
            "nodeInfo": {"kubeletVersion": "v1.35.6"},
            "conditions": [{"type": "Ready", "status": "True"}],
        },
    }


def pod(
    namespace, name, on, owner=None, labels=None, cpu="100m", *, ready=True, claim=None, pool=None, grace=30
):
    spec = {
        "nodeName": on,
        "terminationGracePeriodSeconds": grace,
        "nodeSelector": {"kubernetes.azure.com/agentpool": pool} if pool else {},
        "containers": [
            {
                "name": "main",
                "image": "app:1",
                "command": ["serve", "--key=hunter2"],
                "env": [{"name": "TOKEN", "value": "hunter2"}],
                "resources": {"requests": {"cpu": cpu}},
            }
        ],
        "volumes": [{"name": "key", "secret": {"secretName": "key"}}],
    }
    if claim:
        spec["volumes"].append({"name": "data", "persistentVolumeClaim": {"claimName": claim}})
    meta = {"namespace": namespace, "name": name, "labels": labels or {}}
    if owner:
        kind, called = owner.split("/")
        meta["ownerReferences"] = [
            {
                "apiVersion": "apps/v1",
                "kind": kind,
                "name": called,
                "uid": str(uuid.uuid4()),
                "controller": True,
            }
        ]
    condition = {"type": "Ready", "status": "True" if ready else "False"}
    return {
        "kind": "Pod",
        "metadata": meta,
        "spec": spec,
        "status": {"phase": "Running", "conditions": [condition]},
    }


def replica_set(namespace, name, replicas, pool, cpu="100m"):
    labels = {"app": name}
    template = pod(namespace, name, "", labels=labels, cpu=cpu, pool=pool)
    template["spec"].pop("nodeName")
    return {
        "kind": "ReplicaSet",
        "metadata": {"namespace": namespace, "name": name},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": template["spec"]},
        },
    }


def stateful_set(namespace, name, pool, cpu="100m"):
    found = replica_set(namespace, name, 1, pool, cpu)
    claims = [{"metadata": {"name": "data"}, "spec": {"resources": {"requests": {"storage": "1Gi"}}}}]
    return {
        **found,
        "kind": "StatefulSet",
        "spec": {**found["spec"], "serviceName": name, "volumeClaimTemplates": claims},
    }


def budget(namespace, name, least):
    selector = {"matchLabels": {"app": name}}
    return {
        "kind": "PodDisruptionBudget",
        "metadata": {"namespace": namespace, "name": name},
        "spec": {"minAvailable": least, "selector": selector},
    }


def disk(namespace, claim, zone):
    """A volume that one zone has, and the claim that it is bound to."""
    name = f"pv-{namespace}-{claim}"
    rule = {"key": "topology.disk.csi.azure.com/zone", "operator": "In", "values": [zone]}
    also = {"key": "topology.kubernetes.io/zone", "operator": "In", "values": [zone]}
    volume = {
        "kind": "PersistentVolume",
        "metadata": {"name": name},
        "spec": {
            "capacity": {"storage": "1Gi"},
            "accessModes": ["ReadWriteOnce"],
            "claimRef": {"namespace": namespace, "name": claim, "uid": str(uuid.uuid4())},
            "csi": {"driver": "disk.csi.azure.com", "volumeHandle": "/subscriptions/x"},
            "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [also, rule]}]}},
        },
    }
    asked = {
        "kind": "PersistentVolumeClaim",
        "metadata": {"namespace": namespace, "name": claim},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "1Gi"}},
            "storageClassName": "managed-csi",
            "volumeName": name,
        },
    }
    return [volume, asked]


def printed(*items):
    return json.dumps({"kind": "List", "items": items}, indent=1)
