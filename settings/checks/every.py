"""Every check, and what is left of their findings after the exemptions."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from settings.checks import (
    cluster,
    exemptions,
    extra,
    features,
    network,
    nodes,
    policies,
    pools,
    prod,
    promotion,
    teams,
    version_owner,
)
from settings.checks.draft import Draft
from settings.checks.finding import MOST, Finding

Check = Callable[[Draft], Iterable[Finding]]

CHECKS: tuple[Check, ...] = (
    *cluster.CHECKS, *features.CHECKS, *network.CHECKS, *pools.CHECKS, *teams.CHECKS, *nodes.CHECKS, *extra.CHECKS, promotion.check, *version_owner.CHECKS, policies.check, prod.check,
    exemptions.check,
)  # fmt: skip


def findings(draft: Draft) -> Iterator[Finding]:
    """Yield what every check finds and no exemption lifts, the first few hundred of it."""
    found = (finding for check in CHECKS for finding in check(draft))
    yield from islice(exemptions.lift(draft, found), MOST)
