"""What the volumes of a pod bind it to: its node, or a zone.

Source: Kubernetes, "Persistent Volumes" (node affinity); the Azure disk driver writes its own topology key.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from upgrades.observe.json_parts import part, rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .api_reader import ApiReader

Json = dict[str, Any]

ZONES = {
    "topology.kubernetes.io/zone",
    "topology.disk.csi.azure.com/zone",
    "failure-domain.beta.kubernetes.io/zone",
}
"""Keys by which a volume says in which zones it can be mounted."""


class Claims:
    """The claims of pods and the volumes they are bound to; asked for at the first claim."""

    def __init__(self, reader: ApiReader) -> None:
        self._reader = reader

    def local(self, pod: Mapping[str, Any]) -> Iterator[str]:
        """Yield in words what a pod keeps on its node."""
        meta = pod["metadata"]
        for volume in pod["spec"].get("volumes") or ():
            claim = _claim(meta["name"], volume)
            if "hostPath" in volume:
                yield f"hostPath {volume['hostPath'].get('path', '')} ({volume['name']})"
            elif "emptyDir" in volume:
                empty: Json = volume["emptyDir"] or {}
                if empty.get("medium") != "Memory":
                    yield f"emptyDir {volume['name']}"
            elif claim and {"local", "hostPath"} & self._bound(meta["namespace"], claim).keys():
                yield f"local volume of claim {claim}"

    def zones(self, pod: Mapping[str, Any]) -> frozenset[str]:
        """Return the zones of the volumes that a single zone has: a volume of several zones binds a pod to none of them."""
        meta, found = pod["metadata"], set[str]()
        for volume in pod["spec"].get("volumes") or ():
            if claim := _claim(meta["name"], volume):
                zones = _zones(self._bound(meta["namespace"], claim))
                found |= zones if len(zones) == 1 else set()
        return frozenset(found)

    def _bound(self, namespace: str, claim: str) -> Json:
        """Return the spec of the volume that a claim is bound to; empty when it is not bound."""
        return self._volumes.get(self._claims.get((namespace, claim), ""), {})

    @cached_property
    def _claims(self) -> dict[tuple[str, str], str]:
        return {
            (item["metadata"]["namespace"], item["metadata"]["name"]): item["spec"].get("volumeName", "")
            for item in self._reader.items("/api/v1/persistentvolumeclaims")
        }

    @cached_property
    def _volumes(self) -> dict[str, Json]:
        return {
            item["metadata"]["name"]: item["spec"] for item in self._reader.items("/api/v1/persistentvolumes")
        }


def _claim(pod: str, volume: Json) -> str:
    """Return the name of the claim behind a pod's volume; empty when there is none."""
    if "persistentVolumeClaim" in volume:
        return str(volume["persistentVolumeClaim"]["claimName"])
    return f"{pod}-{volume['name']}" if "ephemeral" in volume else ""


def _zones(volume: Json) -> set[str]:
    """Return the zones in which a volume can be mounted; none when it does not say."""
    rules = [rule for term in _terms(volume) for rule in rows(term, "matchExpressions")]
    named = [rule for rule in rules if rule.get("key") in ZONES and rule.get("operator") == "In"]
    values = {str(value) for rule in named for value in rule.get("values") or ()}
    # The driver writes an empty zone, or a bare fault domain, for a disk of no zone.
    return {value for value in values if "-" in value}


def _terms(volume: Json) -> list[Json]:
    return rows(part(volume, "nodeAffinity", "required"), "nodeSelectorTerms")
