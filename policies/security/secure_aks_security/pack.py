"""The pack's policies, put together from the rules and the stack file."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pulumi_policy import Policy

from secure_aks_security import clock
from secure_aks_security.engine.policies import Judging, RulePolicy
from secure_aks_security.judging.judge import Judge, Record
from secure_aks_security.judging.resources import Resource
from secure_aks_security.rules import load_rules
from secure_aks_security.stack import STACK_RULES, Stack, StackPolicy
from secure_aks_security.stack_file.configuration import Configurable, Setting, from_environment

NAME = "secure-aks-security"


def make() -> tuple[list[Policy], Judging]:
    """Return the policies, levels and parameters as PULUMI_CONFIG says, and the judge behind them."""
    rules, stack_rules = load_rules(), [rule() for rule in STACK_RULES]
    configurable: list[Configurable] = [*rules, *stack_rules]
    configuration = from_environment(configurable)
    watched = frozenset(token for rule in stack_rules for token in rule.watched)
    record = Record(watched=watched)
    try:
        today = clock.today()
    except ValueError as error:
        configuration = replace(configuration, problems=(*configuration.problems, str(error)))
        today = clock.real_today()

    def judging(settings: Mapping[str, Setting]) -> Judge:
        configured = replace(configuration, settings={**configuration.settings, **settings})
        return Judge(rules, configured, today, record)

    def stack(resources: list[Resource], parameters: Mapping[str, Any]) -> Stack:
        known = [_with_inputs(resource, record) for resource in resources]
        return Stack(known, configuration, record, today, parameters)

    policies: list[Policy] = [RulePolicy(rule, configuration.settings[rule.id], judging) for rule in rules]
    policies += [StackPolicy(rule, configuration.settings[rule.id], stack) for rule in stack_rules]
    return policies, judging


def _with_inputs(resource: Resource, record: Record) -> Resource:
    """Return a resource of the finished stack with what was declared about it."""
    declared = record.inputs.get(resource.urn)
    if declared is None:
        return resource
    properties = {**resource.properties, **declared.properties}
    return replace(declared, properties=properties, depends=resource.depends, childless=resource.childless)
