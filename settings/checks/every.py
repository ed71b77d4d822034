"""Every check, and what is left of their findings after the exemptions."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from settings.checks import (
    cluster,
    exemptions,
    existing,
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
from settings.checks.cluster import environment
from settings.checks.draft import Draft
from settings.checks.finding import MOST, Finding
from settings.checks.nodes import kured, maintenance, node_updates, profiles
from settings.checks.teams import basics, openings, platform

Check = Callable[[Draft], Iterable[Finding]]

CHECKS: tuple[Check, ...] = (
    *cluster.CHECKS, *features.CHECKS, *network.CHECKS, *pools.CHECKS, *teams.CHECKS, *nodes.CHECKS, *extra.CHECKS, promotion.check, *version_owner.CHECKS, policies.check, prod.check,
    exemptions.check,
)  # fmt: skip
INSIDE: tuple[Check, ...] = (
    environment.check, existing.check, basics.check, platform.check, openings.check, node_updates.check, kured.check,
    maintenance.check, profiles.check, policies.check, prod.check, exemptions.check,
)  # fmt: skip
"""Those of a stack on a cluster that is there already."""


def findings(draft: Draft) -> Iterator[Finding]:
    """Yield what every check finds and no exemption lifts, the first few hundred of it."""
    checks = INSIDE if draft.is_existing else CHECKS
    found = (finding for check in checks for finding in check(draft))
    yield from islice(exemptions.lift(draft, found), MOST)
