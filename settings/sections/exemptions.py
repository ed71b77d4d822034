"""What is told otherwise, by name: rule, resource, reason, end date."""

from datetime import date

from settings.fields.days import Day
from settings.sections.base import Section


class ExemptResource(Section):
    """The resource that is exempt; patterns may hold `*` and `?`."""

    name: str
    """Name of the resource, or a pattern; a bare wildcard is refused."""
    kind: str | None = None
    """Kubernetes kind."""
    namespace: str | None = None
    """Kubernetes namespace."""
    type: str | None = None
    """Pulumi type token."""


class Exemption(Section):
    """One rule that does not hold for one resource until a day."""

    rule: str
    """Id of the rule."""
    resource: ExemptResource
    """What it does not hold for."""
    reason: str
    """Why, for those who read it later."""
    until: Day
    """Last day of the exemption."""

    def holds(self, today: date) -> bool:
        """Whether the exemption still counts on that day."""
        return today <= self.until
