"""The pack judges by fresh data, a real clock and settings it can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle import clock
from secure_aks_lifecycle.judging.finding import Finding
from secure_aks_lifecycle.judging.rule import Param, Params, Rule
from secure_aks_lifecycle.versions.advice import refresh

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from secure_aks_lifecycle.judging.context import Context
    from secure_aks_lifecycle.judging.resource import Resource


def check(_resources: Sequence[Resource], context: Context, params: Params) -> Iterable[Finding]:
    """Report an old catalog, an overridden clock, and settings that could not be read or are spent."""
    age = context.catalog.age_days(context.today)
    if age > params["catalogDays"]:
        yield Finding(
            f"the version catalog of {context.catalog.date} is {age} days old; {refresh(context.config.location)}"
        )
    if clock.overridden():
        yield Finding(
            f"the clock is overridden: {clock.VARIABLE} says {context.now.isoformat()}; unset it outside tests"
        )
    for problem in context.config.problems:
        yield Finding(problem)
    for exemption in context.config.exemptions:
        if exemption.rule in context.exemptable and not exemption.holds(context.today):
            yield Finding(
                f"the exemption of {exemption.name} from {exemption.rule} ended on {exemption.until} ({exemption.reason}); delete it"
            )


RULE = Rule(
    id="pack-inputs",
    title="The pack judges by a fresh version catalog, the real clock and settings it can read.",
    level="advisory",
    why="An old catalog calls a version supported that is not, and knows nothing of newer ones.",
    remedy="Refresh the catalog, unset the clock, mend the settings.",
    stack_check=check,
    params={
        "catalogDays": Param("integer", 45, "Days the version catalog may be old.", minimum=1, maximum=365)
    },
)
