"""What to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from .catalog import Catalog
    from .version import Version

REFRESH = "refresh the catalog: python -m secure_aks_lifecycle refresh --location <region> --write"
"""The remedy for a catalog that is older than what it is asked about."""


def newest_patch(minor: tuple[int, int], catalog: Catalog, on: date) -> str:
    """Name the newest patch of a minor, or the minor when the catalog lists none."""
    patch = catalog.newest_patch(minor, on)
    return str(patch.version) if patch else f"the newest patch of {minor[0]}.{minor[1]}"


def next_version(version: Version, catalog: Catalog, on: date) -> str | None:
    """Name the next version on the way to support: the newest patch one minor up. None when there is no such minor."""
    following = (version.major, version.minor_number + 1)
    release = catalog.release(following)
    return newest_patch(following, catalog, on) if release and release.available(on) else None
