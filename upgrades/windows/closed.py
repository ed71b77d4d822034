"""What keeps a stack's `upgrades` window closed for as long as anybody looks ahead, and what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from settings.sections.maintenance import Maintenance

_TOLD = 3
"""Freezes that a message names."""


def closed_by(maintenance: Maintenance, day: date) -> tuple[str, str]:
    """Return what leaves no opening in the years after a day in which a step fits that is short enough, and the remedy."""
    window = maintenance.upgrades
    if window and window.start_date and window.start_date > day:
        begins = f"the `upgrades` window begins on {window.start_date}"
        return begins, "write an earlier startDate: secure-aks:maintenance.upgrades"
    spans = sorted((span.start, span.end) for span in maintenance.not_allowed if span.end >= day)
    longest = sorted(spans, key=lambda span: span[0] - span[1])[:_TOLD]
    told = ", ".join(f"{first} to {last}" for first, last in sorted(longest))
    more = f" and {len(spans) - _TOLD} more" if len(spans) > _TOLD else ""
    why = f"the freeze of secure-aks:maintenance.notAllowed leaves none ({told}{more})"
    return (
        why,
        "end it earlier, or lift it for as long as the upgrade takes: secure-aks:maintenance.notAllowed",
    )
