"""What of the policy packs a stack switches off, or escapes by another environment, as findings: nothing judges it, at a preview or anywhere else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from settings.switched_off import REMEDY, excused, other_environment, switched_off

from .values import SWITCHED_OFF, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from settings import StackSettings

    from .values import Report


def with_off(report: Report, settings: StackSettings) -> Report:
    """Return a stack's report with what its file switches off."""
    return replace(report, findings=(*report.findings, *found(settings)))


def found(settings: StackSettings) -> Iterator[Finding]:
    """Yield a finding for each part of the packs that a stack switches off, and for an environment that is not its name's, with the exemption that lets it."""
    for part in switched_off(settings.policies):
        by = excused(part, settings.exemptions)
        let = f"; exempt until {by.until}: {by.reason}" if by else ""
        yield Finding(SWITCHED_OFF, "", f"{part}{let}", REMEDY, part.path)
    for exempt in other_environment(settings.exemptions, settings.environment):
        remedy = "write the environment of the stack's name, or give the stack another name"
        yield Finding(SWITCHED_OFF, "", str(exempt), remedy, exempt.path)
