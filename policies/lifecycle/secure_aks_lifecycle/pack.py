"""The rules as CrossGuard policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    ResourceValidationPolicy,
    Severity,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError

from .finding import Finding
from .plain import plain
from .resource import Resource, plain_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pulumi_policy import ReportViolation, ResourceValidationArgs, StackValidationArgs

    from .context import Context
    from .rule import Rule


class _NotKnownYetError(UnknownValueError):
    """Reported by the SDK as an advisory "can't run policy", which is how Pulumi shows an unknown verdict."""

    def __init__(self, message: str) -> None:
        Exception.__init__(self, message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Judge:
    """Applies rules in a context and reports what they find."""

    context: Context

    def policies(self, rules: Iterable[Rule]) -> list[Policy]:
        """Turn rules into policies, with levels and defaults of parameters as the stack file says."""
        return [self._policy(rule) for rule in rules]

    def _policy(self, rule: Rule) -> Policy:
        common: dict[str, Any] = {
            "name": rule.id,
            "description": rule.title,
            "enforcement_level": EnforcementLevel(self.level(rule)),
            "config_schema": self._schema(rule),
            "severity": Severity(rule.severity),
            "remediation_steps": rule.remedy,
        }
        if rule.check is None:
            return StackValidationPolicy(validate=self._validate_stack(rule), **common)
        return ResourceValidationPolicy(validate=self._validate(rule), **common)

    def level(self, rule: Rule) -> str:
        """Return a rule's enforcement level: its own entry in the stack file, the entry `all`, or its default."""
        levels = self.context.config.levels
        return levels.get(rule.id) or levels.get("all") or rule.level

    def params(self, rule: Rule, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return a rule's parameters: given by the engine, else by the stack file, else its defaults."""
        config = self.context.config
        settings = {"versionRules": config.version_rules, "promotion": config.promotion}
        found = {name: param.default for name, param in rule.params.items()}
        for name, param in rule.params.items():
            if param.setting and param.setting[1] in settings[param.setting[0]]:
                found[name] = settings[param.setting[0]][param.setting[1]]
        for source in (config.params.get(rule.id, {}), given or {}):
            found.update({name: plain(value) for name, value in source.items() if name in rule.params})
        return found

    def _schema(self, rule: Rule) -> PolicyConfigSchema | None:
        defaults = self.params(rule)
        properties: dict[str, dict[str, Any]] = {}
        for name, param in rule.params.items():
            limits = {"minimum": param.minimum, "maximum": param.maximum}
            properties[name] = {
                "type": param.type,
                "default": defaults[name],
                "description": param.description,
                **{key: value for key, value in limits.items() if value is not None},
            }
        return PolicyConfigSchema(properties=properties) if properties else None

    def _validate(self, rule: Rule) -> Callable[[ResourceValidationArgs, ReportViolation], None]:
        def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
            token = plain_type(args.resource_type)
            if rule.applies(token):
                resource = self._resource(token, args)
                _report(self.judge(rule, resource, args.get_config()), report)

        return validate

    def _validate_stack(self, rule: Rule) -> Callable[[StackValidationArgs, ReportViolation], None]:
        def validate(args: StackValidationArgs, report: ReportViolation) -> None:
            _report(self.judge_stack(rule, args.get_config()), report)

        return validate

    def _resource(self, token: str, args: ResourceValidationArgs) -> Resource:
        resource = Resource(token, args.urn, args.name, cast("dict[str, Any]", plain(args.props)))
        self.context.seen.note(resource)
        return resource

    def judge(self, rule: Rule, resource: Resource, given: Mapping[str, Any] | None = None) -> list[Finding]:
        """Return what a rule finds in a resource, without what is exempt. Never raises."""
        check = rule.check
        if check is None:
            return []
        return _safely(rule, lambda: check(resource, self.context, self.params(rule, given)))

    def judge_stack(self, rule: Rule, given: Mapping[str, Any] | None = None) -> list[Finding]:
        """Return what a rule finds in the stack as a whole, without what is exempt. Never raises."""
        check = rule.stack_check
        if check is None:
            return []
        return _safely(rule, lambda: check(self.context, self.params(rule, given)))


def _safely(rule: Rule, check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    try:
        return list(check())
    except Exception as error:  # noqa: BLE001  # an exception would abort the whole deployment: report it as a violation
        return [
            Finding(
                f"the rule itself failed ({type(error).__name__}: {error}); please report it. Until it is mended, "
                f"`secure-aks:policies: {{lifecycle: {{{rule.id}: disabled}}}}` in the stack file switches it off"
            )
        ]


def _report(findings: list[Finding], report: ReportViolation) -> None:
    for finding in findings:
        if not finding.unknown:
            report(finding.message, finding.urn)
    unknown = [finding.message for finding in findings if finding.unknown]
    if unknown:
        raise _NotKnownYetError("; ".join(unknown))
