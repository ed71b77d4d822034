"""A node pool."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Literal

import pulumi


@dataclass(frozen=True)
class AutoscalingArgs:
    """The cluster autoscaler's bounds."""

    min: int
    """Fewest nodes."""
    max: int
    """Most nodes, surge not counted."""


@dataclass(frozen=True)
class UpgradeArgs:
    """How an upgrade goes through the pool's nodes."""

    max_surge: str | None = "33%"
    """Extra nodes during an upgrade, a number or a percentage of the pool."""
    max_unavailable: str | None = None
    """Nodes that may be missing instead, with `max_surge="0"`; not on system pools."""
    undrainable_node_behavior: Literal["Cordon", "Schedule"] = "Cordon"
    """A node that cannot be drained: `Cordon` leaves it, quarantined, and goes on; `Schedule` deletes it, whatever its PodDisruptionBudgets say."""
    drain_timeout_minutes: int = 30
    """Minutes a node's drain may take."""
    node_soak_minutes: int = 5
    """Minutes to wait after each node."""


@dataclass(frozen=True)
class PoolArgs:
    """One node pool; `autoscaling` or `count` says how many nodes it has.

    Raises ValueError when it says both or neither.
    """

    name: pulumi.Input[str]
    """Azure name: a letter, then lower-case letters and digits; 12 characters, 6 for Windows."""
    version: str
    """Kubernetes version of the nodes in full (x.y.z)."""
    vm_size: str
    """Azure VM size, such as Standard_D4ds_v5."""
    os_sku: str
    """Node image family, such as Ubuntu2404, AzureLinux or Windows2025."""
    autoscaling: AutoscalingArgs | None = None
    """Bounds of the autoscaler; this or `count`."""
    count: int | None = None
    """Fixed number of nodes; this or `autoscaling`."""
    os_type: Literal["Linux", "Windows"] = "Linux"
    """Operating system."""
    mode: Literal["System", "User"] = "User"
    """System pools carry AKS's own pods."""
    zones: Sequence[str] = ()
    """Availability zones."""
    priority: Literal["Regular", "Spot"] = "Regular"
    """Spot nodes are cheap and may be taken away at any time."""
    sandboxed: bool = False
    """Pods may run in a virtual machine each (Pod Sandboxing, Kata)."""
    upgrade: UpgradeArgs = field(default_factory=UpgradeArgs)
    """How an upgrade goes through the nodes."""
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """Kubernetes labels of the nodes."""
    taints: Sequence[str] = ()
    """Kubernetes taints of the nodes, key=value:Effect."""
    max_pods: int = 110
    """Most pods on a node."""
    os_disk_gb: int | None = None
    """Size of the OS disk in GiB; AKS's own choice unless set."""
    os_disk_type: Literal["Managed", "Ephemeral"] = "Managed"
    """Where the OS disk lives; an ephemeral one lies on the host and needs a VM size with room for it."""
    encryption_at_host: bool = True
    """Encrypt temporary and cached disks on the host (the subscription needs the feature EncryptionAtHost)."""
    fips: bool = False
    """Node image with FIPS 140 validated cryptography."""
    trusted_launch: bool = True
    """Secure boot and vTPM; to be turned off for sandboxed pools and VM sizes that have them not."""
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Properties of an agent pool in Azure's API that have no argument here, such as `kubeletConfig`."""

    def __post_init__(self) -> None:
        if (self.autoscaling is None) == (self.count is None):
            raise ValueError(
                f"the pool of {self.vm_size} says {'both' if self.autoscaling else 'neither'} of `autoscaling` "
                "and `count`; say one, such as autoscaling=AutoscalingArgs(min=2, max=5)"
            )

    @property
    def is_linux(self) -> bool:
        """Whether the nodes run Linux."""
        return self.os_type == "Linux"

    @property
    def is_spot(self) -> bool:
        """Whether the nodes are spot instances."""
        return self.priority == "Spot"

    @property
    def max_nodes(self) -> int:
        """Most nodes the pool may have, surge not counted."""
        return self.autoscaling.max if self.autoscaling else self.count or 0

    @property
    def surge_nodes(self) -> int:
        """Most extra nodes during an upgrade (AKS rounds a percentage up); none for spot pools."""
        surge = self.upgrade.max_surge
        if self.is_spot or not surge:
            return 0
        if surge.endswith("%"):
            return ceil(self.max_nodes * int(surge[:-1]) / 100)
        return int(surge)
