"""What could not be judged, in one line."""

from secure_aks_security.judging.evaluation import NOT_KNOWN
from secure_aks_security.model import Level
from secure_aks_security.stack.base import Report, Stack, StackRule

_NAMES = 12
"""How many resources are named for one value; the others are counted."""


class UnknownVerdicts(StackRule):
    """Tells the verdicts that wait for the update, so that a quiet preview is not taken for a clean one."""

    id = "unknown-verdicts"
    title = "Verdicts that are unknown until `up`"
    level = Level.ADVISORY
    severity = "low"
    only_tells = True
    why = "A value that only the update brings cannot be judged at preview; `up` and the admission policies judge it then."
    remedy = "Give values that are known at preview where that is possible."

    def check(self, stack: Stack, report: Report) -> None:
        """Report them all together: how many, which rules, what they do not know, of which resources."""
        unknown = stack.record.unknown
        if not unknown:
            return
        total = sum(len(rules) * len(where) for (rules, _), where in unknown.items())
        parts = [
            f"{', '.join(rules)} - {words.removeprefix(NOT_KNOWN)}{_at(where)}"
            for (rules, words), where in sorted(unknown.items())
        ]
        plural = "s are" if total > 1 else " is"
        report.violation(self.say(f"{total} verdict{plural} unknown until `up`: {'; '.join(parts)}"))


def _at(where: set[tuple[str, str]]) -> str:
    names = sorted(name for urn, name in where if urn)
    if not names:
        return ""
    more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    return f" ({', '.join(names[:_NAMES])}{more})"
