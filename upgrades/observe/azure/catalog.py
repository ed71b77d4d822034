"""The version catalog brought up to what a region offers now, in memory: the shipped one may be older than what runs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from secure_aks_lifecycle.facts.catalog import SHIPPED, Catalog
from secure_aks_lifecycle.facts.data_file import load_yaml
from secure_aks_lifecycle.facts.refresh import read_offered, refreshed
from secure_aks_lifecycle.versions.support import first_day

if TYPE_CHECKING:
    from datetime import date

    from .reader import Azure


def catalog_of(azure: Azure, location: str, on: date) -> Catalog:
    """Return the shipped catalog with the region's patches, minors and previews. Raises AzureError, ValueError.

    It stays as old as the shipped one: Azure tells no dates of support. What is a preview there today is none that may have ended.
    """
    offered = read_offered(azure.kubernetes_versions(location))
    shipped = load_yaml(SHIPPED, lambda data: cast("dict[str, Any]", data))
    found, _ = refreshed(shipped, offered, location, on)
    minors = [
        {**item, "ga": max(first_day(item["ga"]), on + timedelta(days=1))} if item.get("preview") else item
        for item in found["minors"]
    ]
    return Catalog.parse({**found, "minors": minors, "date": shipped["date"]})
