"""Why a change of versions is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Code = Literal[
    "several-changes", "skipped-minor", "downgrade", "above-control-plane", "skew", "unproven", "replaced"
]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a change is refused, with what to do instead; `pool` is None for a cluster, `cluster` for the whole stack."""

    code: Code
    cluster: str | None
    pool: str | None
    message: str

    @property
    def names(self) -> tuple[str, ...]:
        """The names by which an exemption may mean it."""
        return tuple(name for name in (self.pool, self.cluster) if name)


def subject(cluster: str | None, pool: str | None) -> str:
    """Name a control plane or a pool in words."""
    if cluster is None:
        return "the stack"
    return f"control plane of {cluster}" if pool is None else f"pool {pool} of {cluster}"
