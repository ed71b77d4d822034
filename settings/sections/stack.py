"""All that a stack file says."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PrivateAttr, ValidationInfo

from settings.fields.base import refused
from settings.fields.types import Environment
from settings.sections.admission import Admission
from settings.sections.audit import Audit
from settings.sections.base import Section
from settings.sections.cluster import Cluster
from settings.sections.exemptions import Exemption
from settings.sections.fleet import Fleet
from settings.sections.maintenance import Maintenance
from settings.sections.network import Network
from settings.sections.node_updates import NodeUpdates
from settings.sections.platform import Controller
from settings.sections.policies import Policies
from settings.sections.pools import Pool, SystemPool
from settings.sections.profiles import Profiles
from settings.sections.promotion import Promotion
from settings.sections.teams import Team
from settings.sections.versions import VersionRules


def _there(value: Any, info: ValidationInfo) -> Any:
    """Let nothing stand for the system pool of a cluster that others make (`settings.existing` puts it there)."""
    cluster = info.data.get("cluster")
    if value is None and isinstance(cluster, Cluster) and not cluster.existing:
        raise refused("it is empty, and every cluster has a system pool", "write its `name` and `version`")
    return value


OF_EACH_CLUSTER = ("cluster", "network", "audit", "systemPool", "maintenance", "tags")
"""What a further cluster may have otherwise than the first; all else is the same in all clusters of a stack."""


class StackSettings(Section):
    """One cluster with everything on it: the keys `secure-aks:<section>` of a stack file, and the location."""

    location: str
    """Azure region, from `azure-native:location`."""
    environment: Environment
    """What the stack is for; prod must have more than the others."""
    tags: dict[str, str] = Field(default_factory=dict)
    """Azure tags of every resource."""
    policy_tags: Annotated[tuple[str, ...], Field(max_length=50)] = ()
    """Names of tags that an Azure Policy sets: an `up` leaves them as Azure has them."""
    cluster: Cluster
    """The control plane."""
    network: Network
    """The network of the nodes."""
    audit: Audit = Audit()
    """The audit log."""
    system_pool: Annotated[SystemPool | None, BeforeValidator(_there)]
    """The pool that is created with the cluster; none on a cluster that is there already."""
    pools: Annotated[tuple[Pool, ...], Field(max_length=200)] = ()
    """The other pools, in the order in which an `up` changes them."""
    teams: tuple[Team, ...] = ()
    """The teams."""
    platform: Annotated[tuple[Controller, ...], Field(max_length=100)] = ()
    """The platform's controllers, which may do what no team may."""
    node_updates: NodeUpdates = NodeUpdates()
    """How nodes get their OS updates."""
    maintenance: Maintenance = Maintenance()
    """When Azure may work on the cluster."""
    profiles: Profiles = Profiles()
    """Seccomp and AppArmor profiles on the nodes."""
    admission: Admission = Admission()
    """The pod rules inside the cluster."""
    promotion: Promotion | None = None
    """Which stack goes first."""
    version_rules: VersionRules = VersionRules()
    """Who moves versions, and how strictly they are judged."""
    fleet: Fleet | None = None
    """The fleet that moves them, where that is the owner."""
    policies: Policies = Policies()
    """Levels and parameters of the policy packs' rules."""
    exemptions: Annotated[tuple[Exemption, ...], Field(max_length=500)] = ()
    """What is told otherwise."""
    _further: Mapping[str, "StackSettings"] = PrivateAttr(default_factory=dict)
    _called: str = PrivateAttr("")
    _whole: Mapping[str, tuple[Any, ...]] = PrivateAttr(default_factory=dict)
    _places: Mapping[str, tuple[int, ...]] = PrivateAttr(default_factory=dict)

    @property
    def further(self) -> Mapping[str, "StackSettings"]:
        """The stack's further clusters by name, each as a stack file of its own would say it; none where it has one."""
        return self._further

    def with_further(
        self, clusters: Mapping[str, "StackSettings"], lists: Mapping[str, tuple[Any, ...]] | None = None
    ) -> "StackSettings":
        """Return the settings with further clusters beside the first; `lists` are those of which it has a part, whole."""
        whole = self.model_copy()
        whole._whole = lists or {}  # noqa: SLF001  # a copy of our own
        whole._further = {name: one._as(name) for name, one in clusters.items()}  # noqa: SLF001  # copies of our own
        return whole

    def _as(self, name: str) -> "StackSettings":
        view = self.model_copy()
        view._called = name  # noqa: SLF001  # the copy is its own
        return view

    def in_places(self, places: Mapping[str, tuple[int, ...]]) -> "StackSettings":
        """Return the settings of a cluster that has a part of the stack's lists: by a list's name the indices in the file."""
        part = self.model_copy()
        part._places = places  # noqa: SLF001  # a copy of our own
        return part

    @property
    def places(self) -> Mapping[str, tuple[int, ...]]:
        """The indices in the file of what this cluster has of a list, by the list's name; a list that is not there is whole."""
        return self._places

    def said(self, section: str) -> Any:
        """Return a section as the file says it: of the first cluster's lists also what is another cluster's."""
        return self._whole.get(section, getattr(self, section))

    @property
    def called(self) -> str:
        """How `clusters:` calls this one; empty for the first cluster of a stack."""
        return self._called

    def key(self, path: str) -> str:
        """Return where the stack file says something of this cluster, such as `secure-aks:clusters.blue.cluster.lock`."""
        own = self._called and path.partition(".")[0] in OF_EACH_CLUSTER
        return f"secure-aks:clusters.{self._called}.{path}" if own else f"secure-aks:{path}"

    def told(self, text: str) -> str:
        """Return what is said of this cluster, with its name before it where that is a further one's."""
        return f"cluster {self._called}: {text}" if self._called else text

    def fleet_group(self, stack: str) -> str:
        """Return the cluster's group in a fleet, by the name of the stack; a further cluster's has its own name behind."""
        group = (self.fleet.group if self.fleet else None) or stack
        return f"{group}-{self._called}" if self._called else group

    @property
    def namespace_of(self) -> dict[str, str]:
        """The namespaces of teams and of the platform's controllers, by their names."""
        return {one.name: one.namespace for one in (*self.platform, *self.teams)}

    @property
    def is_protected(self) -> bool:
        """Whether what holds data, and the record that goes first, are kept from being deleted until somebody unprotects them."""
        return self.environment == "prod"

    @property
    def all_pools(self) -> tuple[Pool, ...]:
        """The system pool, then the others in their order."""
        return (self.system_pool, *self.pools) if self.system_pool else self.pools
