"""Exemptions whose last day is over."""

from secure_aks_security.stack.base import Report, Stack, StackRule


class ExemptionExpired(StackRule):
    """An exemption that ended no longer holds; it is to be renewed with a reason or removed."""

    id = "exemption-expired"
    title = "Exemptions must not have ended"
    why = "An exemption is for a time; what it covered is refused again from the day after."
    remedy = "Mend the resource and remove the exemption, or renew it with a new date and reason."

    def check(self, stack: Stack, report: Report) -> None:
        """Report each exemption that has ended."""
        for exemption in stack.configuration.exemptions:
            if exemption.expired(stack.today):
                report.violation(self.say(f"the exemption from {exemption} ended on {exemption.until}"))
