"""The record of a stack as its outputs have it: a line an entry.

The engine prints an output whole when any of it changes, and spreads JSON text over lines again; so what changes (`versions`) stands
apart from what hardly ever does (`shape`), and each entry is one line, a YAML mapping in braces:

    versions: {schema: 2, clusters: {aks-dev: {controlPlane: "{version: x.y.z, since: ...}", pools: {general: "{...}"}}}}
    shape: {aks-dev: {cluster: "{fixed: {...}, nodeOsChannel: ...}", pools: {general: "{osType: Linux, ...}"}, teams: {payments: "{...}"}}}

Inside the program and the pack a record has the shape that `record` describes, which was also the output's until schema 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import yaml

from secure_aks_lifecycle.stack.record import SCHEMA as INSIDE

SCHEMA = 2
RUNNING = ("version", "since", "earlier")
"""What an entry says of its versions; the rest is its shape."""


def as_outputs(record: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the outputs `versions` and `shape` of a record."""
    versions: dict[str, Any] = {}
    shape: dict[str, Any] = {}
    for name, cluster in record["clusters"].items():
        pools: Mapping[str, Any] = cluster.get("pools", {})
        versions[name] = {
            "controlPlane": _line(cluster["controlPlane"]),
            "pools": {pool: _line(_some(entry, RUNNING)) for pool, entry in pools.items()},
        }
        rest = {key: value for key, value in cluster.items() if key not in {"controlPlane", "pools", "teams"}}
        shape[name] = {
            "cluster": _line(rest),
            "pools": {
                pool: _line({key: value for key, value in entry.items() if key not in RUNNING})
                for pool, entry in pools.items()
            },
            "teams": {team: _line(entry) for team, entry in cluster.get("teams", {}).items()},
        }
    return {"schema": SCHEMA, "clusters": versions}, shape


def from_outputs(outputs: Any) -> Any:
    """Return the record in a stack's outputs; None when they have none.

    Whatever has another shape is returned as it is: `parse_versions` says what is wrong with it.
    """
    given = _mapping(outputs)
    versions = given.get("versions")
    if _mapping(versions).get("schema") != SCHEMA:
        return versions
    shape = _mapping(given.get("shape"))
    clusters = _mapping(_mapping(versions).get("clusters"))
    return {
        "schema": INSIDE,
        "clusters": {
            name: _cluster(_mapping(entry), _mapping(shape.get(name))) for name, entry in clusters.items()
        },
    }


def _cluster(versions: Mapping[str, Any], shape: Mapping[str, Any]) -> dict[str, Any]:
    shapes = _mapping(shape.get("pools"))
    pools = {
        name: _joined(shapes.get(name), entry) for name, entry in _mapping(versions.get("pools")).items()
    }
    teams = {name: _read(line) for name, line in _mapping(shape.get("teams")).items()}
    whole = {"controlPlane": _read(versions.get("controlPlane")), "pools": pools}
    return {**_mapping(_read(shape.get("cluster"))), **whole, **({"teams": teams} if teams else {})}


def _joined(shape: Any, running: Any) -> Any:
    entry = _read(running)
    if not isinstance(entry, Mapping):
        return entry
    return {**_mapping(_read(shape)), **_mapping(entry)}


def _line(entry: Mapping[str, Any]) -> str:
    text: str = yaml.safe_dump(
        dict(entry), default_flow_style=True, width=float("inf"), sort_keys=False, allow_unicode=True
    )
    return text.strip()


def _read(line: Any) -> Any:
    if not isinstance(line, str):
        return line
    try:
        return yaml.safe_load(line)
    except yaml.YAMLError:
        return line


def _some(entry: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: entry[key] for key in keys if key in entry}


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
