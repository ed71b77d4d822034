"""Where a cluster's logs and metrics go."""

from typing import NamedTuple

from secure_aks_security.judging.resources import Resource
from secure_aks_security.judging.values import holds_unknown
from secure_aks_security.shapes import items, mapping
from secure_aks_security.stack.azure import belongs_to
from secure_aks_security.stack.base import Stack

SETTING = "azure-native:monitor:DiagnosticSetting"
ALL_LOGS = "allLogs"
"""The category group that holds every log."""
_DESTINATIONS = ("workspaceId", "storageAccountId", "eventHubAuthorizationRuleId")


class Kept(NamedTuple):
    """The categories and groups that a cluster's diagnostic settings send somewhere; `unknown`: perhaps more."""

    categories: set[str]
    unknown: bool


def kept(stack: Stack, cluster: Resource) -> Kept:
    """Return what is kept of a cluster's logs and metrics."""
    settings = [item for item in stack.of_type(SETTING) if belongs_to(item, "resourceUri", cluster)]
    sent = [item for item in settings if any(item.properties.get(name) for name in _DESTINATIONS)]
    listed = [item.properties.get(name) for item in sent for name in ("logs", "metrics")]
    entries = [mapping(entry) for entries in listed for entry in items(entries)]
    categories = {
        str(entry.get("category") or entry.get("categoryGroup")) for entry in entries if entry.get("enabled")
    }
    return Kept(categories, unknown=holds_unknown(listed))
