"""A rehearsal as text: pool by pool, batch by batch, who would be stuck and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .drains import Rehearsed


def as_text(done: Rehearsed) -> str:
    """Return the report."""
    return "\n".join(_lines(done))


def _lines(done: Rehearsed) -> Iterator[str]:
    for pool, batches in done.batches.items():
        nodes = sum(map(len, batches))
        yield f"pool {pool}: {nodes} node{'s' if nodes != 1 else ''} in {len(batches)} batch{'es' if len(batches) != 1 else ''}"
        stuck = [one for one in done.stuck if one.pool == pool]
        for one in stuck:
            on = f" on {one.node}" if one.node else ""
            yield f"  batch {one.batch}: pod {one.namespace}/{one.pod}{on}: {one.why}"
            yield f"    {one.remedy}"
        if not stuck:
            yield "  every pod goes, and finds a place"
    for name in done.not_asked:
        yield f"Not rehearsed: webhook {name}, which the cluster asks before it evicts a pod. `check` asks it, by a dry run: EVICT001."
    count = len({(one.namespace, one.pod) for one in done.stuck})
    yield f"{count} pod{'s' if count != 1 else ''} would be stuck." if count else "Nothing would be stuck."
