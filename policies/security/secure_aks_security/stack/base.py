"""What every stack rule has, and how it becomes a CrossGuard policy."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)

from secure_aks_security.configuration import Configuration, Setting
from secure_aks_security.judge import Record
from secure_aks_security.model import Level, Parameter
from secure_aks_security.resources import Resource
from secure_aks_security.values import from_props

Report = Callable[..., None]
"""Reports a violation: a message and, where one resource is to blame, its URN."""


@dataclass(frozen=True)
class Stack:
    """All resources of the stack with their outputs, and what the pack knows besides."""

    resources: list[Resource]
    configuration: Configuration
    record: Record
    today: date
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])


class StackRule:
    """One rule about the whole stack; subclasses set the class attributes and write `check`."""

    id: ClassVar[str]
    title: ClassVar[str]
    level: ClassVar[Level] = Level.MANDATORY
    severity: ClassVar[str] = "medium"
    why: ClassVar[str]
    remedy: ClassVar[str]
    link: ClassVar[str] = ""
    parameters: ClassVar[dict[str, Parameter]] = {}

    def check(self, stack: Stack, report: Report) -> None:
        """Report every violation in `stack`."""
        raise NotImplementedError


class StackPolicy(StackValidationPolicy):
    """A stack rule as a policy that any CrossGuard host can run."""

    def __init__(
        self, rule: StackRule, setting: Setting, make: Callable[[list[Resource], Mapping[str, Any]], Stack]
    ) -> None:
        super().__init__(
            name=rule.id,
            description=f"{rule.title}.",
            validate=self._validate,
            enforcement_level=EnforcementLevel(setting.level.value),
            config_schema=_schema(rule, setting),
            display_name=rule.title,
            severity=Severity(rule.severity),
            tags=["stack"],
            remediation_steps=rule.remedy,
            url=rule.link or None,
        )
        self.rule = rule
        self._parameters = setting.parameters
        self._make = make

    def check(self, resources: list[Resource], parameters: Mapping[str, Any], report: Report) -> None:
        """Run the rule over plain resources; `parameters` are what the engine configured."""
        self.rule.check(self._make(resources, {**self._parameters, **parameters}), report)

    def _validate(self, args: StackValidationArgs, report_violation: Report) -> None:
        resources = [
            Resource(item.resource_type, item.urn, item.name, from_props(item.props))
            for item in args.resources
        ]
        self.check(resources, args.get_config(), report_violation)


def _schema(rule: StackRule, setting: Setting) -> PolicyConfigSchema | None:
    if not rule.parameters:
        return None
    return PolicyConfigSchema(
        properties={
            name: {
                **parameter.schema,
                "description": parameter.description,
                "default": setting.parameters[name],
            }
            for name, parameter in rule.parameters.items()
        }
    )
