"""The identity with which AKS acts on the subscription."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_azure_native import managedidentity

from .parts.azure_role import (
    KEY_VAULT_CONTRIBUTOR,
    KEY_VAULT_CRYPTO_USER,
    MANAGED_IDENTITY_OPERATOR,
    NETWORK_CONTRIBUTOR,
    PRIVATE_DNS_ZONE_CONTRIBUTOR,
    READER,
    RoleAssignment,
)
from .parts.naming import group_and_name


@dataclass(frozen=True)
class ClusterIdentityArgs:
    """What the identity is made from: subnet ids by name, and what exists already, by resource id.

    `existing` is an identity to use as it is: its roles are its owner's to give (docs/first-cluster.md lists them).
    `kubelet_identity_id` is an identity that the nodes are to have. `etcd_vault` (private or not) and `disk_encryption_set` have keys
    of yours, which it may then use. `addresses` are public addresses and prefixes of yours that what leaves the cluster has.
    """

    resource_group_name: pulumi.Input[str]
    identity_name: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    private_dns_zone_id: pulumi.Input[str] | None = None
    existing: pulumi.Input[str] | None = None
    kubelet_identity_id: pulumi.Input[str] | None = None
    etcd_vault: pulumi.Input[str] | None = None
    etcd_vault_is_private: bool = False
    disk_encryption_set: pulumi.Input[str] | None = None
    addresses: Sequence[str] = ()
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


class ClusterIdentity(pulumi.ComponentResource):
    """A user-assigned identity with exactly the roles that the cluster needs before it exists.

    It may join nodes to the node subnets, write to a private DNS zone of your own, give the nodes an identity of your own,
    and use addresses of your own; the rest AKS does in its own node resource group, where it has its rights anyway.
    """

    id: pulumi.Output[str]
    """Resource id of the identity."""
    roles: list[pulumi.Resource]
    """The role assignments; the cluster waits for them."""

    def __init__(
        self, name: str, args: ClusterIdentityArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("secure-aks:index:ClusterIdentity", name, None, opts)
        self.roles = []
        if args.existing is not None:
            self.id = pulumi.Output.from_input(args.existing)
            self.register_outputs({"id": self.id})
            return
        identity = managedidentity.UserAssignedIdentity(
            name,
            resource_group_name=args.resource_group_name,
            resource_name_=args.identity_name,
            tags=dict(args.tags),
            opts=pulumi.ResourceOptions(parent=self),
        )
        # A subnet that exists has any name whatever, also that of another role.
        scopes = {
            f"{name}-{'subnet-' if subnet in _OTHERS else ''}{subnet}": (NETWORK_CONTRIBUTOR, scope)
            for subnet, scope in args.subnet_ids.items()
        }
        if args.private_dns_zone_id is not None:
            scopes[f"{name}-private-dns-zone"] = (PRIVATE_DNS_ZONE_CONTRIBUTOR, args.private_dns_zone_id)
        if args.kubelet_identity_id is not None:
            scopes[f"{name}-kubelet-identity"] = (MANAGED_IDENTITY_OPERATOR, args.kubelet_identity_id)
        scopes |= _keys(name, args) | _addresses(name, args)
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


_OTHERS = {"private-dns-zone", "kubelet-identity", "etcd-key", "etcd-vault", "disk-key"}
"""What the roles that are on no subnet are called."""


def _keys(name: str, args: ClusterIdentityArgs) -> dict[str, tuple[str, pulumi.Input[str]]]:
    """Return the roles that the keys ask for: on the vault of one key, and on one disk encryption set."""
    roles: dict[str, tuple[str, pulumi.Input[str]]] = {}
    if args.etcd_vault is not None:
        roles[f"{name}-etcd-key"] = (KEY_VAULT_CRYPTO_USER, args.etcd_vault)
        if args.etcd_vault_is_private:
            roles[f"{name}-etcd-vault"] = (KEY_VAULT_CONTRIBUTOR, args.etcd_vault)
    if args.disk_encryption_set is not None:
        roles[f"{name}-disk-key"] = (READER, args.disk_encryption_set)
    return roles


def _addresses(name: str, args: ClusterIdentityArgs) -> dict[str, tuple[str, pulumi.Input[str]]]:
    """Return the roles on addresses of yours, each called by its group and its name; with its subscription where two are called alike.

    Source: AKS documentation, "Configure a standard load balancer": the cluster's identity needs the rights of "Grant access to
    networking resources" on them.
    """
    called = [group_and_name(id_) for id_ in args.addresses]
    roles: dict[str, tuple[str, pulumi.Input[str]]] = {}
    for id_, (group, last) in zip(args.addresses, called, strict=True):
        also = f"-{id_.split('/')[2]}" if called.count((group, last)) > 1 else ""
        roles[f"{name}-address-{group}-{last}{also}"] = (NETWORK_CONTRIBUTOR, id_)
    return roles
