"""What deployers and readers may do inside the cluster."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.access.cluster_roles import DEPLOYERS, READERS, manifests
from components.token_resource import KubernetesObject


@dataclass(frozen=True)
class ClusterRightsArgs:
    """The object ids of the groups that apply and of those that read, by name."""

    deployers: Mapping[str, pulumi.Input[str]]
    readers: Mapping[str, pulumi.Input[str]]


class ClusterRights(pulumi.ComponentResource):
    """Two ClusterRoles with their bindings: enough to apply any stack file, and enough for the gates of `upgrades`.

    Pass the cluster's Kubernetes provider in `opts`.
    """

    def __init__(
        self, name: str, args: ClusterRightsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("secure-aks:index:ClusterRights", name, None, opts)
        groups = {READERS: list(args.readers.values()), DEPLOYERS: list(args.deployers.values())}
        before: list[pulumi.Resource] = []
        for manifest in manifests({role: ids for role, ids in groups.items() if ids}):
            kind, role = manifest["kind"], manifest["metadata"]["name"]
            opts = pulumi.ResourceOptions(parent=self, depends_on=before)
            before = [KubernetesObject(f"{role}-{kind}", manifest, opts)]
        self.register_outputs({})
