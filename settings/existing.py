"""A stack on a cluster that is there already: which of the settings are about what lives inside it.

What only Azure or Entra could do is refused where the stack file itself says it. Where it lies below (`defaults`, Pulumi.yaml,
a profile) it is meant for the project's other stacks, and left out.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from settings.checks.finding import Finding
from settings.reading.explain import aliases
from settings.reading.layer_keys import EACH_POOL
from settings.sections.cluster import Cluster
from settings.sections.maintenance import Maintenance
from settings.sections.stack import StackSettings

SECTIONS = frozenset({
    "environment", "cluster", "teams", "platform", "nodeUpdates", "maintenance", "profiles", "admission", "policies", "exemptions",
})  # fmt: skip
"""What such a stack has."""
OF_CLUSTER = frozenset({"name", "existing", "kubernetesVersion", "deployers", "readers"})
"""What of `cluster` it has."""
_OF_MAINTENANCE = frozenset({"notAllowed"})
_WHY = "it is about what Azure makes, and cluster.existing names a cluster that is there already"
_VERSIONS = "versions of a cluster that is there already are moved by whoever made it"
_RIGHTS = "who administers a cluster that is there already is decided where it was made"
_SAID: dict[str, tuple[str, str]] = {
    "promotion": (_VERSIONS, "remove it; write in cluster.kubernetesVersion what runs"),
    "versionRules": (_VERSIONS, "remove it; write in cluster.kubernetesVersion what runs"),
    "fleet": (_VERSIONS, "remove it; write in cluster.kubernetesVersion what runs"),
    "cluster.breakGlass": (_RIGHTS, "remove it; `deployers` apply this stack, `readers` look"),
    "cluster.bootstrap": (
        _RIGHTS,
        "remove it; the first `up` is run by somebody who administers the cluster",
    ),
    "cluster.inside": ("the inside is all that such a stack has", "remove it"),
    "cluster.podCidr": ("the network is there already", "write it under cluster.existing"),
    "cluster.serviceCidr": ("the network is there already", "write it under cluster.existing"),
}


def is_existing(sections: Mapping[str, Any]) -> bool:
    """Tell whether the sections of a stack name a cluster that is there already, well or badly."""
    return mapping(sections.get("cluster")).get("existing") is not None


def needs_azure(own: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what a stack file says itself that needs Azure or Entra, by its path."""
    of_azure = _keys(StackSettings) | {EACH_POOL}
    for key, value in own.items():
        if key in of_azure - SECTIONS:
            yield _finding(key)
        elif key == "cluster":
            yield from (_finding(f"cluster.{one}") for one in mapping(value) if one in _cluster_of_azure())
        elif key == "maintenance":
            yield from (
                _finding(f"maintenance.{one}")
                for one in mapping(value)
                if one in _keys(Maintenance) - _OF_MAINTENANCE
            )
        elif key == "nodeUpdates" and (mode := mapping(value).get("mode", "kured")) != "kured":
            why = f"mode {mode} is Azure's way to update nodes, and these are updated by whoever made the cluster"
            remedy = "write `mode: kured` to have nodes rebooted that ask for it, or remove the section"
            yield Finding("secure-aks:nodeUpdates.mode", why, remedy)


def for_existing(sections: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sections as the settings of such a stack take them; keys that nobody knows stay, to be refused."""
    known = _keys(StackSettings)
    kept = {key: value for key, value in sections.items() if key in SECTIONS or key not in known}
    kept["cluster"] = _without(kept["cluster"], _cluster_of_azure())
    if "maintenance" in kept:
        kept["maintenance"] = _without(kept["maintenance"], _keys(Maintenance) - _OF_MAINTENANCE)
    if mapping(kept.get("nodeUpdates")).get("mode", "kured") != "kured":
        del kept["nodeUpdates"]
    return {**kept, "location": "", "network": {}, "systemPool": None}


def _finding(key: str) -> Finding:
    why, remedy = _SAID.get(key, (_WHY, "remove it"))
    return Finding(f"secure-aks:{key}", why, remedy)


def _cluster_of_azure() -> set[str]:
    return _keys(Cluster) - OF_CLUSTER


def _keys(model: Any) -> set[str]:
    return {key for key, _ in aliases(model)}


def _without(value: Any, keys: set[str]) -> Any:
    return (
        {key: one for key, one in mapping(value).items() if key not in keys}
        if isinstance(value, dict)
        else value
    )


def list_of(value: Any) -> list[Any]:
    """Return a list; an empty one for anything else."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def mapping(value: Any) -> dict[str, Any]:
    """Return a mapping; an empty one for anything else."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
