"""Which nodes get which profiles: one loader of a kind on a node, whatever the stack says about pools."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..args.profiles import Kind, ProfileArgs

POOL_LABEL = "kubernetes.azure.com/agentpool"
"""The label by which AKS says a node's pool."""
_LONGEST_NAME = 50
"""Characters of a DaemonSet's name: it becomes a label's value (63) with a suffix for its pods."""


@dataclass(frozen=True)
class Group:
    """The profiles of one loader, and its nodes: those of `pools`, or without them all Linux nodes but `without`."""

    kind: Kind
    profiles: tuple[str, ...]
    pools: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the DaemonSet."""
        name = "-".join((self.kind, *self.pools))
        if len(name) > _LONGEST_NAME:
            name = f"{self.kind}-{hashlib.sha256(name.encode()).hexdigest()[:10]}"
        return name

    @property
    def affinity(self) -> dict[str, Any] | None:
        """The node affinity, besides the Linux node selector."""
        if not self.pools and not self.without:
            return None
        operator, values = ("In", self.pools) if self.pools else ("NotIn", self.without)
        term = {"matchExpressions": [{"key": POOL_LABEL, "operator": operator, "values": list(values)}]}
        return {
            "nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}
        }


def groups(
    kind: Kind, profiles: Sequence[ProfileArgs], able: Sequence[str], unable: Sequence[str]
) -> list[Group]:
    """Return the loaders of a kind: one for all Linux pools, and one for each set of pools with other profiles.

    `able` are the pools whose nodes can load the kind, `unable` the other Linux pools. Without both (a cluster whose pools
    nobody said) the pools that profiles name are taken as they are.
    """
    named = able or sorted({name for profile in profiles for name in profile.pools})
    general = tuple(sorted(profile.name for profile in profiles if not profile.pools))
    of_pool = {
        name: tuple(sorted(p.name for p in profiles if not p.pools or name in p.pools)) for name in named
    }
    others = {name: own for name, own in of_pool.items() if own != general}
    found: list[Group] = []
    if general and (not (able or unable) or len(others) < len(able)):
        found.append(Group(kind, general, without=tuple(sorted([*others, *unable]))))
    found += [
        Group(kind, own, pools=tuple(sorted(name for name in others if others[name] == own)))
        for own in sorted(set(others.values()))
    ]
    return found
