"""Every resource and subresource that an API server knows, by its aggregated discovery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.control_plane.client import Resource

if TYPE_CHECKING:
    from emulator.control_plane.client import ApiClient

DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


def resources(client: ApiClient) -> list[Resource]:
    """Return every resource and subresource that the user of a client can discover, each in its preferred version."""
    found: list[Resource] = []
    for root in ("/api", "/apis"):
        for group in client.call("GET", root, accept=DISCOVERY)["items"]:
            seen: set[str] = set()
            for version in group["versions"]:
                for one in _resources(group["metadata"].get("name", ""), version):
                    if one.name not in seen:
                        found.append(one)
                        seen.add(one.name)
    return found


def _resources(group: str, version: dict[str, Any]) -> list[Resource]:
    """Return what one version of a group offers in aggregated discovery."""
    found: list[Resource] = []
    for one in version["resources"]:
        namespaced = one["scope"] == "Namespaced"
        kind = one.get("responseKind", {}).get("kind", "")
        row = Resource(group, version["version"], one["resource"], kind, namespaced, tuple(one["verbs"]))
        found.append(row)
        for sub in one.get("subresources", ()):
            name = f"{one['resource']}/{sub['subresource']}"
            kind = sub.get("responseKind", {}).get("kind", "")
            found.append(Resource(group, version["version"], name, kind, namespaced, tuple(sub["verbs"])))
    return found
