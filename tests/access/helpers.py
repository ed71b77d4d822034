"""A stack's teams, built by the real component, as the manifests and role assignments it registers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_kubernetes as kubernetes

from components.program.teams import team_access_args
from components.team_access import TeamAccess
from settings.reading.load import load_file
from tests.components.helpers import SUBSCRIPTION, Run, object_id, run

if TYPE_CHECKING:
    from settings.sections.stack import StackSettings

ROOT = Path(__file__).parents[2]
STACKS = ("dev", "staging", "prod")
CLUSTER = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks"
Manifest = dict[str, Any]


def stack_settings(stack: str) -> StackSettings:
    """Read a stack file that the repository ships."""
    return load_file(ROOT / f"Pulumi.{stack}.yaml")


def in_namespaces_of_its_own(settings: StackSettings, prefix: str) -> StackSettings:
    """Return the settings with every team's namespace renamed, so that several stacks fit in one cluster."""
    teams = [team.model_copy(update={"namespace": prefix + team.namespace}) for team in settings.teams]
    return settings.model_copy(update={"teams": tuple(teams)})


def team_access(settings: StackSettings) -> Run:
    """Register the teams of a stack as the program does."""

    def program() -> None:
        provider = kubernetes.Provider("cluster", kubeconfig="{}")
        for team in settings.teams:
            args = team_access_args(team, settings, CLUSTER)
            TeamAccess(team.name, args, pulumi.ResourceOptions(provider=provider))

    return run(program)


def manifests(run: Run) -> list[Manifest]:
    """Return the Kubernetes objects of a run as the provider would apply them, in order."""
    return [one.inputs for one in run.registered if one.type.startswith("kubernetes:")]


def object_ids(settings: StackSettings) -> dict[str, str]:
    """Return each group's object id, as the mocked Entra gives them out."""
    groups = [group for team in settings.teams for group in team.groups]
    return {group.name: group.object_id or object_id(group.name) for group in groups}
