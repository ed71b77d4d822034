"""The policies of this pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_policy import EnforcementLevel, StackValidationPolicy

from .context import Context
from .pack import Judge
from .rules import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_policy import Policy, ReportViolation, StackValidationArgs

NAME = "secure-aks-lifecycle"


def policies(config: Mapping[str, Any]) -> list[Policy]:
    """Return the pack's policies for a stack's flat configuration (what the engine passes in `PULUMI_CONFIG`)."""
    try:
        context = Context.load(config)
    except ValueError as error:
        return [_broken(str(error))]
    return Judge(context).policies(RULES)


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
