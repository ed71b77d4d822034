"""The node pools."""

import re
from math import ceil
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field
from secure_aks_lifecycle.stack.isolation import NODES_OF

from settings.azure_words import sent
from settings.facts.boot import FIPS_ONLY, boots_trusted
from settings.facts.data_files import limits
from settings.fields.base import Words, refused
from settings.fields.types import Cidr, DnsLabel, FullVersion, OsType
from settings.sections.base import Section
from settings.sections.extra import Adopted, Extra
from settings.sections.machines.gpu import Gpu
from settings.sections.machines.kubelet import Kubelet
from settings.sections.machines.linux import LinuxOs
from settings.sections.machines.local_dns import LocalDns
from settings.sections.machines.nodes import Nodes
from settings.sections.machines.placement import Placement

_AMOUNT = re.compile(r"0*([0-9]{1,4})(%?)")
_MOST_NODES = limits()["poolNodes"]
_LONGEST = 10


def _amount(value: str) -> str:
    found = _AMOUNT.fullmatch(value) if len(value) <= _LONGEST else None
    if found and (1 <= int(found[1]) <= 100 if found[2] else int(found[1]) <= _MOST_NODES):  # noqa: PLR2004  # percent
        return value
    raise refused(
        f"{value!r} is neither a number of nodes nor a percentage", 'write "33%" or, in quotes, "1"'
    )


Amount = Annotated[str, AfterValidator(_amount), Words("a number of nodes or a percentage, in quotes")]


class Autoscaling(Section):
    """The cluster autoscaler's bounds."""

    min: Annotated[int, Field(ge=0, le=_MOST_NODES)]
    """Fewest nodes."""
    max: Annotated[int, Field(ge=1, le=_MOST_NODES)]
    """Most nodes, surge not counted."""


class Upgrade(Section):
    """How an upgrade goes through the pool's nodes."""

    max_surge: Amount | None = "33%"
    """Extra nodes during an upgrade, a number or a percentage of the pool."""
    max_unavailable: Amount | None = None
    """Nodes that may be missing instead, with `maxSurge: "0"`; not on system pools."""
    undrainable_node_behavior: Literal["Cordon", "Schedule"] = "Cordon"
    """A node that cannot be drained: `Cordon` leaves it, quarantined, and goes on; `Schedule` deletes it, whatever its PodDisruptionBudgets say."""
    drain_timeout_minutes: Annotated[int, Field(ge=5, le=1440)] = 30
    """Minutes a node's drain may take."""
    node_soak_minutes: Annotated[int, Field(ge=0, le=30)] = 5
    """Minutes to wait after each node."""


def _default_upgrade(data: dict[str, Any]) -> Upgrade:
    # AKS gives a spot pool no surge nodes and drains nothing.
    return Upgrade(max_surge=None) if data.get("priority") == "Spot" else Upgrade()


def _default_fips(data: dict[str, Any]) -> bool:
    return data.get("os_sku") == FIPS_ONLY


def _default_trusted_launch(data: dict[str, Any]) -> bool:
    needed = {"vm_size", "os_type", "os_sku", "sandboxed", "fips"}
    return needed <= data.keys() and boots_trusted(data) is None


class Pool(Section):
    """One node pool."""

    name: str
    """Azure name: a letter, then lower-case letters and digits; 12 characters, 6 for Windows."""
    version: FullVersion
    """Kubernetes version of the nodes in full (x.y.z)."""
    vm_size: str
    """Azure VM size, such as Standard_D4ds_v5."""
    os_type: OsType = "Linux"
    """Operating system."""
    os_sku: str
    """Node image family, such as Ubuntu2404, AzureLinux or Windows2025."""
    mode: Literal["System", "User"] = "User"
    """System pools carry AKS's own pods."""
    zones: tuple[Literal["1", "2", "3"], ...] = ()
    """Availability zones."""
    autoscaling: Autoscaling | None = None
    """Bounds of the autoscaler; this or `count`."""
    count: Annotated[int, Field(ge=0, le=_MOST_NODES)] | None = None
    """Fixed number of nodes; this or `autoscaling`."""
    priority: Literal["Regular", "Spot"] = "Regular"
    """Spot nodes are cheap and may be taken away at any time."""
    sandboxed: bool = False
    """Pods may run in a virtual machine each (Pod Sandboxing, Kata)."""
    canary: bool = False
    """Takes a new version before the other user pools."""
    upgrade: Upgrade = Field(default_factory=_default_upgrade)
    """How an upgrade goes through the nodes."""
    labels: dict[str, str] = Field(default_factory=dict)
    """Kubernetes labels of the nodes."""
    taints: tuple[str, ...] = ()
    """Kubernetes taints of the nodes, key=value:Effect."""
    namespace: DnsLabel | None = None
    """The team's namespace whose own these nodes are: no other's pods land on them, by a label and a taint `secure-aks/namespace`."""
    max_pods: Annotated[int, Field(ge=30, le=limits()["podsPerNode"])] = 110
    """Most pods on a node."""
    os_disk_gb: Annotated[int, Field(ge=limits()["leastOsDisk"], le=limits()["osDisk"])] | None = None
    """Size of the OS disk in GiB; AKS's own choice unless set."""
    os_disk_type: Literal["Managed", "Ephemeral"] = "Managed"
    """Where the OS disk lives; an ephemeral one lies on the host and needs a VM size with room for it."""
    encryption_at_host: bool = True
    """Encrypt temporary and cached disks on the host (the subscription needs the feature EncryptionAtHost)."""
    fips: bool = Field(default_factory=_default_fips)
    """Node image with FIPS 140 validated cryptography; on for Windows2025, which has no other, else off."""
    trusted_launch: bool = Field(default_factory=_default_trusted_launch)
    """Secure boot and vTPM; on where node image and VM size have them, else off."""
    subnet: Cidr | None = None
    """With one subnet for each pool: pin the range of this pool's, so that it stays when pools come and go."""
    kubelet: Kubelet | None = None
    """How the kubelet is set."""
    linux: LinuxOs | None = None
    """How the kernel of Linux nodes is set."""
    gpu: Gpu | None = None
    """GPUs, where the size has some."""
    local_dns: LocalDns | None = None
    """A DNS cache on each node."""
    placement: Placement = Placement()
    """Where the machines come from and stand."""
    nodes: Nodes = Nodes()
    """What becomes of nodes that go, and what those that run can do."""
    extra: Extra = Field(default_factory=dict)
    """Properties of an agent pool in Azure's API that have no setting here, such as `powerState`."""
    adopted: Adopted = Field(default_factory=dict)
    """What a pool that was made elsewhere keeps for life, such as `podSubnetID`; `secure-aks import` writes it."""

    @property
    def features(self) -> dict[str, Any]:
        """What the optional sections say, under the names of Azure's REST API; nothing for nothing."""
        properties = sent(self)
        if "swapFileSizeMB" in properties.get("linuxOSConfig", {}):
            # The kubelet starts on a node with swap only where it is told to.
            properties.setdefault("kubeletConfig", {})["failSwapOn"] = False
        return properties

    @property
    def all_labels(self) -> dict[str, str]:
        """The labels of the nodes, with the one that says whose they are."""
        return {**self.labels, **({NODES_OF: self.namespace} if self.namespace else {})}

    @property
    def all_taints(self) -> tuple[str, ...]:
        """The taints of the nodes, with the one that keeps other namespaces' pods away."""
        return (*self.taints, *([f"{NODES_OF}={self.namespace}:NoSchedule"] if self.namespace else []))

    @property
    def is_linux(self) -> bool:
        """Whether the nodes run Linux."""
        return self.os_type == "Linux"

    @property
    def is_spot(self) -> bool:
        """Whether the nodes are spot instances."""
        return self.priority == "Spot"

    @property
    def min_nodes(self) -> int:
        """Fewest nodes the pool may have."""
        return self.autoscaling.min if self.autoscaling else self.count or 0

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


class SystemPool(Pool):
    """The pool that is created with the cluster."""

    mode: Literal["System", "User"] = "System"
    """Always System."""
