"""The rules as CrossGuard policies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    ResourceValidationPolicy,
    Severity,
    StackValidationPolicy,
)

from secure_aks_lifecycle.judging.plain import plain
from secure_aks_lifecycle.judging.resource import Resource, plain_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pulumi_policy import PolicyResource, ReportViolation, ResourceValidationArgs, StackValidationArgs

    from secure_aks_lifecycle.judging.finding import Finding
    from secure_aks_lifecycle.judging.judge import Judge
    from secure_aks_lifecycle.judging.rule import Rule

_KUBERNETES = ("apiVersion", "kind", "metadata")
"""What the rules read of a Kubernetes resource; to convert the rest would cost time at every one of them."""


@dataclass(frozen=True, slots=True)
class Pack:
    """Turns rules into policies, with levels and defaults of parameters as the stack file says."""

    judge: Judge

    def policy(self, rule: Rule) -> Policy:
        """Return the policy of a rule."""
        common: dict[str, Any] = {
            "name": rule.id,
            "description": rule.title,
            "enforcement_level": EnforcementLevel(self.judge.level(rule)),
            "config_schema": self._schema(rule),
            "severity": Severity(rule.severity),
            "remediation_steps": rule.remedy,
        }
        if rule.stack_check or rule.on_stack:
            return StackValidationPolicy(validate=self._validate_stack(rule), **common)
        return ResourceValidationPolicy(validate=self._validate(rule), **common)

    def exemptions(self, name: str, title: str, severity: Severity, rules: Iterable[Rule]) -> Policy:
        """Return the policy that shows which violations of some rules are exempt, with reason and end date.

        The rules are all `on_stack` or none of them is.
        """
        shown = tuple(rules)
        common: dict[str, Any] = {
            "name": name,
            "description": title,
            "enforcement_level": EnforcementLevel.ADVISORY,
            "severity": severity,
        }

        def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
            token = plain_type(args.resource_type)
            for rule in shown:
                if rule.applies(token):
                    self._show_exempted(rule, self._resource(token, args), report)

        def validate_stack(args: StackValidationArgs, report: ReportViolation) -> None:
            for rule in shown:
                for resource in _picked(rule, args):
                    self._show_exempted(rule, resource, report)

        if any(rule.on_stack for rule in shown):
            return StackValidationPolicy(validate=validate_stack, **common)
        return ResourceValidationPolicy(validate=validate, **common)

    def unknown(self, name: str, title: str) -> Policy:
        """Return the policy that tells, in one line, what the rules before it could not judge; it stops nothing."""

        def validate(_args: StackValidationArgs, report: ReportViolation) -> None:
            unknown = self.judge.context.needed.unknown
            if unknown:
                parts = (f"{rule} - {', '.join(said)}" for rule, said in sorted(unknown.items()))
                report(f"unknown until `up` or better data: {'; '.join(parts)}", None)

        return StackValidationPolicy(
            name=name,
            description=title,
            enforcement_level=EnforcementLevel.ADVISORY,
            severity=Severity.LOW,
            validate=validate,
        )

    def _show_exempted(self, rule: Rule, resource: Resource, report: ReportViolation) -> None:
        for exemption, finding in self.judge.exempted(rule, resource):
            text = f"exempt from {rule.id} until {exemption.until}: {exemption.reason}. Without it: {finding.message}"
            report(text, resource.urn if rule.on_stack else None)

    def _schema(self, rule: Rule) -> PolicyConfigSchema | None:
        defaults = self.judge.params(rule)
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
                _report(self.judge.resource(rule, self._resource(token, args), args.get_config()), report)

        return validate

    def _validate_stack(self, rule: Rule) -> Callable[[StackValidationArgs, ReportViolation], None]:
        def validate(args: StackValidationArgs, report: ReportViolation) -> None:
            resources, given = _picked(rule, args), args.get_config()
            if rule.stack_check:
                return _report(self.judge.stack(rule, resources, given), report)
            found = [
                replace(finding, urn=finding.urn or resource.urn)
                for resource in resources
                for finding in self.judge.resource(rule, resource, given)
            ]
            return _report(found, report)

        return validate

    def _resource(self, token: str, args: ResourceValidationArgs) -> Resource:
        resource = _plain(token, args)
        self.judge.context.seen.note(resource)
        return resource


def _picked(rule: Rule, args: StackValidationArgs) -> list[Resource]:
    tokens = ((plain_type(item.resource_type), item) for item in args.resources)
    return [_plain(token, item) for token, item in tokens if rule.applies(token)]


def _plain(token: str, args: ResourceValidationArgs | PolicyResource) -> Resource:
    keep = _KUBERNETES if token.startswith("kubernetes:") else None
    return Resource(token, args.urn, args.name, cast("dict[str, Any]", plain(args.props, keep)))


def _report(findings: list[Finding], report: ReportViolation) -> None:
    for finding in findings:
        if not finding.unknown:  # those are told together, by `Pack.unknown`
            report(finding.message, finding.urn)
