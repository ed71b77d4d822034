"""The version catalog brought up to what a region offers now, in memory: the shipped one may be older than what runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from secure_aks_lifecycle.facts.catalog import SHIPPED, Catalog
from secure_aks_lifecycle.facts.data_file import load_yaml
from secure_aks_lifecycle.facts.refresh import read_offered, refreshed

if TYPE_CHECKING:
    from datetime import date

    from .reader import Azure


def catalog_of(azure: Azure, location: str, on: date) -> Catalog:
    """Return the shipped catalog with the region's patches, minors and previews. Raises AzureError, ValueError.

    It stays as old as the shipped one: Azure tells no dates of support.
    """
    offered = read_offered(azure.kubernetes_versions(location))
    shipped = load_yaml(SHIPPED, lambda data: cast("dict[str, Any]", data))
    found, _ = refreshed(shipped, offered, location, on)
    return Catalog.parse({**found, "date": shipped["date"]})
