"""What was read of a cluster that is there already, as Azure writes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

Json = dict[str, Any]


@dataclass(frozen=True)
class Inside:
    """What the API server has beside what Kubernetes and AKS bring: namespaces, and by namespace what is in them."""

    namespaces: tuple[Json, ...] = ()
    bindings: tuple[Json, ...] = ()
    quotas: tuple[Json, ...] = ()
    network_policies: tuple[Json, ...] = ()
    admission_policies: tuple[str, ...] = ()
    everywhere: tuple[Json, ...] = ()
    """ClusterRoleBindings that are nobody's of Kubernetes or AKS."""


@dataclass(frozen=True)
class Found:
    """One cluster: `cluster`, `pools` and the lists as ARM writes them, `subnets` and `spaces` by the ids of subnets and networks.

    `unread` has why, by what could not be read; nothing in it counts as absent.
    """

    id: str
    cluster: Json
    pools: tuple[Json, ...]
    windows: tuple[Json, ...] = ()
    diagnostics: tuple[Json, ...] = ()
    subnets: dict[str, Json] = field(default_factory=dict[str, Json])
    spaces: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    roles: tuple[Json, ...] = ()
    """Role assignments at the cluster itself."""
    pulls: tuple[Json, ...] = ()
    """Role assignments of the identity with which the nodes pull images."""
    locks: tuple[Json, ...] = ()
    """Locks that hold for the cluster, its resource group's among them."""
    beside: tuple[Json, ...] = ()
    """Extensions, what Flux follows, who has trusted access, Grafana on some metrics."""
    elsewhere: tuple[Json, ...] = ()
    """Pools of kinds that no stack file can say."""
    inside: Inside | None = None
    unread: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def name(self) -> str:
        """The cluster's name."""
        return str(self.cluster["name"])

    @property
    def group(self) -> str:
        """Its resource group."""
        return self.id.split("/")[4]

    @property
    def properties(self) -> Json:
        """The cluster's properties."""
        return self.cluster["properties"]

    @property
    def administrators(self) -> list[str]:
        """The object ids of the groups that administer it."""
        return list(at(self.properties, "aadProfile.adminGroupObjectIDs", []))

    @property
    def as_resource(self) -> Json:
        """The cluster as one mapping, as a program declares it."""
        beside = {
            key: self.cluster[key] for key in ("identity", "location", "sku", "tags") if self.cluster.get(key)
        }
        # azure-native has no hyphens in names, the REST API has them here alone.
        scaler = {_camel(name): said for name, said in at(self.properties, "autoScalerProfile", {}).items()}
        return {**self.properties, **beside, **({"autoScalerProfile": scaler} if scaler else {})}

    @property
    def system_pool(self) -> Json:
        """The first system pool, which a stack has inline; nothing where there is none that a stack file can say."""
        none: Json = {}
        return next((pool for pool in self.pools if pool["properties"].get("mode") == "System"), none)

    @property
    def other_pools(self) -> list[Json]:
        """The pools beside it, in Azure's order."""
        return [pool for pool in self.pools if pool is not self.system_pool]


@dataclass(frozen=True)
class Asked:
    """What whoever imports says: the stack's name, its environment, groups of administrators to have (ids by name), the day."""

    stack: str
    environment: str
    administrators: Mapping[str, str]
    today: date


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(part.capitalize() for part in rest)


def at(values: Any, path: str, default: Any = None) -> Any:
    """Return what stands at a dotted path; the default where it does not go that far, or is null."""
    for key in path.split("."):
        values = cast("Json", values).get(key) if isinstance(values, dict) else None
    return default if values is None else values
