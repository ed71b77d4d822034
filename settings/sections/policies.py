"""Levels and parameters of the policy packs' rules."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from settings.sections.base import Section

Level = Literal["disabled", "advisory", "mandatory", "remediate"]


class PolicyConfig(Section):
    """The level of a rule and its parameters; which ones it has stands in docs/policies.md."""

    model_config = ConfigDict(extra="allow")

    enforcement_level: Level | None = None
    """disabled, advisory, mandatory or remediate; the rule's own unless set."""


def _level(value: Any) -> Any:
    return {"enforcementLevel": value} if isinstance(value, str) else value


RuleConfigs = dict[
    str, Annotated[PolicyConfig, BeforeValidator(_level, json_schema_input_type=Level | PolicyConfig)]
]


class Policies(Section):
    """Rules of the packs by id, or `all` (`advisory` lowers, and switches nothing on that ships disabled); an entry is a level, or a mapping with enforcementLevel and parameters."""

    security: RuleConfigs = Field(default_factory=dict)
    """Rules of the security pack."""
    lifecycle: RuleConfigs = Field(default_factory=dict)
    """Rules of the lifecycle pack."""
