"""How the cluster autoscaler decides."""

from typing import Annotated, Literal

from pydantic import Field

from settings.fields.azure import FLAG, Azure
from settings.sections.base import Section

_P = "autoScalerProfile."
Minutes = Annotated[int, Field(ge=1, le=1440)]
Percent = Annotated[int, Field(ge=1, le=100)]


class Autoscaler(Section):
    """The cluster autoscaler, of all autoscaled pools together; AKS's own defaults where a key is left out."""

    expander: Annotated[
        Literal["least-waste", "most-pods", "priority", "random"] | None, Azure(f"{_P}expander")
    ] = None
    """Which pool grows when several could."""
    balance_similar_pools: Annotated[bool | None, Azure(f"{_P}balanceSimilarNodeGroups", values=FLAG)] = None
    """Keep pools of one kind, such as one in each zone, at the same size."""
    scan_seconds: Annotated[Annotated[int, Field(ge=5, le=600)] | None, Azure(f"{_P}scanInterval", "{}s")] = (
        None
    )
    """Seconds between two looks at what is pending and what is idle."""
    new_pod_delay_seconds: Annotated[
        Annotated[int, Field(ge=0, le=3600)] | None, Azure(f"{_P}newPodScaleUpDelay", "{}s")
    ] = None
    """Seconds that a new pod waits before a node is made for it."""
    provision_minutes: Annotated[Minutes | None, Azure(f"{_P}maxNodeProvisionTime", "{}m")] = None
    """Longest time that a new node may take."""
    after_add_minutes: Annotated[Minutes | None, Azure(f"{_P}scaleDownDelayAfterAdd", "{}m")] = None
    """Minutes after a node came before any goes."""
    after_delete_seconds: Annotated[
        Annotated[int, Field(ge=0, le=86400)] | None, Azure(f"{_P}scaleDownDelayAfterDelete", "{}s")
    ] = None
    """Seconds after a node went before another goes."""
    after_failure_minutes: Annotated[Minutes | None, Azure(f"{_P}scaleDownDelayAfterFailure", "{}m")] = None
    """Minutes after a removal failed before the next."""
    unneeded_minutes: Annotated[Minutes | None, Azure(f"{_P}scaleDownUnneededTime", "{}m")] = None
    """Minutes that a node is idle before it goes."""
    unready_minutes: Annotated[Minutes | None, Azure(f"{_P}scaleDownUnreadyTime", "{}m")] = None
    """Minutes that a node is not ready before it goes."""
    idle_below: Annotated[
        Annotated[str, Field(pattern=r"^0\.[0-9]{1,2}$")] | None, Azure(f"{_P}scaleDownUtilizationThreshold")
    ] = None
    """Share of a node that pods ask for, in quotes, such as "0.5", below which it is idle."""
    termination_seconds: Annotated[
        Annotated[int, Field(ge=0, le=86400)] | None, Azure(f"{_P}maxGracefulTerminationSec", "{}")
    ] = None
    """Longest time that a pod gets to end when its node goes; longer grace periods are cut off."""
    empty_at_once: Annotated[
        Annotated[int, Field(ge=1, le=1000)] | None, Azure(f"{_P}maxEmptyBulkDelete", "{}")
    ] = None
    """Most empty nodes that go at once."""
    unready_percent: Annotated[Percent | None, Azure(f"{_P}maxTotalUnreadyPercentage", "{}")] = None
    """Share of nodes that are not ready past which nothing is scaled."""
    unready_allowed: Annotated[
        Annotated[int, Field(ge=0, le=1000)] | None, Azure(f"{_P}okTotalUnreadyCount", "{}")
    ] = None
    """Nodes that may be unready whatever the share."""
    keep_nodes_with_local_storage: Annotated[
        bool | None, Azure(f"{_P}skipNodesWithLocalStorage", values=FLAG)
    ] = None
    """A node with a pod that stores on it (emptyDir, hostPath) never goes."""
    keep_nodes_with_system_pods: Annotated[
        bool | None, Azure(f"{_P}skipNodesWithSystemPods", values=FLAG)
    ] = None
    """A node with pods of kube-system, beside DaemonSets, never goes."""
    ignore_daemon_sets: Annotated[bool | None, Azure(f"{_P}ignoreDaemonsetsUtilization")] = None
    """What DaemonSets ask for does not count against a node's being idle."""
    evict_daemon_sets_of_empty_nodes: Annotated[bool | None, Azure(f"{_P}daemonsetEvictionForEmptyNodes")] = (
        None
    )
    """DaemonSets' pods on an empty node end gracefully before it goes."""
    evict_daemon_sets_of_used_nodes: Annotated[
        bool | None, Azure(f"{_P}daemonsetEvictionForOccupiedNodes")
    ] = None
    """DaemonSets' pods on a node with others end gracefully before it goes."""
