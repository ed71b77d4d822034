"""The marks that a team's namespace and groups bear, and the teams that a stack's state has by them."""

import re
from collections.abc import Mapping
from typing import Any, cast

TEAM_LABEL = "secure-aks/team"
"""Label of a team's namespace: the team's name."""
_COMPONENT = "secure-aks:index:TeamAccess"
_NAMESPACE = "kubernetes:core/v1:Namespace"
_GROUP = "azuread:index/group:Group"
_DESCRIPTION = re.compile(r"Team (\S+): ")


def group_description(team: str, what: str) -> str:
    """Return what Entra says of a group that was made for a team; `what` is what it may do."""
    return f"Team {team}: {what}"


def teams_made(state: Mapping[str, Any]) -> dict[str, dict[str, list[str]]]:
    """Return the `namespaces` and `groups` of each team in a state (see `earlier`), by the team's name.

    An `up` that failed half-way has them here and nowhere else: what it recorded is of the `up` before it, if there was one.
    """
    teams: dict[str, dict[str, list[str]]] = {}
    for urn, outputs in state.items():
        kinds = urn.split("::", 3)[2].split("$")
        if _COMPONENT not in kinds:
            continue
        if kinds[-1] == _NAMESPACE:
            metadata = _mapping(outputs.get("metadata"))
            team, what, name = (
                _mapping(metadata.get("labels")).get(TEAM_LABEL),
                "namespaces",
                metadata.get("name"),
            )
        elif kinds[-1] == _GROUP:
            described = _DESCRIPTION.match(str(outputs.get("description")))
            team, what, name = described and described[1], "groups", outputs.get("displayName")
        else:
            continue
        if team and name:
            teams.setdefault(str(team), {"namespaces": [], "groups": []})[what].append(str(name))
    return teams


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
