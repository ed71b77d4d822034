"""A team: its namespace, who works in it, and what it may take, reach and be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pulumi


@dataclass(frozen=True)
class TeamGroupArgs:
    """An Entra group and its role in the team's namespace."""

    name: str
    """Display name of the group."""
    role: str
    """viewer, developer, operator or the name of a custom role."""
    object_id: pulumi.Input[str] | None = None
    """Object id of a group that exists; without it the group is created."""
    members: Sequence[str] = ()
    """Object ids of the users to put in a group that is created."""


@dataclass(frozen=True)
class QuotaArgs:
    """What the namespace may request in sum."""

    cpu: str = "16"
    """CPU cores."""
    memory: str = "64Gi"
    """Memory."""
    pods: int = 50
    """Pods."""


@dataclass(frozen=True)
class PolicyRuleArgs:
    """One rule of a custom role."""

    resources: Sequence[str]
    """Resources, such as configmaps or deployments/scale."""
    verbs: Sequence[str]
    """Verbs, such as get, list, watch."""
    api_groups: Sequence[str] = ("",)
    """API groups; "" is the core group."""
    resource_names: Sequence[str] = ()
    """Only the objects of these names."""


@dataclass(frozen=True)
class CustomRoleArgs:
    """A role of the team's own, in its namespace."""

    name: str
    """Name of the role."""
    rules: Sequence[PolicyRuleArgs]
    """What it allows."""


@dataclass(frozen=True)
class OpeningArgs:
    """One opening in the namespace's network: the pods of another namespace, or addresses outside of the cluster.

    Raises ValueError when it says both or neither.
    """

    ports: Sequence[int]
    """Ports: the pods' own here, those of the other side in `egress`."""
    namespace: str | None = None
    """The other namespace; this or `range`."""
    range: str | None = None
    """Addresses as a CIDR; this or `namespace`."""
    protocol: Literal["TCP", "UDP", "SCTP"] = "TCP"
    """Protocol of the ports."""
    pods: Mapping[str, str] = field(default_factory=dict[str, str])
    """Labels of the pods of this namespace that it is for; all of them unless set."""
    label: str | None = None
    """What its policy is called after; the namespace or the range unless set."""

    def __post_init__(self) -> None:
        if (self.namespace is None) == (self.range is None):
            raise ValueError(
                f"an opening says {'neither' if self.range is None else 'both'} of `namespace` and `range`; say one"
            )


@dataclass(frozen=True)
class AzureAccessArgs:
    """A role at one resource.

    Raises ValueError where its scope is known only later, and no `label` says what to call it.
    """

    role: str
    """Id (GUID) of a built-in role."""
    scope: pulumi.Input[str]
    """Resource id of what it is for."""
    label: str | None = None
    """What the assignment is called in the program; a hash of role and scope unless set."""

    def __post_init__(self) -> None:
        if self.label is None and not isinstance(self.scope, str):
            raise ValueError(f"the scope of the role {self.role} is known only later; give it a `label`")


@dataclass(frozen=True)
class TeamIdentityArgs:
    """An identity in Azure for the pods of one service account of the team, without a secret."""

    service_account: str
    """Service account to make in the team's namespace."""
    name: pulumi.Input[str]
    """Azure name of the identity to create, and of its trust in the service account; other clusters' have others."""
    identity: pulumi.Input[str] | None = None
    """Resource id of an identity that exists; created unless set."""
    access: Sequence[AzureAccessArgs] = ()
    """What it may do, each at one resource."""


@dataclass(frozen=True)
class TeamArgs:
    """A team of the cluster; what it is called is plain, as its resources are called by it."""

    name: str
    """Name of the team."""
    groups: Sequence[TeamGroupArgs]
    """Entra groups that work in the namespace."""
    namespace: str = ""
    """Its namespace; the team's name unless set."""
    pod_security: Literal["restricted", "baseline"] = "restricted"
    """Pod Security Standard that the namespace enforces."""
    isolation: Literal["namespace", "nodes", "sandbox", "cluster"] = "namespace"
    """How far apart from the others its namespace is labelled to be; the admission policies hold it to that."""
    quota: QuotaArgs = field(default_factory=QuotaArgs)
    """What the namespace may request in sum."""
    custom_roles: Sequence[CustomRoleArgs] = ()
    """Roles besides viewer, developer and operator."""
    identities: Sequence[TeamIdentityArgs] = ()
    """Identities in Azure for service accounts of the team."""
    ingress: Sequence[OpeningArgs] = ()
    """From whom its pods take traffic; from nobody else but each other."""
    egress: Sequence[OpeningArgs] = ()
    """Whom its pods may reach, beside each other and the DNS."""

    @property
    def own_namespace(self) -> str:
        """The namespace's name."""
        return self.namespace or self.name
