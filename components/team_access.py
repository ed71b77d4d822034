"""A team's place in the cluster: a namespace with limits, and what each of its Entra groups may do there."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from .access.roles import role_rules
from .args.like import like
from .args.teams import TeamArgs, TeamGroupArgs
from .namespace import Namespace
from .parts.azure_role import CLUSTER_USER, RoleAssignment
from .parts.entra_group import group_object_id, named
from .parts.naming import part_name
from .parts.network_policies import manifests, opened, shut
from .parts.team_limits import limits
from .parts.team_marks import TEAM_LABEL, group_description
from .parts.token_resource import KubernetesObject, TokenResource, owned
from .workload_identity import WorkloadIdentity, WorkloadIdentityArgs

ISOLATION_LABEL = "secure-aks/isolation"
"""Label of a team's namespace: its degree of isolation, where that is more than the namespace."""
_RBAC = "rbac.authorization.k8s.io"


@dataclass(frozen=True)
class TeamAccessArgs:
    """A team and its cluster."""

    team: TeamArgs
    """The team."""
    cluster_id: pulumi.Input[str] | None = None
    """Resource id of the cluster, which its groups may then fetch a kubeconfig of; unless set it is none of Azure's, its groups are called as its own logins call them, by their object id or else by name, and nothing is made outside of it."""
    is_prod: bool = True
    """Developers have no shell in running containers."""
    inner_ranges: Sequence[str] = ()
    """The cluster's own ranges (of pods and of services) as CIDRs, which an opening to a wider range leaves out."""
    resource_group_name: pulumi.Input[str] = ""
    """Resource group to create identities in."""
    issuer: pulumi.Input[str] = ""
    """The cluster's address as an issuer of tokens, for identities: its `issuer`."""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    """Azure tags of what is made."""


class TeamAccess(pulumi.ComponentResource):
    """Everything a team gets: who belongs to it is decided in Entra, what they may do is written here.

    Roles are bound to groups by their object id, in the team's namespace alone; never to users, never cluster-wide.
    Pass the cluster's Kubernetes provider in `opts`.
    """

    namespace: str
    """The team's namespace."""
    group_ids: dict[str, pulumi.Output[str]]
    """Object ids of the team's groups, by the groups' names."""

    def __init__(self, name: str, args: TeamAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("secure-aks:index:TeamAccess", name, None, opts)
        args = like(TeamAccessArgs, args)
        team = args.team
        self.namespace = team.own_namespace
        # A program's other clusters may have a namespace of the same name.
        self._prefix, self._first = name, team.name
        child = pulumi.ResourceOptions(parent=self)
        labels = {TEAM_LABEL: team.name}
        if team.isolation != "namespace":
            labels[ISOLATION_LABEL] = team.isolation
        namespace = Namespace(self._called(self.namespace), team.pod_security, labels, child, self.namespace)
        inside = pulumi.ResourceOptions(parent=self, depends_on=[namespace])
        policies = {**shut(), **opened(team.ingress, team.egress, args.inner_ranges)}
        for what, manifest in (*manifests(self.namespace, policies), *limits(self.namespace, team.quota)):
            KubernetesObject(self._inside(what), manifest, _once_named(f"{name}-{what}", inside))
        self._keep_token_from_pods(_once_named(f"{name}-default-account", inside))
        roles = {
            role: self._role(name, role, args, inside)
            for role in sorted({group.role for group in team.groups})
        }
        self.group_ids = {}
        for group in team.groups:
            if args.cluster_id is None:
                group_id = named(group)
            else:
                description = group_description(team.name, f"{group.role} in {self.namespace}")
                group_id = group_object_id(group, description, child)
                RoleAssignment(
                    self._called(f"{group.name}-cluster-user"),
                    role=CLUSTER_USER,
                    scope=args.cluster_id,
                    principal=(group_id, "Group"),
                    opts=child,
                )
            self.group_ids[group.name] = group_id
            self._binding(group, group_id, roles[group.role])
        for identity in team.identities:
            WorkloadIdentity(
                f"{name}-{identity.service_account}",
                WorkloadIdentityArgs(
                    resource_group_name=args.resource_group_name,
                    identity_name=identity.name,
                    namespace=self.namespace,
                    service_account=identity.service_account,
                    issuer=args.issuer,
                    access=identity.access,
                    existing=identity.identity,
                    after=[namespace],
                    tags=args.tags,
                    account_label=self._inside(f"{identity.service_account}-account"),
                ),
                child,
            )
        self.register_outputs({"namespace": self.namespace, "groupIds": self.group_ids})

    def _called(self, what: str) -> str:
        return part_name(self._prefix, what, first=self._first)

    def _inside(self, what: str) -> str:
        return self._called(f"{self.namespace}-{what}")

    def _role(
        self, name: str, role: str, args: TeamAccessArgs, opts: pulumi.ResourceOptions
    ) -> KubernetesObject:
        rules = role_rules(args.team.custom_roles, role, is_prod=args.is_prod)
        manifest = {
            "apiVersion": f"{_RBAC}/v1",
            "kind": "Role",
            "metadata": {"name": role, "namespace": self.namespace},
            "rules": [rule.as_policy_rule() for rule in rules],
        }
        return KubernetesObject(self._inside(role), manifest, _once_named(f"{name}-{role}", opts))

    def _binding(self, group: TeamGroupArgs, group_id: pulumi.Output[str], role: KubernetesObject) -> None:
        manifest = {
            "apiVersion": f"{_RBAC}/v1",
            "kind": "RoleBinding",
            "metadata": {
                "name": binding_name(group.name),
                "namespace": self.namespace,
                "annotations": {"secure-aks/group": group.name},
            },
            "roleRef": {"apiGroup": _RBAC, "kind": "Role", "name": group.role},
            "subjects": [{"apiGroup": _RBAC, "kind": "Group", "name": group_id}],
        }
        opts = pulumi.ResourceOptions(parent=self, depends_on=[role])
        KubernetesObject(self._called(group.name), manifest, opts)

    def _keep_token_from_pods(self, opts: pulumi.ResourceOptions) -> None:
        """Patch the ServiceAccount `default`, which Kubernetes makes itself, so that pods get no API token unasked."""
        account = {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {"name": "default", "namespace": self.namespace},
            "automountServiceAccountToken": False,
        }
        patch = "kubernetes:core/v1:ServiceAccountPatch"
        TokenResource(patch, self._inside("default-account"), owned(account), opts)


def group_ids(teams: Iterable[TeamAccess]) -> pulumi.Output[dict[str, str]]:
    """Return every group's object id by its name: the audit log knows groups by nothing else."""
    return pulumi.Output.all(**{name: one for team in teams for name, one in team.group_ids.items()})


def binding_name(group: str) -> str:
    """Return an object's name for a group: its own where Kubernetes takes it, else what is left and a short hash."""
    plain = re.sub(r"[^a-z0-9]+", "-", group.lower()).strip("-")[:200]
    if plain == group:
        return plain
    return "-".join(part for part in (plain, hashlib.sha256(group.encode()).hexdigest()[:8]) if part)


def _once_named(name: str, opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """Return options by which an object named after its namespace is the one that was named after its team.

    Were they named after the team, a team with a new name would have its limits made anew and the old ones, which are
    the same objects, deleted after that.
    """
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(aliases=[pulumi.Alias(name=name)]))
