"""What the rules know beside the resource they look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import clock
from .aks import CLUSTER, RECORD, Versioned, is_lts, versioned
from .catalog import Catalog
from .plain import dig
from .record import parse_versions
from .stack_config import StackConfig
from .version import Version

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from .record import Versions
    from .resource import Resource


@dataclass(slots=True)
class Seen:
    """What the resources analysed so far ask for: the engine shows a cluster before what depends on it."""

    versions: dict[str, list[Versioned]] = field(default_factory=dict[str, "list[Versioned]"])
    lts: dict[str, bool] = field(default_factory=dict[str, bool])
    record: dict[str, Any] | None = None

    def note(self, resource: Resource) -> None:
        """Remember a resource's versions, by its URN, so that seeing it twice changes nothing."""
        if resource.type == RECORD:
            self.record = resource.props
            return
        found = versioned(resource)
        if found:
            self.versions[resource.urn] = found
        if resource.type == CLUSTER:
            self.lts[found[0].name] = is_lts(resource.props)

    def all(self) -> list[Versioned]:
        """List every version asked for so far."""
        return [item for items in self.versions.values() for item in items]


@dataclass(slots=True)
class Context:
    """The catalog, the time, the stack file's settings, and what was seen of the stack so far."""

    now: datetime
    config: StackConfig
    catalog: Catalog
    problems: tuple[str, ...] = ()
    seen: Seen = field(default_factory=Seen)

    @classmethod
    def load(cls, config: Mapping[str, Any]) -> Context:
        """Make the context of this run. Raises ValueError when the catalog or the overridden clock cannot be read."""
        return cls(now=clock.now(), config=StackConfig.parse(config), catalog=Catalog.load())

    @property
    def today(self) -> date:
        """The day of this run, in UTC."""
        return self.now.date()

    @property
    def in_prod(self) -> bool:
        """Whether the stack is a production one."""
        return self.config.environment == "prod"

    def has_lts(self, cluster: Any) -> bool:
        """Tell whether a cluster has long-term support; one whose name is not known yet has what the stack's one has."""
        if isinstance(cluster, str) and cluster in self.seen.lts:
            return self.seen.lts[cluster]
        if self.seen.lts:
            return all(self.seen.lts.values())
        return (self.config.cluster.get("tier"), self.config.cluster.get("supportPlan")) == (
            "Premium",
            "AKSLongTermSupport",
        )

    def target(self) -> Version | None:
        """Return the version the stack's control plane is to have: the newest of several; None when nothing says."""
        asked = [item.version for item in self.seen.all() if item.role == "control plane"]
        asked.append(self.config.cluster.get("kubernetesVersion"))
        asked += [str(cluster.control_plane) for cluster in self.recorded("current").values()]
        return max((version for text in asked if (version := parsed(text))), default=None)

    def recorded(self, part: str) -> Versions:
        """Return the clusters a part of the VersionRecord names; none when it is absent or cannot be read."""
        data = dig(self.seen.record, part)
        try:
            return parse_versions(data) if isinstance(data, dict) else {}
        except ValueError:
            return {}


def parsed(text: Any) -> Version | None:
    """Return a full version, or None for anything else."""
    try:
        return Version.parse(text) if isinstance(text, str) else None
    except ValueError:
        return None
