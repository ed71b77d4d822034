"""What the stack file says to the pack must make sense."""

from secure_aks_security.stack.base import Report, Stack, StackRule


class PackConfiguration(StackRule):
    """A rule or exemption spelt wrong is not in force; that is a violation, not a warning in a log."""

    id = "pack-configuration"
    title = "The pack's configuration must make sense"
    severity = "high"
    why = "A misspelt rule, level or exemption would otherwise be ignored in silence."
    remedy = "Correct the stack file."

    def check(self, stack: Stack, report: Report) -> None:
        """Report each problem the configuration was read with."""
        for problem in stack.configuration.problems:
            report.violation(self.say(problem))
