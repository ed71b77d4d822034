"""The container registries that the nodes pull from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from .args.like import like
from .args.registries import RegistryArgs
from .parts.azure_role import ACR_PULL, RoleAssignment
from .parts.naming import part_name
from .parts.token_resource import TokenResource

_FIRST = "registries"


@dataclass(frozen=True)
class RegistryAccessArgs:
    """What pulling images takes."""

    resource_group_name: pulumi.Input[str]
    """Resource group to create registries in."""
    registries: Sequence[RegistryArgs]
    """The registries."""
    kubelet_object_id: pulumi.Input[str]
    """Object id of the nodes' (kubelet) identity: the cluster's `kubelet_object_id`."""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    """Azure tags of what is made."""
    protect: bool | None = None
    """Keep registries that are created from being deleted."""
    is_adopted: bool = False
    """The cluster was made elsewhere: a role assignment may be imported, with the id's spelling of its scope, and stays whose it is."""


class RegistryAccess(pulumi.ComponentResource):
    """AcrPull on each registry for the identity with which the nodes pull: that of the kubelet, not the cluster's.

    A registry that is created lets in nobody but Entra: no admin user, no anonymous pull.
    """

    granted: list[pulumi.Resource]
    """The role assignments; what pulls an image waits for them."""

    def __init__(
        self, name: str, args: RegistryAccessArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("secure-aks:index:RegistryAccess", name, None, opts)
        args = like(RegistryAccessArgs, args)
        # Whose: while the cluster is updated, a preview does not know its kubelet, and would replace the assignment.
        kept = ["scope", "principalId"] if args.is_adopted else None
        self.granted = [
            RoleAssignment(
                part_name(name, f"{registry.label}-pull", first=_FIRST),
                role=ACR_PULL,
                scope=self._created(name, registry, args) if registry.id is None else registry.id,
                principal=(args.kubelet_object_id, "ServicePrincipal"),
                opts=pulumi.ResourceOptions(parent=self, ignore_changes=kept),
            )
            for registry in args.registries
        ]
        self.register_outputs({})

    def _created(self, name: str, registry: RegistryArgs, args: RegistryAccessArgs) -> pulumi.Output[str]:
        properties = {
            "resourceGroupName": args.resource_group_name,
            "registryName": registry.name,
            "sku": {"name": registry.sku},
            "adminUserEnabled": False,
            "tags": dict(args.tags),
        }
        opts = pulumi.ResourceOptions(parent=self, protect=args.protect)
        label = part_name(name, registry.label, first=_FIRST)
        return TokenResource("azure-native:containerregistry:Registry", label, properties, opts).id
