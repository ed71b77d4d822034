"""The identity with which AKS acts on the subscription."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_azure_native import managedidentity

from components.azure_role import NETWORK_CONTRIBUTOR, PRIVATE_DNS_ZONE_CONTRIBUTOR, RoleAssignment


@dataclass(frozen=True)
class ClusterIdentityArgs:
    """What the identity is made from: subnet ids by name, and the id of a private DNS zone of your own."""

    resource_group_name: pulumi.Input[str]
    identity_name: str
    subnet_ids: Mapping[str, pulumi.Input[str]]
    private_dns_zone_id: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


class ClusterIdentity(pulumi.ComponentResource):
    """A user-assigned identity with exactly the roles that the cluster needs before it exists.

    It may join nodes to the node subnets, and write to a private DNS zone of your own; the rest AKS does in its own
    node resource group, where it has its rights anyway.
    """

    id: pulumi.Output[str]
    """Resource id of the identity."""
    roles: list[pulumi.Resource]
    """The role assignments; the cluster waits for them."""

    def __init__(
        self, name: str, args: ClusterIdentityArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("secure-aks:index:ClusterIdentity", name, None, opts)
        identity = managedidentity.UserAssignedIdentity(
            name,
            resource_group_name=args.resource_group_name,
            resource_name_=args.identity_name,
            tags=dict(args.tags),
            opts=pulumi.ResourceOptions(parent=self),
        )
        scopes = {
            f"{name}-{subnet}": (NETWORK_CONTRIBUTOR, scope) for subnet, scope in args.subnet_ids.items()
        }
        if args.private_dns_zone_id:
            scopes[f"{name}-private-dns-zone"] = (PRIVATE_DNS_ZONE_CONTRIBUTOR, args.private_dns_zone_id)
        self.id = identity.id
        self.roles = [
            RoleAssignment(
                assignment,
                role=role,
                scope=scope,
                principal=(identity.principal_id, "ServicePrincipal"),
                opts=pulumi.ResourceOptions(parent=self),
            )
            for assignment, (role, scope) in scopes.items()
        ]
        self.register_outputs({"id": self.id})
