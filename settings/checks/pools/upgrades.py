"""How upgrades go through a pool's nodes."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.sections.pools import Pool

_NONE = {"0", "0%", None}


def check(draft: Draft) -> Iterator[Finding]:
    """Yield surges and absences that AKS refuses."""
    for path, pool in draft.pools.items():
        if pool.is_spot:
            if "upgrade" in pool.model_fields_set:
                why = "AKS gives a spot pool no surge nodes and drains none of its nodes"
                yield Finding(f"{path}.upgrade", why, "remove `upgrade`")
        else:
            yield from _surge(f"{path}.upgrade", pool)


def _surge(path: str, pool: Pool) -> Iterator[Finding]:
    surge, unavailable = pool.upgrade.max_surge, pool.upgrade.max_unavailable
    if unavailable in _NONE and surge in _NONE:
        why = "without a surge node and with no node that may be missing, no upgrade can begin"
        yield Finding(f"{path}.maxSurge", why, 'write "33%", or "1" for a small pool')
        return
    if unavailable in _NONE:
        return
    if pool.mode == "System":
        why = "AKS does not allow it on system pools"
        yield Finding(f"{path}.maxUnavailable", why, 'remove it, and write `maxSurge: "33%"`')
    if surge not in _NONE:
        why = "a pool upgrades either with extra nodes or with missing ones"
        yield Finding(f"{path}.maxUnavailable", why, 'remove it, or write `maxSurge: "0"`')
