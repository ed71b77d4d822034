"""What the marks of the settings make of a cluster that is there already: so a new setting is imported by its mark."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, cast

from settings.from_azure import said
from settings.sections.cluster import Cluster
from settings.sections.pools import Pool

from .stack_file import PREFIX, pool_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from settings.checks.finding import Finding

    from .found import Found, Json

_BY_HAND = frozenset({"addons", "ingress"})
"""Sections of which some keys are read by hand: what a mark says comes beside these."""


def with_marked(
    config: Json, found: Found, faults: Callable[[Json], Sequence[Finding]]
) -> tuple[Json, tuple[str, ...]]:
    """Return the configuration with what the marks say, and a line for each key that the settings would not take.

    `faults` are what the settings find wrong with a configuration: one that stood without the key is not the key's.
    """
    left: list[str] = []
    before = {one.path for one in faults(config)}
    for place, key, value in _proposed(config, found):
        tried = deepcopy(config)
        entry = tried[PREFIX + "cluster"] if not place else pool_of(tried, place)
        entry[key] = {**entry.get(key, {}), **value} if isinstance(value, dict) else value
        wrong = [one for one in faults(tried) if one.path not in before]
        if not wrong:
            config = tried
            continue
        what = f"cluster.{key}" if not place else f"pool {place}: {key}"
        left.append(
            f"`{what}` cannot be said as it is there ({wrong[0].path}: {wrong[0].why}; {wrong[0].remedy}), so `extra` keeps it in Azure's words"
        )
    return config, tuple(left)


def _proposed(config: Json, found: Found) -> Iterator[tuple[str, str, Any]]:
    """Yield (pool, or nothing for the cluster; key; value) for what no key of the configuration says yet."""
    cluster: Json = config[f"{PREFIX}cluster"]
    for key, value in said(Cluster, found.as_resource).items():
        if key not in cluster or key in _BY_HAND:
            yield "", key, _beside(value, cluster.get(key))
    for pool in found.pools:
        name = str(pool["name"])
        entry = pool_of(config, name)
        for key, value in said(Pool, pool["properties"]).items():
            if key not in entry:
                yield name, key, value


def _beside(value: Any, there: Any) -> Any:
    """Return those keys of a mapping that are not there yet; any other value as it is."""
    if not isinstance(there, dict):
        return value
    known = cast("Json", there)
    return {key: one for key, one in cast("Json", value).items() if key not in known}
