"""The rules of a role, by the name that a stack file uses."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from . import presets
from .rule import Rule


class PolicyRule(Protocol):
    """One rule of a custom role, as a stack file or a program says it."""

    @property
    def api_groups(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def resources(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def verbs(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def resource_names(self) -> Sequence[str]: ...  # noqa: D102


class CustomRole(Protocol):
    """A role of a team's own."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def rules(self) -> Sequence[PolicyRule]: ...  # noqa: D102


def role_rules(custom_roles: Iterable[CustomRole], role: str, *, is_prod: bool) -> tuple[Rule, ...]:
    """Return the rules of one of a team's roles: a preset, or a custom role of the team's own.

    Raises KeyError for a name that is neither, which the settings' own check refuses first.
    """
    known: dict[str, tuple[Rule, ...]] = {
        "viewer": presets.VIEWER,
        "developer": presets.DEVELOPER_IN_PROD if is_prod else presets.DEVELOPER,
        "operator": presets.OPERATOR,
    }
    for custom in custom_roles:
        known[custom.name] = tuple(sorted(_rules(custom)))
    return known[role]


def _rules(custom: CustomRole) -> Iterator[Rule]:
    for rule in custom.rules:
        said = (rule.resources, rule.verbs, rule.resource_names)
        resources, verbs, names = (tuple(sorted(names)) for names in said)
        yield from (Rule(group, resources, verbs, names) for group in rule.api_groups)
