"""The teams of a stack file as the library's arguments."""

from collections.abc import Iterable, Mapping

import pulumi

from settings.sections.openings import Opening
from settings.sections.stack import StackSettings
from settings.sections.teams import Team
from settings.sections.workload_identity import WorkloadIdentity

from ..args.like import like
from ..args.teams import (
    AzureAccessArgs,
    CustomRoleArgs,
    OpeningArgs,
    QuotaArgs,
    TeamArgs,
    TeamGroupArgs,
    TeamIdentityArgs,
)
from ..team_access import TeamAccessArgs


def team_access_args(  # noqa: PLR0913, PLR0917  # those of a cluster in Azure
    team: Team,
    stack: StackSettings,
    cluster_id: pulumi.Input[str] | None = None,
    resource_group_name: pulumi.Input[str] = "",
    issuer: pulumi.Input[str] = "",
    tags: Mapping[str, str] | None = None,
) -> TeamAccessArgs:
    """Return a team of a stack and its cluster: without `cluster_id` one that is none of Azure's."""
    return TeamAccessArgs(
        team=team_args(team, stack),
        cluster_id=cluster_id,
        is_prod=stack.environment == "prod",
        inner_ranges=inner_ranges(stack),
        resource_group_name=resource_group_name,
        issuer=issuer,
        tags=tags or {},
    )


def team_args(team: Team, stack: StackSettings) -> TeamArgs:
    """Return a team of a stack."""
    return TeamArgs(
        name=team.name,
        groups=[like(TeamGroupArgs, group) for group in team.groups],
        namespace=team.namespace,
        pod_security=team.pod_security,
        isolation=team.isolation,
        quota=like(QuotaArgs, team.quota),
        custom_roles=[like(CustomRoleArgs, role) for role in team.custom_roles],
        identities=[_identity(one, stack.cluster.name, team.namespace) for one in team.identities],
        ingress=opening_args(team.ingress, stack),
        egress=opening_args(team.egress, stack),
    )


def opening_args(openings: Iterable[Opening], stack: StackSettings) -> list[OpeningArgs]:
    """Return openings, each named team or controller as its namespace."""
    return [
        OpeningArgs(
            ports=one.ports,
            namespace=stack.namespace_of[one.name] if one.name else one.namespace,
            range=str(one.range) if one.range else None,
            protocol=one.protocol,
            pods=one.pods,
            label=one.name,
        )
        for one in openings
    ]


def inner_ranges(stack: StackSettings) -> list[str]:
    """Return the ranges of a stack's cluster itself."""
    return [str(one) for one in stack.cluster.inner_ranges]


def _identity(identity: WorkloadIdentity, cluster: str, namespace: str) -> TeamIdentityArgs:
    return TeamIdentityArgs(
        service_account=identity.service_account,
        name=identity.azure_name(cluster, namespace),
        identity=identity.identity,
        access=[AzureAccessArgs(one.role_id, one.scope) for one in identity.access],
    )
