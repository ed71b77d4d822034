"""What every pool of a cluster has in common, however it came about."""

import pulumi


class VersionedPool(pulumi.ComponentResource):
    """A pool with a version of its own. Azure changes one at a time: each pool comes after another."""

    version: pulumi.Output[str]
    """Full version of the nodes; known at preview, and during an `up` once the pool has it."""
