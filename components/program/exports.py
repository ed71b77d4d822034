"""The outputs that every stack has, whoever made its cluster."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import pulumi

from settings.sections.stack import StackSettings

from ..team_access import TeamAccess, group_ids
from ..versions.version_record import VersionRecord

T = TypeVar("T")


def export(
    stack: StackSettings,
    cluster: pulumi.Input[Mapping[str, str]],
    record: VersionRecord,
    teams: Sequence[TeamAccess],
) -> None:
    """Export what others need: where the cluster is, what runs on it since when, and the teams that are applied."""
    pulumi.export("cluster", cluster)
    pulumi.export("versions", record.versions)
    pulumi.export("shape", unprinted(record.shape))
    for name, value in team_outputs(stack, teams).items():
        pulumi.export(name, value)


def unprinted(value: pulumi.Output[T]) -> pulumi.Output[T]:
    """Return an output that `pulumi up` does not end with, as a screen or two of it: it is printed where it is asked for.

    There is no secret in a kubeconfig or a shape, but a secret is what Pulumi's CLI prints as one word.
    """
    return pulumi.Output.secret(value)


def team_outputs(stack: StackSettings, teams: Sequence[TeamAccess]) -> dict[str, Any]:
    """Return the outputs about the teams of one cluster that are applied."""
    namespaces = {team.name: team.namespace for team in stack.teams[: len(teams)]}
    return {"namespaces": namespaces, "groups": group_ids(teams)}
