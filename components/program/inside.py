"""What a stack has inside its cluster, in the order in which it comes about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_kubernetes as kubernetes

from settings.sections.stack import StackSettings
from settings.sections.teams import Team

from ..admission import Admission, AdmissionArgs
from ..args.reboots import RuleGroupArgs
from ..cluster_rights import ClusterRights, ClusterRightsArgs
from ..node_reboots import NodeReboots
from ..platform import Platform, PlatformArgs
from ..team_access import TeamAccess, TeamAccessArgs
from .profiles import security_profiles
from .reboots import reboots_args
from .teams import team_access_args


@dataclass(frozen=True)
class InAzure:
    """What is made in Azure for what is inside: the cluster's resource id, its group, and its address as an issuer of tokens."""

    cluster_id: pulumi.Input[str]
    resource_group_name: pulumi.Input[str]
    issuer: pulumi.Input[str]
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    told: Sequence[pulumi.Input[str]] = ()
    """Resource ids of the action groups that alerts go to."""


@dataclass(frozen=True)
class InsideArgs:
    """The stack file, the way into the cluster, and what its logins call the groups that apply and that read, by name.

    `azure` is the cluster's place in Azure (None: it has none); `pulls` is what must be there before an image is pulled.
    """

    stack: StackSettings
    provider: kubernetes.Provider
    deployers: Mapping[str, pulumi.Input[str]]
    readers: Mapping[str, pulumi.Input[str]]
    azure: InAzure | None = None
    pulls: Sequence[pulumi.Resource] = ()


def apply_inside(args: InsideArgs, opts: pulumi.ResourceOptions | None = None) -> list[TeamAccess]:
    """Register rights, admission, profiles, reboots and teams; nothing while the stack says `inside: later`.

    Whoever applies has their right from the first of them, so that one is the last to be deleted.
    """
    stack, azure = args.stack, args.azure
    if stack.cluster.inside == "later":
        return []
    provider = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(providers=[args.provider]))
    rights = ClusterRights("rights", ClusterRightsArgs(args.deployers, args.readers), provider)
    inside = _after(provider, rights.made)
    Admission("admission", AdmissionArgs(stack), inside)
    security_profiles("profiles", stack.profiles, stack.all_pools, _after(inside, args.pulls))
    if kured := stack.node_updates.kured:
        place = _rule_group(stack, azure) if azure else None
        deployers = list(args.deployers.values())
        frozen = stack.maintenance.not_allowed
        reboots = reboots_args(kured, stack.all_pools, frozen, place, deployers)
        NodeReboots("reboots", reboots, inside)
    Platform("platform", PlatformArgs(stack), inside)
    return [TeamAccess(team.name, _team(team, stack, azure), inside) for team in stack.teams]


def _team(team: Team, stack: StackSettings, azure: InAzure | None) -> TeamAccessArgs:
    if azure is None:
        return team_access_args(team, stack)
    return team_access_args(
        team, stack, azure.cluster_id, azure.resource_group_name, azure.issuer, azure.tags
    )


def _rule_group(stack: StackSettings, azure: InAzure) -> RuleGroupArgs:
    name = stack.cluster.name
    return RuleGroupArgs(azure.resource_group_name, name, azure.cluster_id, azure.tags, azure.told)


def _after(opts: pulumi.ResourceOptions, before: Sequence[pulumi.Resource]) -> pulumi.ResourceOptions:
    """Return options by which every Kubernetes object of a component comes after others, and goes before them.

    `depends_on` of a component says nothing about its children.
    """
    if not before:
        return opts

    def later(one: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if not one.type_.startswith("kubernetes:"):
            return None
        merged = pulumi.ResourceOptions.merge(one.opts, pulumi.ResourceOptions(depends_on=list(before)))
        return pulumi.ResourceTransformationResult(one.props, merged)

    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(transformations=[later]))
