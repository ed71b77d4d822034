"""The container registries that the nodes pull from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.azure_role import ACR_PULL, RoleAssignment
from components.token_resource import TokenResource
from settings.sections.registries import Registry


@dataclass(frozen=True)
class RegistryAccessArgs:
    """The registries, where to create those that are to be created, and the object id of the nodes' (kubelet) identity.

    Where the cluster `is_adopted` a role assignment may be imported, with the id's spelling of its scope: that is no change.
    """

    resource_group_name: pulumi.Input[str]
    registries: Sequence[Registry]
    kubelet_object_id: pulumi.Input[str]
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    protect: bool | None = None
    is_adopted: bool = False


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
        self.granted = [
            RoleAssignment(
                f"{registry.label}-pull",
                role=ACR_PULL,
                scope=registry.id or self._created(registry, args),
                principal=(args.kubelet_object_id, "ServicePrincipal"),
                opts=pulumi.ResourceOptions(
                    parent=self, ignore_changes=["scope"] if args.is_adopted else None
                ),
            )
            for registry in args.registries
        ]
        self.register_outputs({})

    def _created(self, registry: Registry, args: RegistryAccessArgs) -> pulumi.Output[str]:
        properties = {
            "resourceGroupName": args.resource_group_name,
            "registryName": registry.name,
            "sku": {"name": registry.sku},
            "adminUserEnabled": False,
            "tags": dict(args.tags),
        }
        opts = pulumi.ResourceOptions(parent=self, protect=args.protect)
        return TokenResource("azure-native:containerregistry:Registry", registry.label, properties, opts).id
