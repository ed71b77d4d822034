"""Where a stack file says something of one of its further clusters, or names them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from settings.existing import list_of, mapping
from settings.reading.clusters import OF_POOLS, PREFIX, of_pool
from settings.reading.layer_keys import CLUSTERS
from settings.reading.layers import Layer, Layers
from settings.reading.tenants import in_file

_KEY = f"{PREFIX}{CLUSTERS}"
_OF_POOL = re.compile(rf"pools\[([0-9]+)\]\.({'|'.join(OF_POOLS.values())})")


@dataclass(frozen=True)
class _Own(Layer):
    """What a further cluster says for itself; `pools` are the names in the order of the stack's list."""

    pools: tuple[str, ...] = ()

    def line(self, path: str) -> int | None:
        """Return the line of a path of the cluster's view: a pool's version and subnet stand by its name."""
        if found := _OF_POOL.fullmatch(path):
            section = next(section for section, key in OF_POOLS.items() if key == found[2])
            path = f"{section}.{self.pools[int(found[1])]}"
        return super().line(path)


@dataclass(frozen=True)
class _Named(Layer):
    """The key `clusters` itself."""

    def line(self, path: str) -> int | None:
        """Return the line of a path such as `clusters.blue`."""
        return self.source.line(self.below + path.removeprefix(CLUSTERS))


@dataclass(frozen=True)
class _PartOf(Layers):
    """The layers of a cluster that has a part of the stack's lists."""

    places: Mapping[str, tuple[int, ...]]

    def origin(self, path: str) -> tuple[Layer, str] | None:
        """Look where the file has the item that is at a path of the part."""
        return super().origin(in_file(path, self.places))


def of_cluster(layers: Layers, name: str, places: Mapping[str, tuple[int, ...]]) -> Layers:
    """Return the layers of a further cluster: what it says for itself comes before what it has from the first.

    `places` are the indices in the file of the items of its lists (`StackSettings.places`).
    """
    said, layer, below = _said(layers)
    overlay = mapping(said.get(name))
    pools = tuple(str(mapping(pool).get("name")) for pool in list_of(layers.sections.get("pools")))
    own = {key: value for key, value in overlay.items() if key not in OF_POOLS}
    own["pools"] = [of_pool({"name": pool}, overlay) for pool in pools]
    nearest = _Own(own, layer.source, f"{below}.{name}.", pools=pools)
    return _PartOf([nearest, *layers.layers], layers.sections, places)


def with_clusters_named(layers: Layers) -> tuple[Layers, Mapping[str, Any]]:
    """Return layers that know where `clusters` is said, and what it says."""
    said, layer, below = _said(layers)
    named = _Named({CLUSTERS: said}, layer.source, below)
    return replace(layers, layers=[named, *layers.layers]), said


def _said(layers: Layers) -> tuple[Mapping[str, Any], Layer, str]:
    """Return what is said below `clusters`, the layer of the file that says it, and the path there."""
    for layer in layers.layers[:2]:  # the stack file, Pulumi.yaml
        if _KEY in layer.source.config:
            whole = mapping(layer.source.config[_KEY])
            is_declared = f"{_KEY}.value" in layer.source.lines
            return (
                (mapping(whole.get("value")), layer, f"{_KEY}.value") if is_declared else (whole, layer, _KEY)
            )
    return {}, layers.layers[0], _KEY
