"""How long Pulumi waits for Azure: as long as the slowest change may take that the settings allow."""

from math import ceil

import pulumi

from ..args.pools import PoolArgs

LEAST_MINUTES = 120
"""What azure-native waits unless it is told (its documentation of `customTimeouts`)."""
_NODE_MINUTES = 15
"""A node that is made, joins and is taken away again, at its slowest."""
_CONTROL_PLANE_MINUTES = 120


def pool_minutes(pool: PoolArgs) -> int:
    """Return the minutes of the slowest upgrade: every node at its most, each drain to its end, each soak.

    Nodes go as many at a time as there is surge (or as may be missing); spot nodes are not drained.
    """
    if pool.is_spot:
        return _NODE_MINUTES * max(pool.max_nodes, 1)
    upgrade = pool.upgrade
    each = _NODE_MINUTES + upgrade.drain_timeout_minutes + upgrade.node_soak_minutes
    return ceil(pool.max_nodes / _at_once(pool)) * each


def pool_time_limits(pool: PoolArgs) -> pulumi.CustomTimeouts:
    """Return the limits for a pool's resource or deployment."""
    return _limits(pool_minutes(pool))


def cluster_time_limits(system_pool: PoolArgs) -> pulumi.CustomTimeouts:
    """Return the limits for a cluster, whose changes repeat its inline pool and may so reimage it."""
    return _limits(_CONTROL_PLANE_MINUTES + pool_minutes(system_pool))


def _limits(minutes: int) -> pulumi.CustomTimeouts:
    text = f"{max(minutes, LEAST_MINUTES)}m"
    return pulumi.CustomTimeouts(create=text, update=text, delete=text)


def _at_once(pool: PoolArgs) -> int:
    missing = pool.upgrade.max_unavailable or "0"
    if missing.endswith("%"):
        missing = str(pool.max_nodes * int(missing[:-1]) // 100)
    return max(pool.surge_nodes, int(missing), 1)
