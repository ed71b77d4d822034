"""What the rules know beside the resource they look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle import clock
from secure_aks_lifecycle.facts.apis import OldApis
from secure_aks_lifecycle.facts.catalog import Catalog
from secure_aks_lifecycle.stack.aks import CLUSTER, LTS, Versioned, is_lts, versioned
from secure_aks_lifecycle.stack.stack_config import StackConfig
from secure_aks_lifecycle.versions.permit import Permit
from secure_aks_lifecycle.versions.version import Version

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from secure_aks_lifecycle.judging.exemptions import Exemption
    from secure_aks_lifecycle.judging.resource import Resource


@dataclass(slots=True)
class Seen:
    """What the resources analysed so far ask for: the engine shows a cluster before what depends on it."""

    versions: dict[str, list[Versioned]] = field(default_factory=dict[str, "list[Versioned]"])
    lts: dict[str, bool] = field(default_factory=dict[str, bool])

    def note(self, resource: Resource) -> None:
        """Remember a resource's versions, by its URN, so that seeing it twice changes nothing."""
        found = versioned(resource)
        if found:
            self.versions[resource.urn] = found
        if resource.type == CLUSTER:
            self.lts[found[0].name] = is_lts(resource.props)

    def all(self) -> list[Versioned]:
        """List every version asked for so far."""
        # A copy: the pack's server answers several requests at a time.
        return [item for items in list(self.versions.values()) for item in items]


@dataclass(slots=True)
class Needed:
    """The exemptions that a violation met so far, and by rule what could not be judged yet, in words."""

    exemptions: set[Exemption] = field(default_factory=set["Exemption"])
    unknown: dict[str, list[str]] = field(default_factory=dict[str, list[str]])


@dataclass(slots=True)
class Context:
    """The catalog, the time, the stack file's settings, and what was seen of the stack so far."""

    now: datetime
    config: StackConfig
    catalog: Catalog
    exemptable: frozenset[str] = frozenset()
    permit: Permit | None = None
    seen: Seen = field(default_factory=Seen)
    needed: Needed = field(default_factory=Needed)

    @classmethod
    def load(
        cls,
        config: Mapping[str, Any],
        *,
        known: frozenset[str] = frozenset(),
        exemptable: frozenset[str] = frozenset(),
    ) -> Context:
        """Make the context of this run; `known` are the pack's rules, `exemptable` those that know exemptions.

        Raises ValueError when a data file, the overridden clock or the permit cannot be read.
        """
        OldApis.load()
        return cls(
            now=clock.now(),
            config=StackConfig.parse(config).checked(known, exemptable),
            catalog=Catalog.load(),
            exemptable=exemptable,
            permit=Permit.read(),
        )

    @property
    def today(self) -> date:
        """The day of this run, in UTC."""
        return self.now.date()

    @property
    def in_prod(self) -> bool:
        """Whether the stack is a production one."""
        return self.config.environment == "prod"

    def has_lts(self, cluster: Any) -> bool:
        """Tell whether a cluster has long-term support; one not seen yet has what the stack file says."""
        if isinstance(cluster, str) and cluster in self.seen.lts:
            return self.seen.lts[cluster]
        described = self.config.cluster
        if described and (not isinstance(cluster, str) or described.get("name") in {None, cluster}):
            return (described.get("tier"), described.get("supportPlan")) == LTS
        # A copy, as in `Seen.all`.
        return bool(self.seen.lts) and all(list(self.seen.lts.values()))

    def target(self) -> Version | None:
        """Return the version the stack's control plane is to have: the newest of several; None when nothing says."""
        asked = [item.version for item in self.seen.all() if item.role == "control plane"]
        asked.append(self.config.cluster.get("kubernetesVersion"))
        return max((version for text in asked if (version := parsed(text))), default=None)


def parsed(text: Any) -> Version | None:
    """Return a full version, or None for anything else."""
    try:
        return Version.parse(text) if isinstance(text, str) else None
    except ValueError:
        return None
