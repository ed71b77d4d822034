"""What a stack has inside its cluster, in the order in which it comes about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from settings.sections.stack import StackSettings

from ..admission import Admission, AdmissionArgs
from ..aks_cluster import AksCluster
from ..cluster_groups import ClusterGroups
from ..cluster_rights import ClusterRights, ClusterRightsArgs
from ..contacts import AlertContactsArgs, action_groups
from ..node_reboots import NodeReboots, NodeRebootsArgs, RuleGroupPlace
from ..platform import Platform, PlatformArgs
from ..security_profiles import SecurityProfiles, SecurityProfilesArgs
from ..team_access import TeamAccess, TeamAccessArgs


@dataclass(frozen=True)
class InsideArgs:
    """The stack file, the cluster and its groups; `pulls` is what must be there before an image is pulled."""

    stack: StackSettings
    resource_group_name: pulumi.Input[str]
    cluster: AksCluster
    groups: ClusterGroups
    pulls: Sequence[pulumi.Resource] = ()
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


def apply_inside(args: InsideArgs, opts: pulumi.ResourceOptions | None = None) -> list[TeamAccess]:
    """Register rights, admission, profiles, reboots and teams; nothing while the stack says `inside: later`.

    Whoever applies has their right from the first of them, so that one is the last to be deleted.
    """
    stack, cluster = args.stack, args.cluster
    if stack.cluster.inside == "later":
        return []
    provider = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(providers=[cluster.provider]))
    rights = ClusterRights("rights", ClusterRightsArgs(args.groups.deployers, args.groups.readers), provider)
    inside = _after(provider, rights.made)
    Admission("admission", AdmissionArgs(stack), inside)
    SecurityProfiles(
        "profiles", SecurityProfilesArgs(stack.profiles, stack.all_pools), _after(inside, args.pulls)
    )
    if kured := stack.node_updates.kured:
        told = action_groups(_contacts(args), opts)
        place = RuleGroupPlace(args.resource_group_name, stack.cluster.name, cluster.id, args.tags, told)
        deployers = list(args.groups.deployers.values())
        reboots = NodeRebootsArgs(kured, stack.all_pools, stack.maintenance, place, deployers)
        NodeReboots("reboots", reboots, inside)
    Platform("platform", PlatformArgs(stack), inside)
    where = (cluster.id, args.resource_group_name, cluster.issuer, args.tags)
    return [TeamAccess(team.name, TeamAccessArgs(team, stack, *where), inside) for team in stack.teams]


def _contacts(args: InsideArgs) -> AlertContactsArgs | None:
    contacts = args.stack.cluster.monitoring.contacts
    if not contacts or not args.stack.node_updates.alerts_in_azure:
        return None  # an action group that no alert goes to would look like one that tells somebody
    return AlertContactsArgs(args.resource_group_name, args.stack.cluster.name, contacts, args.tags)


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
