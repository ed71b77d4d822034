"""How the kubelet of a pool's nodes is set."""

from typing import Annotated, Literal

from pydantic import Field

from settings.fields.azure import Azure
from settings.sections.base import Section

_K = "kubeletConfig."
Share = Annotated[int, Field(ge=0, le=100)]


class Kubelet(Section):
    """The kubelet; AKS's own defaults where a key is left out. Unsafe sysctls are not among the keys: a pod that sets one changes its node for all."""

    cpu_manager: Annotated[Literal["none", "static"] | None, Azure(f"{_K}cpuManagerPolicy")] = None
    """`static`: guaranteed pods with whole CPUs have them for themselves."""
    cpu_quota: Annotated[bool | None, Azure(f"{_K}cpuCfsQuota")] = None
    """Whether CPU limits hold at all."""
    cpu_quota_milliseconds: Annotated[
        Annotated[int, Field(ge=1, le=1000)] | None, Azure(f"{_K}cpuCfsQuotaPeriod", "{}ms")
    ] = None
    """Milliseconds over which a CPU limit is measured."""
    topology: Annotated[
        Literal["none", "best-effort", "restricted", "single-numa-node"] | None,
        Azure(f"{_K}topologyManagerPolicy"),
    ] = None
    """How a pod's CPUs and devices are kept on one NUMA node."""
    images_from_percent: Annotated[Share | None, Azure(f"{_K}imageGcHighThreshold")] = None
    """Share of the disk in use from which unused images go."""
    images_to_percent: Annotated[Share | None, Azure(f"{_K}imageGcLowThreshold")] = None
    """Share of the disk in use down to which they go."""
    log_megabytes: Annotated[
        Annotated[int, Field(ge=1, le=1024)] | None, Azure(f"{_K}containerLogMaxSizeMB")
    ] = None
    """Size of a container's log file at which the next one begins."""
    log_files: Annotated[Annotated[int, Field(ge=2, le=100)] | None, Azure(f"{_K}containerLogMaxFiles")] = (
        None
    )
    """Log files that a container keeps."""
    most_processes: Annotated[Annotated[int, Field(ge=64, le=4_194_304)] | None, Azure(f"{_K}podMaxPids")] = (
        None
    )
    """Most processes of a pod; without it one pod may use up all of a node's."""
