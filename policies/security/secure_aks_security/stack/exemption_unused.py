"""Exemptions that nothing needed."""

from secure_aks_security.model import Level
from secure_aks_security.stack.base import Report, Stack, StackRule


class ExemptionUnused(StackRule):
    """An exemption that covers no violation is a hole for something to come."""

    id = "exemption-unused"
    title = "Exemptions must be needed"
    level = Level.ADVISORY
    severity = "low"
    why = "An exemption nobody needs any more silently lets the next violation of that name through."
    remedy = "Remove it from secure-aks:exemptions."

    def check(self, stack: Stack, report: Report) -> None:
        """Report each of the stack's own exemptions that no violation met."""
        for exemption in stack.configuration.exemptions:
            if exemption.until and not exemption.expired(stack.today) and exemption not in stack.record.used:
                report.violation(self.say(f"nothing needs the exemption from {exemption}"))
