"""The record of a stack: what its clusters and pools run, and since when, and which teams it has.

Shape: `{"schema": 1, "clusters": {<name>: {"controlPlane": entry, "pools": {<name>: entry}, "fixed": {...},
"nodeOsChannel": text, "teams": {<name>: {"namespace", "groups", "isolation"}}}}}`. An entry is
`{"version": "x.y.z", "since": <ISO time>, "earlier": [{"version", "since", "until"}]}`; a pool's entry also has `osType`,
`osSku`, `mode`, `nodes`, `namespace` (whose own its nodes are) and `fixed`. `fixed` holds what Azure cannot change in place, by name; `groups` are the Entra groups that the
stack made; `since`, `earlier`, `nodes`, `namespace`, `fixed`, `nodeOsChannel`, `teams` and `isolation` may be absent. `outputs` says how a stack's outputs hold it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from secure_aks_lifecycle.versions.version import Version

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Run:
    """A version that ran from `since` (None: not recorded) until `until` (None: it still runs)."""

    version: Version
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PoolState:
    """A node pool: its version and operating system, its fixed number of nodes (None: not told), whose own they are, what cannot be changed in place."""

    version: Version
    os_type: str = "Linux"
    os_sku: str = ""
    mode: str = "User"
    nodes: int | None = None
    namespace: str = ""
    fixed: Mapping[str, Any] = field(default_factory=dict[str, Any])
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class TeamState:
    """A team: its namespace, the Entra groups that the stack made for it, its degree of isolation (None: not recorded)."""

    namespace: str
    groups: tuple[str, ...] = ()
    isolation: str | None = None


@dataclass(frozen=True, slots=True)
class ClusterState:
    """A cluster: the version of its control plane, its pools and teams by name, what cannot be changed in place, its node OS channel."""

    control_plane: Version
    pools: Mapping[str, PoolState] = field(default_factory=dict[str, PoolState])
    fixed: Mapping[str, Any] = field(default_factory=dict[str, Any])
    runs: tuple[Run, ...] = ()
    node_os_channel: str = ""
    teams: Mapping[str, TeamState] = field(default_factory=dict[str, TeamState])


Versions = Mapping[str, ClusterState]
"""Clusters by name."""


def parse_versions(data: Any) -> Versions:
    """Read a record. Raises ValueError, naming the path, for anything of another shape."""
    top = _mapping(data, "versions")
    if top.get("schema", SCHEMA) != SCHEMA:
        raise ValueError(
            f"versions.schema: is {top['schema']}, and this pack knows {SCHEMA}; use the pack of that release"
        )
    clusters = _mapping(top.get("clusters", {}), "versions.clusters")
    return {name: _cluster(value, f"versions.clusters.{name}") for name, value in clusters.items()}


def _cluster(data: Any, path: str) -> ClusterState:
    cluster = _mapping(data, path)
    version, runs = _entry(cluster.get("controlPlane"), f"{path}.controlPlane")
    pools = _mapping(cluster.get("pools", {}), f"{path}.pools")
    teams = _mapping(cluster.get("teams", {}), f"{path}.teams")
    return ClusterState(
        control_plane=version,
        pools={name: _pool(value, f"{path}.pools.{name}") for name, value in pools.items()},
        fixed=_mapping(cluster.get("fixed", {}), f"{path}.fixed"),
        runs=runs,
        node_os_channel=str(cluster.get("nodeOsChannel", "")),
        teams={name: _team(name, value, f"{path}.teams.{name}") for name, value in teams.items()},
    )


def _team(name: str, data: Any, path: str) -> TeamState:
    team = _mapping(data, path)
    groups = tuple(str(group) for group in _list(team.get("groups"), f"{path}.groups"))
    isolation = team.get("isolation")
    return TeamState(str(team.get("namespace", name)), groups, None if isolation is None else str(isolation))


def _pool(data: Any, path: str) -> PoolState:
    pool = _mapping(data, path)
    version, runs = _entry(pool, path)
    return PoolState(
        version=version,
        os_type=str(pool.get("osType", "Linux")),
        os_sku=str(pool.get("osSku", "")),
        mode=str(pool.get("mode", "User")),
        nodes=int(nodes) if isinstance(nodes := pool.get("nodes"), (int, float)) else None,
        namespace=str(pool.get("namespace", "")),
        fixed=_mapping(pool.get("fixed", {}), f"{path}.fixed"),
        runs=runs,
    )


def _entry(data: Any, path: str) -> tuple[Version, tuple[Run, ...]]:
    entry = _mapping(data, path)
    current = _run(entry, path)
    past = tuple(
        _run(run, f"{path}.earlier[{i}]")
        for i, run in enumerate(_list(entry.get("earlier"), f"{path}.earlier"))
    )
    return current.version, (current, *past)


def _run(data: Any, path: str) -> Run:
    entry = _mapping(data, path)
    text = entry.get("version")
    if not isinstance(text, str):
        raise ValueError(f"{path}.version: is missing or not text")  # noqa: TRY004  # one kind of error for bad data
    try:
        return Run(Version.parse(text), _time(entry.get("since")), _time(entry.get("until")))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def _time(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    moment = datetime.fromisoformat(value)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _list(data: Any, path: str) -> list[Any]:
    if data is not None and not isinstance(data, list):
        raise ValueError(f"{path}: is not a list")
    return cast("list[Any]", data or [])


def _mapping(data: Any, path: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise ValueError(f"{path}: is not a mapping")  # noqa: TRY004  # one kind of error for bad data
    return cast("dict[str, Any]", data)
