"""Which OS SKU takes the place of one that ends, and whether the pool has to take a step before it can."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from secure_aks_lifecycle.facts.catalog import Catalog, OsImage
    from secure_aks_lifecycle.versions.version import Minor


@dataclass(frozen=True, slots=True)
class Successor:
    """An OS SKU, and the minor that the pool has to reach first because the SKU begins there (None: it can be had now)."""

    sku: str
    first: Minor | None = None


def successor(  # noqa: PLR0913  # what it follows from
    images: tuple[OsImage, ...],
    minor: Minor,
    target: Minor,
    catalog: Catalog,
    on: date,
    *,
    steps: bool = True,
) -> Successor | None:
    """Return what a pool at `minor`, whose OS SKU has these images, should run to have an OS at `target`; None when nothing is known.

    The catalog's own successor comes first: at once where nodes of the pool's minor can run it, else at the lowest minor that runs
    both, when the pool can get there (`steps`). Then any other of the same OS that both minors can run.
    """
    if not images:
        return None
    named = next((image.instead for image in images if image.instead), "")
    others = sorted(
        {one.sku for one in catalog.os_images if one.os_type == images[0].os_type} - {images[0].sku, named},
        reverse=True,  # the newest by its name first: Windows2025 before Windows2022
    )

    def runs(sku: str, at: Minor) -> bool:
        return any(
            one.fits(at) and (one.end_of_life is None or on <= one.end_of_life) for one in catalog.images(sku)
        )

    if named and runs(named, minor) and runs(named, target):
        return Successor(named)
    if named and steps:
        for number in range(minor[1] + 1, target[1] + 1):
            between = (minor[0], number)
            if runs(named, between) and any(image.fits(between) for image in images):
                return Successor(named, between)
    for sku in others:
        if runs(sku, minor) and runs(sku, target):
            return Successor(sku)
    return Successor(named) if named else None
