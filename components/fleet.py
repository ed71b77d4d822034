"""The fleet that moves the cluster's versions, or the cluster's place in one that exists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi_azure_native import containerservice, resources

from settings.sections.fleet import Fleet as FleetSettings
from settings.sections.fleet import FleetStage

from .parts.deployment import arm_deployment
from .parts.naming import group_and_name, joined
from .parts.ordering import once

STRATEGY_API = "2026-03-02-preview"
"""API version of the strategy: the one in which Azure's template reference documents `beforeGates` and `afterGates` (read in 2026).

azure-native's own `FleetUpdateStrategy` is of 2024-05-02-preview, which knows no approvals and would leave them out.
"""


@dataclass(frozen=True)
class FleetArgs:
    """The section of the stack file, the cluster (its name is that of the member), and its group of members."""

    resource_group_name: pulumi.Input[str]
    fleet: FleetSettings
    cluster_name: str
    cluster_id: pulumi.Input[str]
    group: str
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    protect: bool | None = None
    joins: "Fleet | None" = None
    """The fleet that the stack's first cluster has made or joined: a further one is a member of the same."""


class Fleet(pulumi.ComponentResource):
    """A fleet with its strategy and what it begins by itself, where the stack makes it; and the cluster as a member.

    The strategy goes to Azure in an ARM deployment, which creates or changes it. Nothing deletes it but the fleet's end: a
    strategy that nobody uses does nothing.
    """

    id: pulumi.Output[str]
    """Resource id of the fleet."""
    place: tuple[pulumi.Input[str], pulumi.Input[str]]
    """Its resource group, and its name once it is there."""

    def __init__(self, name: str, args: FleetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("secure-aks:index:Fleet", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        if args.joins:
            self.id, self.place = args.joins.id, args.joins.place
            self._member(*self.place)
        elif existing := args.fleet.id:
            self.id, self.place = pulumi.Output.from_input(existing), group_and_name(existing)
            self._member(*self.place)
        else:
            self._made(str(args.fleet.name))
        self.register_outputs({"id": self.id})

    def _made(self, fleet_name: str) -> None:
        args = self._args
        fleet = containerservice.Fleet(
            self._name,
            resource_group_name=args.resource_group_name,
            fleet_name=fleet_name,
            tags=dict(args.tags),
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        self.id = fleet.id
        there = once(fleet, fleet_name)
        self.place = args.resource_group_name, there
        member = self._member(args.resource_group_name, there)
        strategy = self._strategy(there, member) if args.fleet.stages else None
        for profile in args.fleet.auto_upgrade:
            containerservice.AutoUpgradeProfile(
                f"{self._name}-{profile.name}",
                resource_group_name=args.resource_group_name,
                fleet_name=there,
                auto_upgrade_profile_name=profile.name,
                channel=profile.channel,
                disabled=not profile.enabled,
                update_strategy_id=joined(fleet.id, "/updateStrategies/", args.fleet.strategy)
                if strategy
                else None,
                opts=pulumi.ResourceOptions(parent=self, depends_on=[strategy] if strategy else [member]),
            )

    def _member(
        self, resource_group_name: pulumi.Input[str], fleet_name: pulumi.Input[str]
    ) -> containerservice.FleetMember:
        return containerservice.FleetMember(
            f"{self._name}-member",
            resource_group_name=resource_group_name,
            fleet_name=fleet_name,
            fleet_member_name=self._args.cluster_name,
            cluster_resource_id=self._args.cluster_id,
            group=self._args.group,
            opts=self._child,
        )

    def _strategy(self, fleet_name: pulumi.Input[str], after: pulumi.Resource) -> resources.Deployment:
        said = self._args.fleet
        strategy = {
            "type": "Microsoft.ContainerService/fleets/updateStrategies",
            "apiVersion": STRATEGY_API,
            "name": joined(fleet_name, "/", said.strategy),
            "properties": {"strategy": {"stages": [stage_in_azures_words(one) for one in said.stages]}},
        }
        return arm_deployment(
            f"{self._name}-strategy",
            self._args.resource_group_name,
            joined(fleet_name, "-", said.strategy),
            strategy,
            pulumi.ResourceOptions(parent=self, depends_on=[after]),
        )


def stage_in_azures_words(stage: FleetStage) -> dict[str, Any]:
    """Return a stage as Fleet Manager takes it."""
    gate = [{"type": "Approval", "displayName": f"{stage.approval} {stage.name}"}]
    return {
        "name": stage.name,
        "groups": [{"name": group} for group in sorted(stage.groups)],
        "afterStageWaitInSeconds": stage.wait_minutes * 60,
        **({f"{stage.approval}Gates": gate} if stage.approval else {}),
    }


def join(name: str, args: FleetArgs | None, opts: pulumi.ResourceOptions | None = None) -> Fleet | None:
    """Register the fleet of a stack that has one; nothing for any other."""
    return Fleet(name, args, opts) if args else None
