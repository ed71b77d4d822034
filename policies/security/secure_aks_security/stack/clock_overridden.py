"""The pack's day is not today."""

from secure_aks_security import clock
from secure_aks_security.model import Level
from secure_aks_security.stack.base import Report, Stack, StackRule


class ClockOverridden(StackRule):
    """Says so when SECURE_AKS_CLOCK decides which exemptions have ended."""

    id = "clock-overridden"
    title = "The pack runs on another day than today"
    level = Level.ADVISORY
    severity = "low"
    why = "With another day, exemptions that have ended look valid."
    remedy = f"Unset {clock.VARIABLE} outside tests."

    def check(self, stack: Stack, report: Report) -> None:
        """Report the override."""
        if clock.override():
            report.violation(self.say(f"{clock.VARIABLE} makes it {stack.today}"))
