"""What deployers and readers may do inside the cluster."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from .access.cluster_roles import DEPLOYERS, READERS, manifests
from .args.like import like
from .parts.naming import part_name
from .parts.token_resource import KubernetesObject


@dataclass(frozen=True)
class ClusterRightsArgs:
    """The object ids of the groups that apply and of those that read, by name."""

    deployers: Mapping[str, pulumi.Input[str]]
    readers: Mapping[str, pulumi.Input[str]]


class ClusterRights(pulumi.ComponentResource):
    """Two ClusterRoles with their bindings: enough to apply any stack file, and enough for the gates of `upgrades`.

    Pass the cluster's Kubernetes provider in `opts`.
    """

    made: list[pulumi.Resource]
    """The roles and bindings; what their holders apply comes after them."""

    def __init__(
        self, name: str, args: ClusterRightsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("secure-aks:index:ClusterRights", name, None, opts)
        args = like(ClusterRightsArgs, args)
        groups = {READERS: list(args.readers.values()), DEPLOYERS: list(args.deployers.values())}
        self.made = []
        for manifest in manifests({role: ids for role, ids in groups.items() if ids}):
            kind, role = manifest["kind"], manifest["metadata"]["name"]
            # One after another: a binding needs its role, and whoever deletes needs their right to the end.
            opts = pulumi.ResourceOptions(parent=self, depends_on=self.made[-1:])
            part = part_name(name, f"{role}-{kind}", first="rights")
            self.made.append(KubernetesObject(part, manifest, opts))
        self.register_outputs({})
