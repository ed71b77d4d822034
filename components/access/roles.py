"""The rules of a role, by the name that a stack file uses."""

from collections.abc import Iterator

from settings.fields.types import Environment
from settings.sections.teams import CustomRole, Team

from . import presets
from .rule import Rule


def role_rules(team: Team, role: str, environment: Environment) -> tuple[Rule, ...]:
    """Return the rules of one of a team's roles: a preset, or a custom role of the team's own.

    Raises KeyError for a name that is neither, which the settings' own check refuses first.
    """
    developer = presets.DEVELOPER_IN_PROD if environment == "prod" else presets.DEVELOPER
    known: dict[str, tuple[Rule, ...]] = {
        "viewer": presets.VIEWER,
        "developer": developer,
        "operator": presets.OPERATOR,
    }
    for custom in team.custom_roles:
        known[custom.name] = tuple(sorted(_rules(custom)))
    return known[role]


def _rules(custom: CustomRole) -> Iterator[Rule]:
    for rule in custom.rules:
        said = (rule.resources, rule.verbs, rule.resource_names)
        resources, verbs, names = (tuple(sorted(names)) for names in said)
        yield from (Rule(group, resources, verbs, names) for group in rule.api_groups)
