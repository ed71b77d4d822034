"""Nodes run a recent node image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.judging.finding import Finding
from secure_aks_lifecycle.judging.plain import dig, mappings
from secure_aks_lifecycle.judging.rule import Param, Params, Rule
from secure_aks_lifecycle.stack.aks import CLUSTER, POOL
from secure_aks_lifecycle.versions.node_image import built_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from secure_aks_lifecycle.judging.context import Context
    from secure_aks_lifecycle.judging.resource import Resource


def check(resources: Sequence[Resource], context: Context, params: Params) -> Iterable[Finding]:
    """Judge the images that Azure reported for the pools at the last `up`."""
    for resource in resources:
        for pool, image in _images(resource):
            built = built_on(image)
            age = (context.today - built).days if built else 0
            if age > params["nodeImageDays"]:
                yield Finding(
                    f"pool {pool}: node image {image} is {age} days old; upgrade the node image (az aks nodepool upgrade "
                    f"--node-image-only), or switch the node OS channel to NodeImage",
                    names=(pool,),
                    urn=resource.urn,
                )


def _images(resource: Resource) -> Iterator[tuple[str, str]]:
    pools = (
        mappings(dig(resource.props, "agentPoolProfiles")) if resource.type == CLUSTER else [resource.props]
    )
    for pool in pools:
        image = pool.get("nodeImageVersion")
        if isinstance(image, str):
            name = pool.get("name")
            yield name if isinstance(name, str) else resource.name, image


RULE = Rule(
    id="node-image-age",
    title="Node pools run a recent node image.",
    level="advisory",
    why="AKS publishes Linux node images every week and Windows ones every month, with the fixes of the operating system.",
    remedy="Upgrade the pool's node image, or let the node OS channel do it.",
    applies={CLUSTER, POOL}.__contains__,
    stack_check=check,
    params={"nodeImageDays": Param("integer", 60, "Days a node image may be old.", minimum=1, maximum=365)},
)
