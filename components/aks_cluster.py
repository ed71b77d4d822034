"""The managed cluster and the way to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_azure_native import containerservice

from .args.control_plane import ControlPlaneArgs
from .args.like import like
from .args.pools import PoolArgs
from .cluster_identity import ClusterIdentity, ClusterIdentityArgs
from .parts.control_plane import control_plane_properties
from .parts.entra_group import group_object_id
from .parts.existing_identity import existing_identity
from .parts.first_count import SENT, FirstCount, first_count
from .parts.kubeconfig import exec_kubeconfig, user_credentials
from .parts.naming import joined, part_name
from .parts.ordering import once
from .parts.pool_properties import pool_properties
from .parts.time_limits import cluster_time_limits
from .versions.system_pool_version import SystemPoolVersion, SystemPoolVersionArgs

_MADE = ("secure-aks:index:AksCluster", "azure-native:containerservice:ManagedCluster")


@dataclass(frozen=True)
class AksClusterArgs:
    """What a cluster is made from."""

    resource_group_name: pulumi.Input[str]
    """Resource group to make it in."""
    cluster: ControlPlaneArgs
    """How it is run and who reaches it."""
    system_pool: PoolArgs
    """The pool that is created with it."""
    subnet_id: pulumi.Input[str] | None
    """Resource id of the subnet of the system pool's nodes; none in a network of AKS's own."""
    workspace_id: pulumi.Input[str]
    """Resource id of the Log Analytics workspace that Defender reports to."""
    node_os_channel: str = "NodeImage"
    """Who patches the nodes' OS, in Azure's words: NodeImage, SecurityPatch, Unmanaged or None."""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    """Azure tags of what is made."""
    protect: bool | None = None
    """Keep the cluster from being deleted or replaced."""
    administrators: Sequence[pulumi.Input[str]] = ()
    """Object ids of Entra groups that administer the cluster beside the break-glass groups."""
    is_new: pulumi.Input[bool] = False
    """No `up` has been through: a system pool behind the control plane is then made with its own version."""
    joinable_subnets: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    """Resource ids of all subnets that AKS puts something into, by any name; `subnet_id` alone unless set."""
    api_server_subnet_id: pulumi.Input[str] | None = None
    """Resource id of the API server's subnet, with `vnet_integration`."""
    said_beside: object = None
    """What else decides what the cluster is sent where an argument above is known only later: plain values, to be compared."""
    let_in: Callable[[pulumi.Output[str]], pulumi.Output[str]] | None = None
    """What the provider's kubeconfig goes through, such as a wait until the caller is let in."""


class AksCluster(pulumi.ComponentResource):
    """A cluster whose only way in is Entra and whose versions change only where its args say so.

    Of its pools this component knows the system pool; `NodePool` makes the others. Azure changes one pool at a time,
    so the first of the others comes after `system_pool`.
    """

    managed_cluster: containerservice.ManagedCluster
    """The cluster."""
    id: pulumi.Output[str]
    """Resource id of the cluster."""
    version: pulumi.Output[str]
    """Full version of the control plane, known once it runs it."""
    system_pool: SystemPoolVersion
    """The system pool, as soon as it has its version."""
    kubeconfig: pulumi.Output[str]
    """A kubeconfig that holds no credential: kubelogin asks Entra for a token."""
    provider: kubernetes.Provider
    """The Kubernetes provider of the cluster, which applies on the server's side."""
    kubelet_object_id: pulumi.Output[str]
    """Object id of the identity with which the nodes pull images."""
    issuer: pulumi.Output[str]
    """Address of the cluster as an issuer of tokens, which workload identities trust."""
    summary: pulumi.Output[dict[str, str]]
    """What people and other programs need to find the cluster, under the names that Azure uses."""

    def __init__(self, name: str, args: AksClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(_MADE[0], name, None, opts)
        args = like(AksClusterArgs, args)
        # Which subnets there are is the roles' business, and no part of the cluster: a pool that comes with one changes nothing of it.
        joinable = {"nodes": "later"} if args.joinable_subnets else {}
        first = first_count(
            _MADE,
            name,
            args.system_pool,
            [
                vars(args)
                | {"system_pool": self._declared(args), "let_in": None, "joinable_subnets": joinable}
            ],
            opts,
        )
        self.managed_cluster = self._cluster(name, args, first)
        self.id = self.managed_cluster.id
        self.version = once(self.managed_cluster, str(args.cluster.kubernetes_version))
        self.system_pool = self._system_pool_version(name, args)
        self.kubeconfig = self._kubeconfig(args)
        self.provider = kubernetes.Provider(
            name,
            kubeconfig=args.let_in(self.kubeconfig) if args.let_in else self.kubeconfig,
            # A changed login mode or certificate authority is no other cluster: its objects are not to be replaced.
            cluster_identifier=self.id,
            enable_server_side_apply=True,
            # Else a change of one deletes it first: without its parameters an admission policy refuses everything.
            enable_config_map_mutable=True,
            enable_secret_mutable=True,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.kubelet_object_id = self.managed_cluster.identity_profile.apply(
            lambda known: (known["kubeletidentity"].object_id or "") if known else ""
        )
        self.issuer = self.managed_cluster.oidc_issuer_profile.apply(
            lambda oidc: (oidc.issuer_url or "") if oidc else ""
        )
        self.summary = pulumi.Output.all(
            name=args.cluster.name,
            resourceGroup=args.resource_group_name,
            id=self.id,
            location=self.managed_cluster.location,
            tier=args.cluster.tier,
            supportPlan=args.cluster.support_plan,
            nodeResourceGroup=self.managed_cluster.node_resource_group,
            oidcIssuerUrl=self.issuer,
        )
        self.register_outputs(
            {
                "summary": self.summary,
                "version": self.version,
                "kubeconfig": self.kubeconfig,
                SENT: first.sent,
            }
        )

    def _identity(self, name: str, args: AksClusterArgs) -> tuple[dict[str, Any], list[pulumi.Resource]]:
        """Return the identity in Azure's words, and the roles that the cluster waits for."""
        if kept := args.cluster.adopted.get("identity"):
            return dict(kept), []
        identity = ClusterIdentity(
            name,
            ClusterIdentityArgs(
                resource_group_name=args.resource_group_name,
                identity_name=joined("id-", args.cluster.name),
                subnet_ids=args.joinable_subnets
                or ({} if args.subnet_id is None else {"nodes": args.subnet_id}),
                private_dns_zone_id=args.cluster.api_server.own_dns_zone,
                existing=args.cluster.identity,
                kubelet_identity_id=args.cluster.kubelet_identity,
                etcd_vault=args.cluster.etcd_vault,
                etcd_vault_is_private=args.cluster.etcd_vault_is_private,
                disk_encryption_set=args.cluster.disk_encryption_set,
                addresses=args.cluster.outbound_ids,
                tags=args.tags,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        assigned = containerservice.ResourceIdentityType.USER_ASSIGNED
        return {"type": assigned, "user_assigned_identities": [identity.id]}, identity.roles

    def _cluster(self, name: str, args: AksClusterArgs, first: FirstCount) -> containerservice.ManagedCluster:
        child = pulumi.ResourceOptions(parent=self)
        identity, roles = self._identity(name, args)
        return containerservice.ManagedCluster(
            name,
            resource_group_name=args.resource_group_name,
            agent_pool_profiles=pulumi.Output.from_input(args.is_new).apply(
                lambda new: [self._inline_pool(args, first, is_new=new)]
            ),
            identity=containerservice.ManagedClusterIdentityArgs(**identity),
            identity_profile=self._kubelet_identity(args),
            tags=dict(args.tags),
            **control_plane_properties(
                args.cluster,
                admin_group_ids=[
                    *(
                        group_object_id(group, "Administers the whole cluster; for emergencies only", child)
                        for group in sorted(args.cluster.break_glass, key=lambda group: group.name)
                    ),
                    *args.administrators,
                ],
                workspace_id=args.workspace_id,
                node_os_channel=args.node_os_channel,
                api_server_subnet_id=args.api_server_subnet_id,
            ),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=roles,
                protect=args.protect,
                delete_before_replace=False,
                ignore_changes=first.ignored("agentPoolProfiles[0].count"),
                custom_timeouts=cluster_time_limits(args.system_pool),
            ),
        )

    def _inline_pool(
        self, args: AksClusterArgs, first: FirstCount, *, is_new: bool
    ) -> containerservice.ManagedClusterAgentPoolProfileArgs:
        """Return the system pool as the cluster carries it: without a version, which the pool has of its own.

        Only a cluster that is made behind its control plane says one: Azure would give it the newest, and no pool goes back.
        """
        pool = args.system_pool
        # One that was adopted is there already, with pools that this body would have to name too.
        behind = is_new and not args.cluster.is_adopted and pool.version != args.cluster.kubernetes_version
        return containerservice.ManagedClusterAgentPoolProfileArgs(
            name=pool.name,
            orchestrator_version=str(pool.version) if behind else None,
            **self._declared(args),
            **first.added(pool),
        )

    @staticmethod
    def _declared(args: AksClusterArgs) -> dict[str, Any]:
        return pool_properties(args.system_pool, args.subnet_id, dict(args.tags))

    def _kubelet_identity(self, args: AksClusterArgs) -> Any:
        """Return the identity with which the nodes pull images, where it is one of your own."""
        if (existing := args.cluster.kubelet_identity) is None:
            return None
        client, principal = existing_identity(
            existing, "secure-aks:cluster.kubeletIdentity", "Managed Identity Operator", self
        )
        ids = {"resource_id": existing, "client_id": client, "object_id": principal}
        return {"kubeletidentity": containerservice.UserAssignedIdentityArgs(**ids)}

    def _system_pool_version(self, name: str, args: AksClusterArgs) -> SystemPoolVersion:
        return SystemPoolVersion(
            part_name(name, "system-pool-version", first="cluster"),
            SystemPoolVersionArgs(
                resource_group_name=args.resource_group_name,
                cluster_name=args.cluster.name,
                pool=args.system_pool,
                properties=self._declared(args),
                after=self.managed_cluster,
            ),
            pulumi.ResourceOptions(parent=self),
        )

    def _kubeconfig(self, args: AksClusterArgs) -> pulumi.Output[str]:
        # By the cluster's id, so that nobody asks before it is there.
        answer = pulumi.Output.all(
            self.managed_cluster.id, args.resource_group_name, args.cluster.name
        ).apply(lambda known: user_credentials(known[1], known[2], self))
        is_to_get_entra = args.cluster.is_adopted and pulumi.runtime.is_dry_run()
        kubeconfig = pulumi.Output.all(answer, args.cluster.name, args.cluster.tenant_id).apply(
            lambda known: exec_kubeconfig(
                known[0],
                known[1],
                args.cluster.login,
                tenant_to_be=(known[2] or "") if is_to_get_entra else None,
            )
        )
        # Azure's whole answer counts as a secret; what is left of it here is none, and people need to read it.
        return pulumi.Output.unsecret(kubeconfig)
