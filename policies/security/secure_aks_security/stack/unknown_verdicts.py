"""How much could not be judged."""

from secure_aks_security.model import Level
from secure_aks_security.stack.base import Report, Stack, StackRule


class UnknownVerdicts(StackRule):
    """Counts the verdicts that wait for the update, so that a quiet preview is not taken for a clean one."""

    id = "unknown-verdicts"
    title = "Verdicts that are not known before the update"
    level = Level.ADVISORY
    severity = "low"
    why = "A value that only the update brings cannot be judged at preview; the admission policies judge it then."
    remedy = "Give values that are known at preview where that is possible."

    def check(self, stack: Stack, report: Report) -> None:
        """Report the count for each rule."""
        unknown = {rule: urns for rule, urns in stack.record.unknown.items() if urns}
        if not unknown:
            return
        total = sum(len(urns) for urns in unknown.values())
        parts = ", ".join(f"{rule}: {len(urns)}" for rule, urns in sorted(unknown.items()))
        report.violation(self.say(f"{total} verdicts are not known before the update ({parts})"))
