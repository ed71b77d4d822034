"""Teams with a cluster of their own among the clusters of a stack: which teams and pools each cluster has."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from settings.checks.finding import Finding
from settings.existing import list_of, mapping
from settings.words import did_you_mean, named_kind

_ITEM = re.compile(r"(?:(?<=secure-aks:)|^)(teams|pools)\[([0-9]+)\]")
_MOVING = "movingFrom"
_DEGREES = ("namespace", "nodes", "sandbox")
"""How far a team that moves is still apart from the others in the cluster that it leaves."""


@dataclass(frozen=True)
class Part:
    """What one cluster has of a stack's sections.

    `places` are, by the name of a list, the indices in the file of what the cluster has of it; a list that is not there is whole.
    `elsewhere` are the namespaces of teams that other clusters alone have.
    """

    sections: Mapping[str, Any]
    places: Mapping[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])
    elsewhere: frozenset[str] = frozenset()

    def placed(self, finding: Finding) -> Finding:
        """Return a finding of this part as one of the file."""
        path, why, remedy = (
            in_file(text, self.places) for text in (finding.path, finding.why, finding.remedy)
        )
        return replace(finding, path=path, why=why, remedy=remedy)


def in_file(text: str, places: Mapping[str, tuple[int, ...]]) -> str:
    """Return a text in which paths of a part, such as `teams[0].name`, are those of the file."""

    def there(found: re.Match[str]) -> str:
        known, index = places.get(found[1]), int(found[2])
        return f"{found[1]}[{known[index]}]" if known and index < len(known) else found[0]

    return _ITEM.sub(there, text)


def own_clusters(sections: Mapping[str, Any], clusters: Any) -> frozenset[str]:
    """Return the names of the teams with a cluster of their own: `isolation: cluster`, and a further cluster by their name."""
    named = mapping(clusters)
    teams = map(mapping, list_of(sections.get("teams")))
    return frozenset(team["name"] for team in teams if _is_alone(team) and _text(team.get("name")) in named)


def part_of(
    sections: Mapping[str, Any], own: frozenset[str], name: str = "", pools: Mapping[str, Any] | None = None
) -> Part:
    """Return what the cluster called `name` has; empty for the first.

    A team's own cluster has that team, the team's pools and those that are nobody's, of both the ones whose version it says
    (`pools`). Every other cluster has what is left, with the teams that have not moved out yet.
    """
    if not own:
        return Part(sections)
    teams = {
        index: team for index, team in enumerate(list_of(sections.get("teams"))) if _has(team, own, name)
    }
    here = {_namespace(mapping(team)) for team in teams.values()}
    away = {_namespace(mapping(team)) for team in list_of(sections.get("teams"))} - here
    kept = {
        index: pool
        for index, pool in enumerate(list_of(sections.get("pools")))
        if _text(mapping(pool).get("namespace")) not in away
        and (name not in own or _text(mapping(pool).get("name")) in (pools or {}))
    }
    left = dict(sections)
    if isinstance(sections.get("teams"), list):
        left["teams"] = [_as_here(team, own, name) for team in teams.values()]
    if isinstance(sections.get("pools"), list):
        left["pools"] = list(kept.values())
    return Part(left, {"teams": tuple(teams), "pools": tuple(kept)}, frozenset(away))


def met(sections: Mapping[str, Any], own: frozenset[str]) -> Iterator[Finding]:
    """Yield what a team with a cluster of its own shares with a team of another one: the packs know a team by its names."""
    teams = [mapping(team) for team in list_of(sections.get("teams"))]
    for index, team in enumerate(teams):
        if not _is_among(team, own):
            continue
        moving = team.get(_MOVING)
        if moving is not None and moving not in _DEGREES:
            place = f"secure-aks:teams[{index}].{_MOVING}"
            why = f"{moving!r} is no degree" if isinstance(moving, str) else f"it is {named_kind(moving)}"
            yield Finding(place, why, did_you_mean(_text(moving), _DEGREES))
        for other, theirs in enumerate(teams):
            if other != index:
                for key in sorted(_marks(team) & _marks(theirs)):
                    kind, value = key
                    why = f"the {kind} {value!r} is that of secure-aks:teams[{other}] too, and a cluster of its own is shared with nobody"
                    yield Finding(f"secure-aks:teams[{index}]", why, f"give the team a {kind} of its own")


def idle(sections: Mapping[str, Any], parts: Collection[Part]) -> Iterator[Finding]:
    """Yield pools that no cluster has: a team's own has those alone whose version it says."""
    had = {place for part in parts for place in part.places.get("pools", ())}
    # A cluster without any pool is told as such.
    bare = {
        _namespace(mapping(team))
        for part in parts
        if not part.places.get("pools")
        for team in list_of(part.sections.get("teams"))
    }
    teams = {_namespace(mapping(team)): mapping(team).get("name") for team in list_of(sections.get("teams"))}
    for index, pool in enumerate(list_of(sections.get("pools"))):
        namespace = str(mapping(pool).get("namespace"))
        if index not in had and namespace not in bare:
            line = f"clusters.{teams.get(namespace)}.poolVersions"
            why = f"its nodes are {namespace}'s, whose cluster has the pools that `{line}` names: no cluster has this one"
            yield Finding(
                f"secure-aks:pools[{index}]",
                why,
                f"write its version in secure-aks:{line}, or remove the pool",
            )


def _marks(team: Mapping[str, Any]) -> set[tuple[str, str]]:
    groups = [mapping(group) for group in list_of(team.get("groups"))]
    found = [("name", team.get("name")), ("namespace", _namespace(team))]
    found += [("group", group.get("name")) for group in groups]
    found += [("object id", group.get("objectId")) for group in groups]
    return {(kind, _text(value)) for kind, value in found if _text(value)}


def _has(team: Any, own: frozenset[str], name: str) -> bool:
    said = mapping(team)
    if _is_among(said, own):
        return said.get("name") == name or said.get(_MOVING) is not None
    return name not in own


def _as_here(team: Any, own: frozenset[str], name: str) -> Any:
    said = mapping(team)
    if not _is_among(said, own):
        return team
    left = {key: value for key, value in said.items() if key != _MOVING}
    # A word that is none is told by `met`.
    moving = said.get(_MOVING) if said.get(_MOVING) in _DEGREES else _DEGREES[0]
    return left if said.get("name") == name else {**left, "isolation": moving}


def _is_alone(team: Mapping[str, Any]) -> bool:
    return team.get("isolation") == "cluster"


def _is_among(team: Mapping[str, Any], own: frozenset[str]) -> bool:
    return _is_alone(team) and _text(team.get("name")) in own


def _namespace(team: Mapping[str, Any]) -> str:
    return _text(team.get("namespace") or team.get("name"))


def _text(value: Any) -> str:
    """Return a name; nothing for what is no text, which the models tell of when they read it."""
    return value if isinstance(value, str) else ""
