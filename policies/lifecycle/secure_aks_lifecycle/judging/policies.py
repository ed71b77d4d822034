"""The policies of this pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_policy import EnforcementLevel, Severity, StackValidationPolicy

from secure_aks_lifecycle.judging import inline_pool
from secure_aks_lifecycle.judging.context import Context
from secure_aks_lifecycle.judging.judge import Judge
from secure_aks_lifecycle.judging.pack import Pack
from secure_aks_lifecycle.rules import RULES, promotion
from secure_aks_lifecycle.stack.stack_config import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pulumi_policy import Policy, ReportViolation, StackValidationArgs

    from secure_aks_lifecycle.judging.rule import Rule

NAME = "secure-aks-lifecycle"
EXEMPT = ("exemption-in-use", "What is exempt from a rule of this pack is shown.")
EXEMPT_STEP = ("step-exemption-in-use", "A step that is exempt from a rule of this pack is shown.")
UNKNOWN = ("unknown-verdicts", "What this pack cannot judge yet is told, and judged where it is known.")
EMERGENCY = ("emergency-override", "A version that overtakes the followed stack is shown.")
TOLD = {**dict((EXEMPT, EXEMPT_STEP, EMERGENCY, UNKNOWN)), inline_pool.NAME: inline_pool.DESCRIPTION}
"""What this pack's policies tell or mend beside its rules, by their names."""

_ALONE = [rule for rule in RULES if rule.check and not rule.on_stack]
_STEPS = [rule for rule in RULES if rule.check and rule.on_stack and rule is not promotion.RULE]


def _any_of(rules: Sequence[Rule]) -> Callable[[str], bool]:
    return lambda token: any(rule.applies(token) for rule in rules)


READERS: dict[str, Callable[[str], bool]] = {
    **{rule.id: rule.applies for rule in RULES},
    inline_pool.NAME: lambda token: token == inline_pool.CLUSTER,
    EXEMPT[0]: _any_of(_ALONE),
    EXEMPT_STEP[0]: _any_of(_STEPS),
    EMERGENCY[0]: promotion.RULE.applies,
    UNKNOWN[0]: lambda _token: False,
}
"""By policy, which resources it reads, by their type token without an API version."""


def policies(config: Mapping[str, Any]) -> list[Policy]:
    """Return the pack's policies for a stack's flat configuration (what the engine passes in `PULUMI_CONFIG`)."""
    names = frozenset({rule.id for rule in RULES if rule.check})
    try:
        context = Context.load(config, exemptable=names, known=frozenset({rule.id for rule in RULES}))
    except ValueError as error:
        return [_broken(str(error))]
    judge = Judge(context)
    context.config = context.config.with_problems(
        f"{PROJECT}:policies.lifecycle.{text}" for text in judge.misfits(RULES)
    )
    pack = Pack(judge)
    return [
        *(pack.policy(rule) for rule in RULES),
        inline_pool.policy(context.config.system_pool),
        pack.exemptions(*EXEMPT, Severity.MEDIUM, _ALONE),
        pack.exemptions(*EXEMPT_STEP, Severity.MEDIUM, _STEPS),
        pack.exemptions(*EMERGENCY, Severity.CRITICAL, [promotion.RULE]),
        pack.unknown(*UNKNOWN),  # after every rule
    ]


def _broken(problem: str) -> Policy:
    """Return the one policy of a pack that cannot judge anything: it refuses, and says why."""

    def validate(_args: StackValidationArgs, report: ReportViolation) -> None:
        report(problem, None)

    return StackValidationPolicy(
        name="pack-inputs",
        description="The pack can read its catalog and its clock.",
        enforcement_level=EnforcementLevel.MANDATORY,
        validate=validate,
    )
