"""Where the API server of a cluster is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ClusterAddress:
    """Where a real API server is, who vouches for it (PEM), and the token of its own administrator."""

    url: str
    authority: bytes
    token: str
