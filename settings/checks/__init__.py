"""The checks across keys and sections: each takes a draft and yields what it finds."""

from collections.abc import Callable, Iterable, Iterator

from settings.checks import (
    api_server,
    cluster,
    exemptions,
    images,
    kured,
    labels,
    maintenance,
    network,
    node_updates,
    pools,
    prod,
    profiles,
    promotion,
    teams,
    upgrades,
    versions,
)
from settings.draft import Draft
from settings.finding import Finding

Check = Callable[[Draft], Iterable[Finding]]

CHECKS: tuple[Check, ...] = (
    cluster.check, api_server.check, network.check, pools.check, upgrades.check, labels.check, images.check,
    versions.check, teams.check, node_updates.check, kured.check, maintenance.check, profiles.check, promotion.check,
    prod.check, exemptions.check,
)  # fmt: skip


def findings(draft: Draft) -> Iterator[Finding]:
    """Yield what every check finds and no exemption lifts."""
    found = [finding for check in CHECKS for finding in check(draft)]
    yield from exemptions.lift(draft, found)
