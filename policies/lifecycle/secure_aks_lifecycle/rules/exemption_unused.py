"""Exemptions that nothing needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.judging.finding import Finding
from secure_aks_lifecycle.judging.rule import Params, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from secure_aks_lifecycle.judging.context import Context
    from secure_aks_lifecycle.judging.resource import Resource


def check(_resources: Sequence[Resource], context: Context, _params: Params) -> Iterable[Finding]:
    """Report each exemption that no violation met, once every other rule has judged; not while its rule is unsure."""
    for exemption in context.config.exemptions:
        if (
            exemption.rule in context.exemptable - context.needed.unknown.keys()
            and exemption.holds(context.today)
            and exemption not in context.needed.exemptions
        ):
            yield Finding(
                f"nothing needs the exemption of {exemption.name} from {exemption.rule} ({exemption.reason}); delete it"
            )


RULE = Rule(
    id="lifecycle-exemption-unused",
    title="Exemptions from the rules of this pack are needed.",
    level="advisory",
    severity="low",
    why="An exemption that nothing needs any more silently lets the next violation of that name through.",
    remedy="Remove it from `secure-aks:exemptions`.",
    stack_check=check,
)
