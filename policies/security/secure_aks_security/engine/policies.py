"""The rules as CrossGuard policies: one each, with its own name, level, parameters and compliance reference."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from pulumi_policy import (
    EnforcementLevel,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
)

from secure_aks_security.engine.registration import framework, schema
from secure_aks_security.engine.remediation import remedied
from secure_aks_security.judging.evaluation import Verdict
from secure_aks_security.judging.judge import Judge, grouped
from secure_aks_security.judging.resources import Resource, judged_by
from secure_aks_security.judging.values import from_props
from secure_aks_security.model import Level, Rule
from secure_aks_security.objects import objects
from secure_aks_security.shapes import mapping
from secure_aks_security.stack_file.configuration import Setting

Judging = Callable[[Mapping[str, Setting]], Judge]
"""Gives the judge for settings by rule id (a rule that is absent keeps the stack file's)."""


class RulePolicy(ResourceValidationPolicy):
    """One rule as a policy that any CrossGuard host can run.

    The pack's own server (`server.py`) does not call `validate`: it judges every rule in one go.
    """

    def __init__(self, rule: Rule, setting: Setting, judging: Judging) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType] - the SDK leaves its Awaitables open
            name=rule.id,
            description=f"{rule.title}.",
            validate=self._validate,
            # The SDK takes a mapping as it is, whatever its type says about waiting for one.
            remediate=cast("Any", self._remediate) if rule.remediation else None,
            enforcement_level=EnforcementLevel(setting.level.value),
            config_schema=schema(rule.parameters, setting),
            display_name=rule.title,
            severity=Severity(rule.severity),
            framework=framework(rule.compliance),
            tags=[rule.area.name],
            remediation_steps=rule.remedy,
            url=rule.link,
        )
        self.rule = rule
        self._parameters = setting.parameters
        self._judging = judging

    def _validate(self, args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        # The host has taken the level into account already: what is disabled never comes here.
        judge = self._judging({self.name: self.setting(Level.MANDATORY, args.get_config())})
        for finding in grouped(judge.judge(resource_of(args), only=self.name), args.name):
            if finding.verdict is not Verdict.UNKNOWN:  # those are told together, by unknown-verdicts
                report_violation(finding.message, None)

    def _remediate(self, args: ResourceValidationArgs) -> dict[str, Any] | None:
        """Return repaired properties for a resource that the rule refuses and no exemption covers."""
        judge = self._judging({self.name: self.setting(Level.MANDATORY, args.get_config())})
        resource = resource_of(args)
        items = [item for item in objects(resource) if judged_by(item, self.rule.area)]
        refused = any(found.verdict is Verdict.FAIL for found in judge.judge(resource, only=self.name))
        if not refused or len(items) != 1 or items[0].patch:
            return None  # of a list or a patch the answer is not one
        return remedied(self.rule, items[0].kind, args.props)

    def setting(self, level: Level, parameters: Mapping[str, Any]) -> Setting:
        """Return the stack file's setting with what the engine says about it."""
        return Setting(level, {**self._parameters, **parameters})


def resource_of(args: ResourceValidationArgs) -> Resource:
    """Return a policy's arguments as the rules see them."""
    provider = from_props(args.provider.props) if args.provider else None
    namespace = str(mapping(provider).get("namespace") or "")
    ignored = tuple(args.opts.ignore_changes)
    return Resource(
        args.resource_type, args.urn, args.name, from_props(args.props), namespace, ignored=ignored
    )
