"""The teams: a namespace each, and the Entra groups that work in it."""

import re
from typing import Annotated, Literal

from pydantic import Field

from settings.fields.base import Words, matching
from settings.fields.quantities import Cpu, Memory
from settings.fields.types import DnsLabel
from settings.sections.base import Section
from settings.sections.groups import Group
from settings.sections.openings import Openings
from settings.sections.workload_identity import WorkloadIdentity

ROLE_PRESETS = ("viewer", "developer", "operator")
"""The roles every team has."""
Isolation = Literal["namespace", "nodes", "sandbox", "cluster"]
"""How far apart a team is kept from the others; each degree is the one before it and more (docs/isolation.md)."""

_API_GROUP = re.compile(r"([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*)?|\*")
_RESOURCE = re.compile(
    r"[a-z][a-z0-9]{0,62}(/[a-z][a-z0-9-]{0,62})?|\*(/[a-z][a-z0-9-]{0,62})?|[a-z][a-z0-9]*/\*"
)

ApiGroup = Annotated[
    str,
    matching(_API_GROUP, "an API group", 'write one such as apps or cilium.io, or "" for the core group'),
    Words('an API group; "" is the core group'),
]
Resource = Annotated[
    str,
    matching(
        _RESOURCE, "a resource", "write its plural in lower case, such as configmaps or deployments/scale"
    ),
    Words("a resource"),
]
ObjectName = Annotated[
    str,
    matching(
        re.compile(r"[A-Za-z0-9][-A-Za-z0-9_.:]{0,252}"),
        "the name of an object",
        "write the name, or remove it",
    ),
    Words("a name"),
]


class TeamGroup(Group):
    """An Entra group and its role in the team's namespace."""

    role: str
    """viewer, developer, operator or the name of a custom role."""


class Quota(Section):
    """What the namespace may request in sum."""

    cpu: Cpu = "16"
    """CPU cores."""
    memory: Memory = "64Gi"
    """Memory."""
    pods: Annotated[int, Field(ge=1, le=200_000)] = 50
    """Pods."""


class PolicyRule(Section):
    """One rule of a custom role."""

    api_groups: Annotated[tuple[ApiGroup, ...], Field(min_length=1)] = ("",)
    """API groups; "" is the core group."""
    resources: Annotated[tuple[Resource, ...], Field(min_length=1)]
    """Resources, such as configmaps or deployments/scale."""
    verbs: Annotated[tuple[str, ...], Field(min_length=1)]
    """Verbs, such as get, list, watch."""
    resource_names: tuple[ObjectName, ...] = ()
    """Only the objects of these names."""


class CustomRole(Section):
    """A role of the team's own, in its namespace."""

    name: DnsLabel
    """Name of the role."""
    rules: Annotated[tuple[PolicyRule, ...], Field(min_length=1)]
    """What it allows."""


class Team(Section):
    """A team of the cluster."""

    name: DnsLabel
    """Name of the team."""
    namespace: DnsLabel = Field(default_factory=lambda data: str(data.get("name", "")))
    """Its namespace; the team's name unless set."""
    groups: Annotated[tuple[TeamGroup, ...], Field(min_length=1)]
    """Entra groups that work in the namespace."""
    pod_security: Literal["restricted", "baseline"] = "restricted"
    """Pod Security Standard that the namespace enforces."""
    isolation: Isolation = "namespace"
    """How far apart from the others: `namespace`; `nodes`, on pools of its own (`pools[].namespace`); `sandbox`, there in a virtual machine a pod; `cluster`, alone in a cluster: that of `clusters` by the team's name, or the stack's."""
    moving_from: Literal["namespace", "nodes", "sandbox"] | None = None
    """While its workloads move into its own cluster (`isolation: cluster`): how far apart it still is in the others, whose namespace stays until the line goes."""
    quota: Quota = Quota()
    """What the namespace may request in sum."""
    custom_roles: tuple[CustomRole, ...] = ()
    """Roles besides the presets."""
    identities: Annotated[tuple[WorkloadIdentity, ...], Field(max_length=100)] = ()
    """Identities in Azure for service accounts of the team."""
    ingress: Openings = ()
    """From whom its pods take traffic; from nobody else but each other."""
    egress: Openings = ()
    """Whom its pods may reach, beside each other and the DNS."""

    @property
    def has_own_nodes(self) -> bool:
        """Whether its pods run on nodes of their own and nowhere else."""
        return self.isolation in {"nodes", "sandbox"}
