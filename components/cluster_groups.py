"""The Entra groups that apply the stack, and those that look at the cluster before an upgrade."""

from collections.abc import Iterable
from dataclasses import dataclass

import pulumi

from settings.sections.cluster import Cluster
from settings.sections.groups import Group

from .parts.azure_role import CLUSTER_USER, RoleAssignment
from .parts.entra_group import group_object_id


@dataclass(frozen=True)
class ClusterGroupsArgs:
    """The cluster's settings: its `deployers`, `readers`, and whether the deployers administer it (`bootstrap`)."""

    cluster: Cluster


class ClusterGroups(pulumi.ComponentResource):
    """The groups in Entra, and the Azure role by which they may ask where the API server is.

    What they may do inside is `ClusterRights`. They are there before the cluster, which in its first `up` knows nobody but
    its administrators.
    """

    deployers: dict[str, pulumi.Output[str]]
    """Object ids of the groups that apply, by name."""
    readers: dict[str, pulumi.Output[str]]
    """Object ids of the groups that read, by name."""
    administrators: list[pulumi.Output[str]]
    """The deployers while they administer the cluster, else nobody."""

    def __init__(
        self, name: str, args: ClusterGroupsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("secure-aks:index:ClusterGroups", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        cluster = args.cluster
        applies = f"Applies what the stack has inside the cluster {cluster.name}"
        reads = f"Reads what upgrades of the cluster {cluster.name} have to look at"
        self.deployers = {
            group.name: group_object_id(group, applies, child) for group in _by_name(cluster.deployers)
        }
        self.readers = {
            group.name: group_object_id(group, reads, child) for group in _by_name(cluster.readers)
        }
        self.administrators = list(self.deployers.values()) if cluster.bootstrap else []
        self.register_outputs({"deployers": self.deployers, "readers": self.readers})

    def admit(self, cluster_id: pulumi.Input[str]) -> None:
        """Let the groups fetch the kubeconfig of a cluster (its resource id), which holds no credential."""
        for group, group_id in {**self.deployers, **self.readers}.items():
            RoleAssignment(
                f"{group}-cluster-user",
                role=CLUSTER_USER,
                scope=cluster_id,
                principal=(group_id, "Group"),
                opts=pulumi.ResourceOptions(parent=self),
            )


def _by_name(groups: Iterable[Group]) -> list[Group]:
    # Their order says nothing, and a list of Azure's that follows it would change with it.
    return sorted(groups, key=lambda group: group.name)
