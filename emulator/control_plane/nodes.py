"""Nodes as AKS makes them, for kwok to play."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

DEFAULT_CAPACITY = {"cpu": "8", "memory": "32Gi", "pods": "250", "ephemeral-storage": "128Gi"}


@dataclass(frozen=True)
class NodePool:
    """What the nodes of one pool have in common; the names are AKS's.

    `version` is the kubelet's (x.y.z); `taints` are written `key=value:Effect`.
    """

    name: str
    version: str
    mode: str = "User"
    os_type: str = "Linux"
    os_sku: str = "Ubuntu2404"
    vm_size: str = "Standard_D8ds_v5"
    location: str = "westeurope"
    zones: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict[str, str])
    taints: tuple[str, ...] = ()
    spot: bool = False
    sandboxed: bool = False
    capacity: dict[str, str] = field(default_factory=lambda: dict(DEFAULT_CAPACITY))


def node_manifest(pool: NodePool, index: int) -> dict[str, Any]:
    """Return the Node number `index` of a pool, with AKS's name, labels, taints and kubelet version."""
    name = _node_name(pool, index)
    zone = f"{pool.location}-{pool.zones[index % len(pool.zones)]}" if pool.zones else "0"
    labels = {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": pool.os_type.lower(),
        "kubernetes.io/arch": "amd64",
        "node.kubernetes.io/instance-type": pool.vm_size,
        "topology.kubernetes.io/region": pool.location,
        "topology.kubernetes.io/zone": zone,
        "agentpool": pool.name,
        "kubernetes.azure.com/agentpool": pool.name,
        "kubernetes.azure.com/mode": pool.mode.lower(),
        "kubernetes.azure.com/os-sku": pool.os_sku,
        "kubernetes.azure.com/role": "agent",
    }
    taints = list(pool.taints)
    if pool.spot:
        labels["kubernetes.azure.com/scalesetpriority"] = "spot"
        taints.append("kubernetes.azure.com/scalesetpriority=spot:NoSchedule")
    if pool.sandboxed:
        labels["kubernetes.azure.com/kata-vm-isolation"] = "true"
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "labels": {**labels, **pool.labels},
            "annotations": {"kwok.x-k8s.io/node": "fake"},
        },
        "spec": {"taints": [_taint(one) for one in taints]},
        "status": {
            "capacity": pool.capacity,
            "allocatable": pool.capacity,
            "nodeInfo": _node_info(pool),
        },
    }


def _node_name(pool: NodePool, index: int) -> str:
    """Return a name in AKS's form: scale set and instance in base 36, shorter on Windows."""
    digits = ""
    left = index
    for _ in range(6):
        left, digit = divmod(left, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    if pool.os_type == "Windows":
        return f"aks{pool.name}{digits}"
    return f"aks-{pool.name}-00000000-vmss{digits}"


def _taint(text: str) -> dict[str, str]:
    """Return a taint from `key=value:Effect` or `key:Effect`."""
    rest, _, effect = text.rpartition(":")
    key, _, value = rest.partition("=")
    return {"key": key, "effect": effect, **({"value": value} if value else {})}


def _node_info(pool: NodePool) -> dict[str, str]:
    return {
        "architecture": "amd64",
        "bootID": "",
        "containerRuntimeVersion": "containerd://2.0.0",
        "kernelVersion": "kwok",
        "kubeProxyVersion": "",
        "kubeletVersion": f"v{pool.version}",
        "machineID": "",
        "operatingSystem": pool.os_type.lower(),
        "osImage": pool.os_sku,
        "systemUUID": "",
    }
