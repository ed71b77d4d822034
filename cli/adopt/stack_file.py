"""The stack file of a cluster that is there already: as it is wherever the settings can say it."""

from __future__ import annotations

import io
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from .found import at
from .inside import teams
from .sections.around import audit_section, maintenance_section, network_section, node_updates_section
from .sections.cluster import cluster_section
from .sections.pools import pool_section

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .found import Found, Json

_HEAD = """\
# yaml-language-server: $schema=settings/stack.schema.json
# {name} as it was found on {day}, written by `secure-aks import`. What each difference means: {page}
"""
PREFIX = "secure-aks:"


def config_of(found: Found, environment: str, administrators: Mapping[str, str]) -> Json:
    """Return what stands under `config:`, by full key."""
    tagged: Json = found.cluster.get("tags") or {}
    tags = {name: value for name, value in tagged.items() if name.lower() != "environment"}
    pools = [pool_section(pool) for pool in found.other_pools]
    placed = [*found.administrators, *administrators.values()]
    known = {team["name"]: team for team in (teams(found.inside, placed) if found.inside else [])}
    sections: Json = {
        "environment": environment,
        "tags": tags,
        "cluster": cluster_section(found, administrators),
        "network": network_section(found),
        "audit": audit_section(found),
        "systemPool": pool_section(found.system_pool),
        "pools": pools,
        "teams": _owners(pools, known),
        "nodeUpdates": node_updates_section(found),
        "maintenance": maintenance_section(found),
    }
    config: Json = {"azure-native:location": str(found.cluster["location"]).lower().replace(" ", "")}
    return config | {PREFIX + name: said for name, said in sections.items()}


def _owners(pools: Iterable[Json], known: Mapping[str, Json]) -> list[Json]:
    """Return the teams whose own the nodes of pools are. Where nobody looked who works in one, it has a new group, in which nobody is."""
    own: dict[str, list[Json]] = {}
    for pool in pools:
        if "namespace" in pool:
            own.setdefault(pool["namespace"], []).append(pool)
    return [
        {"name": name, "groups": [{"name": f"{name}-viewers", "role": "viewer"}]}
        | known.get(name, {})
        | {"isolation": "sandbox" if all(pool["sandboxed"] for pool in theirs) else "nodes"}
        for name, theirs in own.items()
    ]


def pool_of(config: Json, name: str) -> Json:
    """Return a pool's entry in the configuration."""
    system: Json = config[f"{PREFIX}systemPool"]
    return (
        system if system["name"] == name else next(p for p in config[f"{PREFIX}pools"] if p["name"] == name)
    )


def with_kept(place: Json, field: str, path: str, value: Any) -> None:
    """Put a value at a dotted path of an entry's `adopted` or `extra`."""
    into: Json = place.setdefault(field, {})
    *before, last = path.split(".")
    for key in before:
        into = into.setdefault(key, {})
    into[last] = deepcopy(value)


def with_exemptions(config: Json, exemptions: Iterable[Json]) -> Json:
    """Return the configuration with exemptions beside those it has."""
    key = f"{PREFIX}exemptions"
    return {**config, key: [*config.get(key, []), *exemptions]}


def render(config: Json, found: Found, page: str, day: str) -> str:
    """Return the file's text: what is empty is left out, but where emptiness overrides what all stacks share."""
    text = io.StringIO()
    writer: Any = YAML()  # carries no types
    writer.width, writer.default_flow_style = 150, False
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.dump({"config": _tidy(config)}, text)
    return _HEAD.format(name=at(found.cluster, "name"), day=day, page=page) + text.getvalue()


def _tidy(config: Json) -> Json:
    shown: Json = deepcopy(config)
    for pool in (shown[f"{PREFIX}systemPool"], *shown[f"{PREFIX}pools"]):
        for key in ("adopted", "extra", "labels", "zones"):
            if not pool.get(key, True):
                del pool[key]
    for key in ("tags", "pools", "teams", "maintenance", "exemptions"):
        if not shown.get(PREFIX + key, True):
            del shown[PREFIX + key]
    return shown
