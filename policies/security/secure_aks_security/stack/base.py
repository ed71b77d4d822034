"""What every stack rule has, and how it becomes a CrossGuard policy."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from pulumi_policy import EnforcementLevel, Severity, StackValidationArgs, StackValidationPolicy

from secure_aks_security.engine.registration import framework, schema
from secure_aks_security.judging.judge import Record
from secure_aks_security.judging.resources import Resource, token_without_version
from secure_aks_security.judging.values import from_props
from secure_aks_security.model import Compliance, Level, Parameter
from secure_aks_security.objects import objects
from secure_aks_security.stack_file.configuration import Configuration, Setting


class Report:
    """Takes what a rule finds: violations, each with the URN of the resource to blame, and what is unknown."""

    def __init__(self, violation: Callable[..., None]) -> None:
        self._violation = violation
        self.unknown_words: list[str] = []

    def violation(self, message: str, urn: str | None = None) -> None:
        """Report a violation."""
        self._violation(message, urn)

    def unknown(self, message: str) -> None:
        """Report that the rule cannot be judged before the update."""
        self.unknown_words.append(message)


@dataclass(frozen=True)
class Stack:
    """All resources of the stack with their outputs, and what the pack knows besides."""

    resources: list[Resource]
    configuration: Configuration
    record: Record
    today: date
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def of_kind(self, kind: str, group: str) -> Iterator[Resource]:
        """Yield the Kubernetes objects of a kind of an API group."""
        return (
            item
            for resource in self.resources
            for item in objects(resource)
            if item.kind == kind and item.group in {group, None}
        )

    def of_type(self, token: str) -> Iterator[Resource]:
        """Yield the resources of a type token, of whatever API version."""
        return (resource for resource in self.resources if token_without_version(resource.type) == token)

    def exempt(self, rule: str, resource: Resource) -> bool:
        """Tell whether an exemption that still holds covers the resource; it has been of use then."""
        covering = {
            exemption
            for exemption in self.configuration.all_exemptions
            if exemption.rule == rule and not exemption.expired(self.today) and exemption.covers(resource)
        }
        self.record.used.update(covering)
        return bool(covering)


class StackRule:
    """One rule about the whole stack; subclasses set the class attributes and write `check`."""

    id: str
    title: str
    level: Level = Level.MANDATORY
    severity: str = "medium"
    why: str
    remedy: str
    link: str = ""
    parameters: Mapping[str, Parameter] = MappingProxyType({})
    compliance: tuple[Compliance, ...] = ()
    watched: tuple[str, ...] = ()
    """The type tokens whose inputs it reads."""
    only_tells: bool = False
    """Whether it stops nothing, even where the stack file makes all rules mandatory."""

    def check(self, stack: Stack, report: Report) -> None:
        """Report every violation in `stack`."""
        raise NotImplementedError

    def say(self, words: str) -> str:
        """Return the words of a violation."""
        return f"[{self.id}] {words}. {self.remedy}"


class StackPolicy(StackValidationPolicy):
    """A stack rule as a policy that any CrossGuard host can run."""

    def __init__(
        self, rule: StackRule, setting: Setting, make: Callable[[list[Resource], Mapping[str, Any]], Stack]
    ) -> None:
        only_tells = rule.only_tells and setting.level is Level.MANDATORY
        level = Level.ADVISORY if only_tells else setting.level
        super().__init__(  # pyright: ignore[reportUnknownMemberType] - the SDK leaves its Awaitables open
            name=rule.id,
            description=f"{rule.title}.",
            validate=self._validate,
            enforcement_level=EnforcementLevel(level.value),
            config_schema=schema(rule.parameters, setting),
            display_name=rule.title,
            severity=Severity(rule.severity),
            framework=framework(rule.compliance),
            tags=["stack"],
            remediation_steps=rule.remedy,
            url=rule.link or None,
        )
        self.rule = rule
        self._parameters = setting.parameters
        self._make = make

    def check(self, resources: list[Resource], parameters: Mapping[str, Any], report: Report) -> None:
        """Run the rule over plain resources; `parameters` are what the engine configured."""
        stack = self._make(resources, {**self._parameters, **parameters})
        try:
            self.rule.check(stack, report)
        except Exception as error:  # noqa: BLE001 - whatever the resources hold, it must not end the deployment
            report.violation(f"[{self.rule.id}] the stack cannot be judged: {error!r}")
        for words in report.unknown_words:
            stack.record.unknown[(self.rule.id,), words.removeprefix(f"[{self.rule.id}] ")].add(("", ""))

    def _validate(self, args: StackValidationArgs, report_violation: Callable[..., None]) -> None:
        parents = {item.parent.urn for item in args.resources if item.parent}
        resources = [_resource(item, parents) for item in args.resources]
        self.check(resources, args.get_config(), Report(report_violation))


def _resource(item: Any, parents: set[str]) -> Resource:
    depends = {name: [other.urn for other in others] for name, others in item.property_dependencies.items()}
    return Resource(
        item.resource_type,
        item.urn,
        item.name,
        from_props(item.props),
        depends=depends,
        childless=item.urn not in parents,
        provider=item.provider.urn if item.provider else "",
    )
