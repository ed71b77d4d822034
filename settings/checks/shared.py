"""What a team's own cluster would share with another cluster of its stack."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from settings.checks.finding import Finding
from settings.sections.stack import OF_EACH_CLUSTER, StackSettings

_CLUSTERS = "secure-aks:clusters"
_OF_AZURE = re.compile(r"/subscriptions/.+|https://[^/]+/keys/.+", re.IGNORECASE)
"""A resource id, or a key of a Key Vault."""
_MAY_BE_SHARED = re.compile(r"cluster\.(registries|monitoring\.contacts)\b|network\.peerings\b")
"""Images that are pulled, whom alerts are told, and the way in, by which one peered network does not reach another."""


def check(name: str, view: StackSettings, others: Mapping[str, StackSettings]) -> Iterator[Finding]:
    """Yield what is in Azure both the team's cluster's, called `name`, and another's; `others` are by what people call them."""
    yield from _nodes(name, view, others)
    mine = dict(_ids(view))
    for other, theirs in others.items():
        same = {value.lower() for _, value in _ids(theirs)}
        for path, value in mine.items():
            if value.lower() in same:
                why = f"{value} serves {other} too, and a cluster of a team's own shares nothing"
                yield Finding(_place(name, path), why, _remedy(name, path))
        group = view.cluster.existing_resource_group
        if group and group.lower() == (theirs.cluster.existing_resource_group or "").lower():
            why = (
                f"{group} is the resource group of {other} too, and a cluster of a team's own shares nothing"
            )
            remedy = (
                "write the name of another group there, or `existingResourceGroup: null` to have one made"
            )
            yield Finding(f"{_CLUSTERS}.{name}.cluster.existingResourceGroup", why, remedy)


def _nodes(name: str, view: StackSettings, others: Mapping[str, StackSettings]) -> Iterator[Finding]:
    if view.pools:
        return
    first = next(iter(others.values()))
    free = next((pool for pool in first.pools if not pool.namespace), None)
    remedy = "add a pool to secure-aks:pools, and its version there"
    if free:
        remedy = f"write `poolVersions: {{{free.name}: {free.version}}}` there: it has the pools whose version it says"
    yield Finding(
        f"{_CLUSTERS}.{name}.poolVersions", "the team's pods need nodes, and no pool is named", remedy
    )


def _ids(view: StackSettings) -> Iterator[tuple[str, str]]:
    """Yield what the settings name in Azure, with its path; of a pool by its place in the file."""
    said = view.model_dump(mode="json", by_alias=True)
    parts = {key: said[key] for key in OF_EACH_CLUSTER if key != "tags"}
    places = view.places.get("pools", range(len(view.pools)))
    parts |= {f"pools[{place}]": pool for place, pool in zip(places, said["pools"], strict=True)}
    for key, value in parts.items():
        yield from _below(key, value)


def _below(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            yield from _below(f"{path}.{key}", inner)
    elif isinstance(value, list):
        for index, inner in enumerate(cast("list[Any]", value)):
            yield from _below(f"{path}[{index}]", inner)
    elif isinstance(value, str) and _OF_AZURE.fullmatch(value) and not _MAY_BE_SHARED.match(path):
        yield path, value


def _place(name: str, path: str) -> str:
    return f"secure-aks:{path}" if path.startswith("pools[") else f"{_CLUSTERS}.{name}.{path}"


def _remedy(name: str, path: str) -> str:
    if path.startswith("pools["):
        return f"leave the pool out of `clusters.{name}.poolVersions`"
    return "write another one there, or `null` where it may be left out"
