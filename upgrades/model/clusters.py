"""What a plan is made of and for: clusters with their pools, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from secure_aks_lifecycle.versions.skew import Rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from secure_aks_lifecycle.versions.version import Version

    from settings.sections.maintenance import Maintenance

CONTROL_PLANE = "control plane"
"""How a step names its target when that is no pool."""
WHOLE = "whole cluster"
"""How a step names its target when that is the control plane and every pool together."""


@dataclass(frozen=True, slots=True)
class Pool:
    """A node pool: its version and what the length and the needs of an upgrade depend on.

    `nodes` are those it has, as far as that is known, `most` those that the autoscaler may give it (0: as many as it has).
    `surge` is in nodes, as of `nodes`; `max_surge` is what Azure was told, a number or a percentage of the nodes there are
    when the step begins (empty: `surge` holds however many there are). `max_unavailable` is given alike, for a pool that
    takes nodes away instead. `offered` is what Azure takes next for the pool itself (None: it was not asked). A `blue_green` pool is doubled, drained by `drain_batch` (given alike), and waits `final_soak_minutes` before the old nodes go.
    `drain_minutes` is the drain time-out of a node, `soak_minutes` the wait after one (of a `blue_green` pool after a batch), `cores` are the vCPUs of one node
    (None: not known). `node_addresses` of the subnet are one node's: one, and with Azure CNI without overlay those of its pods. A `canary` pool goes before the other user pools.
    """

    name: str
    version: Version
    mode: str = "User"
    os_type: str = "Linux"
    os_sku: str = "Ubuntu"
    nodes: int = 1
    surge: int = 1
    drain_minutes: int = 30
    soak_minutes: int = 0
    cores: int | None = None
    canary: bool = False
    most: int = 0
    max_surge: str = ""
    max_unavailable: str = ""
    blue_green: bool = False
    final_soak_minutes: int = 0
    drain_batch: str = ""
    node_addresses: int = 1
    offered: frozenset[Version] | None = None

    @property
    def rank(self) -> tuple[int, int]:
        """The pool's place in an upgrade: system pools, canaries, Linux user pools, Windows pools."""
        return (
            0 if self.mode == "System" else 1,
            0 if self.canary else 2 if self.os_type == "Windows" else 1,
        )


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster as it is observed. `lts` says that long-term support is bought.

    `owner` moves the versions (program, channel or fleet, as the stack file says), `auto_upgrade` is the channel that moves versions by itself
    ("none" when nothing does), `follows` the stack
    whose versions have to soak for `soak_days` before this one takes them; `proven` are versions that have run there.
    `follower_days` is the longest soak that a stack which follows this one asks for, `hold_days` what is left of it
    for the versions that run now, by target.
    `maintenance` says when the stack takes upgrades (None: at any time), `offered` what Azure takes next for the control
    plane (None: it was not asked), `pools_leap` whether pools follow a control plane that skips minors, `held` the versions that no plan takes again after a rollback, by target,
    `outside` the pools whose rollback is not written down yet.
    `subscription` and `resource_group` are where it is, for people and for commands to paste. `has_stack` is false for a cluster
    that was found in a subscription, where `stack` is only a name to show.
    """

    name: str
    stack: str
    control_plane: Version
    pools: tuple[Pool, ...]
    rules: Rules = field(default_factory=Rules)
    lts: bool = False
    auto_upgrade: str = "none"
    owner: str = "program"
    follows: str | None = None
    soak_days: int = 0
    proven: frozenset[Version] = frozenset()
    follower_days: int = 0
    hold_days: Mapping[str, int] = field(default_factory=dict[str, int])
    maintenance: Maintenance | None = None
    offered: frozenset[Version] | None = None
    pools_leap: bool = True
    held: Mapping[str, frozenset[Version]] = field(default_factory=dict[str, "frozenset[Version]"])
    outside: frozenset[str] = frozenset()
    subscription: str = ""
    resource_group: str = ""
    has_stack: bool = True

    def pool(self, name: str) -> Pool:
        """Return the pool of that name. Raises KeyError when there is none."""
        for pool in self.pools:
            if pool.name == name:
                return pool
        raise KeyError(name)
