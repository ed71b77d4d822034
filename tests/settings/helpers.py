"""The happy path of a stack file, and one mutation of it at a time."""

import copy
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from settings.checks.draft import Context
from settings.checks.finding import Finding
from settings.reading.assemble import assemble
from settings.sections.stack import StackSettings

TODAY = date(2026, 11, 23)
STACK = "<stack>"
"""The key that says what the stack is called."""
GONE = "<gone>"
"""The value that takes a key away."""

_HAPPY: dict[str, Any] = {
    "environment": "prod",
    "tags": {"owner": "platform"},
    "cluster": {
        "name": "aks",
        "kubernetesVersion": "1.35.6",
        "apiServer": {"access": "private"},
        "breakGlass": [{"name": "aks-admins"}],
        "networkPolicy": "calico",
        "monitoring": {"contacts": {"emails": ["on-call@contoso.com"]}},
    },
    "network": {"addressSpace": "10.60.0.0/16"},
    "systemPool": {
        "name": "system",
        "version": "1.35.6",
        "vmSize": "Standard_D4ds_v5",
        "osSku": "Ubuntu2404",
        "zones": ["1", "2", "3"],
        "autoscaling": {"min": 3, "max": 5},
    },
    "pools": [
        {
            "name": "general",
            "version": "1.35.6",
            "vmSize": "Standard_D8ds_v5",
            "osSku": "Ubuntu2404",
            "zones": ["1", "2", "3"],
            "autoscaling": {"min": 2, "max": 20},
        },
        {
            "name": "spot",
            "version": "1.34.9",
            "vmSize": "Standard_D8ds_v5",
            "osSku": "Ubuntu2404",
            "zones": ["1", "2"],
            "priority": "Spot",
            "autoscaling": {"min": 0, "max": 10},
        },
        {
            "name": "win",
            "version": "1.35.6",
            "vmSize": "Standard_D8ds_v5",
            "osType": "Windows",
            "osSku": "Windows2025",
            "zones": ["1", "2"],
            "count": 3,
        },
        {
            "name": "sandbox",
            "version": "1.35.6",
            "vmSize": "Standard_D8s_v5",
            "osSku": "AzureLinux",
            "sandboxed": True,
            "namespace": "partners",
            "zones": ["1", "2"],
            "autoscaling": {"min": 1, "max": 4},
        },
    ],
    "teams": [
        {
            "name": "payments",
            "groups": [{"name": "payments-developers", "role": "developer"}],
        },
        {
            "name": "partners",
            "isolation": "sandbox",
            "groups": [{"name": "partners-auditors", "role": "auditor"}],
            "customRoles": [
                {"name": "auditor", "rules": [{"resources": ["configmaps"], "verbs": ["get", "list"]}]}
            ],
        },
    ],
    "nodeUpdates": {"mode": "kured", "kured": {"timeZone": "Europe/Amsterdam"}},
    "maintenance": {
        "releases": {"weekly": {"day": "Sunday"}, "startTime": "08:00", "hours": 8},
        "upgrades": {"weekly": {"day": "Saturday"}, "startTime": "08:00", "hours": 8},
        "nodeOs": {"daily": {}, "startTime": "22:00", "hours": 8},
        "notAllowed": [{"start": "2026-12-18", "end": "2027-01-04"}],
    },
    "promotion": {"follows": "staging"},
}


@dataclass(frozen=True)
class Case:
    """A mutation of the happy path, and the one problem it must make: its path and words of why and remedy."""

    name: str
    changes: dict
    path: str
    why: str
    mend: str

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


def stack(changes: dict | None = None) -> dict:
    """Return the sections of the happy path, changed: {"pools[2].version": "1.35"}; a value GONE takes a key away."""
    sections = copy.deepcopy(_HAPPY)
    for path, value in copy.deepcopy(changes or {}).items():
        *parents, last = [int(part) if part.isdigit() else part for part in re.findall(r"[^.\[\]]+", path)]
        place: Any = sections
        for part in parents:
            place = place.setdefault(part, {}) if isinstance(place, dict) else place[part]
        if value == GONE:
            del place[last]
        elif isinstance(place, list) and last == len(place):
            place.append(value)
        else:
            place[last] = value
    return sections


def read(
    changes: dict | None = None,
    location: object = "westeurope",
    today: date = TODAY,
) -> tuple[StackSettings | None, list[Finding]]:
    """Return the settings and findings of the changed happy path, in a stack called as its environment unless STACK names it."""
    sections = stack(changes)
    environment = sections.get("environment")
    name = sections.pop(STACK, "prod" if environment == "prod" else f"eu-{environment}")
    context = Context(name, today, frozenset({"dev", "staging", "prod"}))
    return assemble(sections, location, context)


def good(changes: dict | None = None) -> StackSettings:
    """Return the settings of the changed happy path, which must be fine."""
    settings, findings = read(changes)
    assert findings == []
    assert settings is not None
    return settings


def refuse(case: Case) -> None:
    """Assert that the case makes exactly its one problem."""
    settings, findings = read(case.changes)
    assert settings is None
    assert [finding.path for finding in findings] == [case.path], findings
    assert case.why in findings[0].why
    assert case.mend in findings[0].remedy
