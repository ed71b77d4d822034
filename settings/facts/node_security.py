"""Which pools can load which kind of profile."""

from secure_aks_lifecycle.facts.catalog import Catalog

from settings.sections.pools import Pool

_WITH_APPARMOR = ("Ubuntu", "Azure Linux 3.0")
"""Operating systems of AKS nodes with AppArmor: every Ubuntu, and Azure Linux 3 from its image of 7 November 2025."""


def can_load(kind: str, pool: Pool) -> bool:
    """Tell whether a pool's nodes can load profiles of a kind, seccomp or apparmor."""
    return pool.is_linux and (
        kind == "seccomp" or any(os.startswith(_WITH_APPARMOR) for os in _systems(pool))
    )


def _systems(pool: Pool) -> list[str]:
    return [
        image.os
        for image in Catalog.load().os_images
        if image.sku == pool.os_sku and image.fits(pool.version.minor)
    ]
