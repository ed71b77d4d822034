"""Names, sizes and kinds of the node pools."""

import re
from collections.abc import Iterator

from settings.checks.draft import SYSTEM_POOL, Draft
from settings.checks.finding import Finding
from settings.facts.data_files import longest_pool_name
from settings.sections.pools import Pool
from settings.words import repeated

_NAME = re.compile(r"[a-z][a-z0-9]*")
_SYSTEM_NODES = 2


def check(draft: Draft) -> Iterator[Finding]:
    """Yield what is wrong with pools by themselves, and names given twice."""
    for path, name, first in repeated((path, pool.name) for path, pool in draft.pools.items()):
        why = f"the name {name!r} is taken by {first}"
        yield Finding(f"{path}.name", why, "give each pool a name of its own")
    for path, pool in draft.pools.items():
        yield from _name(path, pool)
        yield from _size(path, pool)
        yield from _zones(path, pool)
        if path == SYSTEM_POOL and pool.mode != "System":
            why = "AKS needs a system pool, and this is the one"
            yield Finding(f"{path}.mode", why, "remove the key, or write `mode: System`")
        if pool.mode == "System":
            yield from _system(path, pool)


def _name(path: str, pool: Pool) -> Iterator[Finding]:
    length = longest_pool_name(pool.os_type)
    if len(pool.name) > length or not _NAME.fullmatch(pool.name):
        why = f"{pool.name!r} is not a name AKS allows for a {pool.os_type} pool"
        remedy = f"use a letter, then lower-case letters and digits, {length} characters at most"
        yield Finding(f"{path}.name", why, remedy)


def _size(path: str, pool: Pool) -> Iterator[Finding]:
    scaling = pool.autoscaling
    if scaling and pool.count is not None:
        why = "a fixed count would scale an autoscaled pool back at every update"
        yield Finding(f"{path}.count", why, "remove `count`, or remove `autoscaling`")
    if scaling is None and pool.count is None:
        why = "the pool has no size"
        yield Finding(path, why, "add `autoscaling: {min: 2, max: 5}`, or `count: 2`")
    if scaling and scaling.min > scaling.max:
        why = f"the fewest nodes ({scaling.min}) are more than the most ({scaling.max})"
        yield Finding(f"{path}.autoscaling.min", why, f"write {scaling.max} or less, or raise max")


def _zones(path: str, pool: Pool) -> Iterator[Finding]:
    for place, zone, _ in repeated((f"{path}.zones[{index}]", zone) for index, zone in enumerate(pool.zones)):
        yield Finding(place, f"zone {zone} is named twice", "name each zone once")


def _system(path: str, pool: Pool) -> Iterator[Finding]:
    if not pool.is_linux:
        why = "system pools run AKS's own pods, which are Linux"
        yield Finding(f"{path}.osType", why, "write `osType: Linux`, or `mode: User`")
    if pool.is_spot:
        why = "spot nodes may vanish at any time, and AKS's own pods with them"
        yield Finding(f"{path}.priority", why, "write `priority: Regular`, or `mode: User`")
    sized = pool.autoscaling is not None or pool.count is not None
    if sized and pool.min_nodes < _SYSTEM_NODES:
        key = "autoscaling.min" if pool.autoscaling else "count"
        why = f"a system pool needs two nodes to survive the loss or upgrade of one, and may have {pool.min_nodes}"
        yield Finding(f"{path}.{key}", why, "write 2 or more; 3 for production")
