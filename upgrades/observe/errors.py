"""What the reading of Azure or of a cluster fails with; each message is one line for a person."""

from __future__ import annotations


class UnreadError(Exception):
    """Something could not be read: what, why, and what to do."""


class AzureError(UnreadError):
    """Azure could not be asked, or its answer is of no use."""


class ClusterError(UnreadError):
    """The cluster's API server cannot be reached or lets nobody in."""
