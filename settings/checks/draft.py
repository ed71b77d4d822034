"""What of a stack file could be read, for the checks that look across sections."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from settings.fields.types import Environment
from settings.sections.admission import Admission
from settings.sections.audit import Audit
from settings.sections.cluster import Cluster
from settings.sections.exemptions import Exemption
from settings.sections.fleet import Fleet
from settings.sections.maintenance import Maintenance
from settings.sections.network import Network
from settings.sections.node_updates import NodeUpdates
from settings.sections.platform import Controller
from settings.sections.policies import Policies
from settings.sections.pools import Pool
from settings.sections.profiles import Profiles
from settings.sections.promotion import Promotion
from settings.sections.teams import Team
from settings.sections.versions import VersionRules

SYSTEM_POOL = "secure-aks:systemPool"


@dataclass(frozen=True)
class Context:
    """What surrounds a stack file: its stack, the day, the stacks beside it (None: not known), and the ones it follows.

    `chain`: the stack that goes first, the one that goes before that, and so on, up to one that follows none or stands
    there already. `clusters` are the stack's further clusters by name, each with the range of its network as the file has it;
    `elsewhere` the namespaces of teams that other clusters of the stack have.
    """

    stack: str
    today: date
    stacks: frozenset[str] | None = None
    chain: tuple[str, ...] = ()
    clusters: Mapping[str, str] = field(default_factory=dict[str, str])
    elsewhere: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The sections that could be read (None: not), and pools, teams, controllers and exemptions by their path in the file."""

    context: Context
    location: str | None = None
    environment: Environment | None = None
    tags: Mapping[str, str] | None = None
    policy_tags: tuple[str, ...] | None = None
    cluster: Cluster | None = None
    network: Network | None = None
    audit: Audit | None = None
    node_updates: NodeUpdates | None = None
    maintenance: Maintenance | None = None
    profiles: Profiles | None = None
    admission: Admission | None = None
    policies: Policies | None = None
    promotion: Promotion | None = None
    version_rules: VersionRules | None = None
    fleet: Fleet | None = None
    pools: Mapping[str, Pool] = field(default_factory=dict[str, Pool])
    teams: Mapping[str, Team] = field(default_factory=dict[str, Team])
    platform: Mapping[str, Controller] = field(default_factory=dict[str, Controller])
    exemptions: Mapping[str, Exemption] = field(default_factory=dict[str, Exemption])
    complete: bool = True
    """Whether everything could be read; only then is something that is nowhere really missing."""
    is_existing: bool = False
    """Whether the cluster is said to be there already, well or badly."""

    @property
    def pool_names(self) -> set[str]:
        """The names of the pools."""
        return {pool.name for pool in self.pools.values()}

    @property
    def is_prod(self) -> bool:
        """Whether the stack is a production stack."""
        return self.environment == "prod"
