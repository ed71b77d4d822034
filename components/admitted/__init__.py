"""Whoever runs `up` is let in by the API server before anything inside the cluster is applied: the wait for Entra, and what no wait mends."""

from .wait import admitted

__all__ = ["admitted"]
