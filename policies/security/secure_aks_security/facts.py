"""What rules read of the stack file besides their own parameters."""

from collections.abc import Callable, Mapping
from typing import Any

SECTIONS = ("cluster", "teams", "nodeUpdates", "profiles")
"""The sections of the stack file that facts come from."""


def facts(sections: Mapping[str, Any]) -> dict[str, Any]:
    """Return every fact by name; a section that is missing or malformed gives an empty one."""
    return {name: read(sections) for name, read in _FACTS.items()}


def _teams(sections: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    teams = sections.get("teams")
    return [team for team in teams if isinstance(team, Mapping)] if isinstance(teams, list) else []


def _namespaces(sections: Mapping[str, Any], key: str, value: str) -> list[str]:
    return [
        str(team.get("namespace") or team.get("name")) for team in _teams(sections) if team.get(key) == value
    ]


def _break_glass_groups(sections: Mapping[str, Any]) -> list[str]:
    cluster = sections.get("cluster")
    groups = cluster.get("breakGlass") if isinstance(cluster, Mapping) else None
    return [
        str(group["objectId"]) for group in groups or [] if isinstance(group, Mapping) and "objectId" in group
    ]


def _node_updates(sections: Mapping[str, Any]) -> str:
    updates = sections.get("nodeUpdates")
    return str(updates.get("mode") or "") if isinstance(updates, Mapping) else ""


def _profiles(sections: Mapping[str, Any], kind: str) -> list[str]:
    profiles: Any = sections.get("profiles")
    entries: Any = profiles.get(kind) if isinstance(profiles, dict) else None
    listed: list[Any] = entries if isinstance(entries, list) else []
    return [str(entry.get("name") if isinstance(entry, dict) else entry) for entry in listed]


_FACTS: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "baselineNamespaces": lambda sections: _namespaces(sections, "podSecurity", "baseline"),
    "sandboxedNamespaces": lambda sections: _namespaces(sections, "isolation", "sandboxed"),
    "breakGlassGroups": _break_glass_groups,
    "nodeUpdates": _node_updates,
    "declaredSeccompProfiles": lambda sections: _profiles(sections, "seccomp"),
    "declaredAppArmorProfiles": lambda sections: _profiles(sections, "apparmor"),
}
