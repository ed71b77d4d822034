"""The control plane's settings in Azure's words."""

from collections.abc import Sequence
from typing import Any

import pulumi

from ..args.control_plane import ApiServerArgs, ControlPlaneArgs
from ..azure_api.extra import laid_beside, with_adopted, with_extra
from ..azure_api.names import sdk_names


def control_plane_properties(
    cluster: ControlPlaneArgs,
    *,
    admin_group_ids: Sequence[pulumi.Input[str]],
    workspace_id: pulumi.Input[str],
    node_os_channel: str,
    api_server_subnet_id: pulumi.Input[str] | None = None,
) -> dict[str, Any]:
    """Return the arguments of `ManagedCluster` that say how the cluster is run and who reaches it."""
    properties = {
        "resource_name_": cluster.name,
        # One of the two begins the API server's name, and Azure takes no second.
        **({} if "fqdnSubdomain" in cluster.extra else {"dns_prefix": cluster.name}),
        "kubernetes_version": str(cluster.kubernetes_version),
        "sku": {"name": "Base", "tier": cluster.tier},
        "support_plan": cluster.support_plan,
        "node_resource_group": cluster.node_resource_group,
        # Nobody changes the nodes' resources behind the API server's back.
        "node_resource_group_profile": {"restriction_level": "ReadOnly"},
        "disable_local_accounts": True,
        "enable_rbac": True,
        "aad_profile": {
            "managed": True,
            # Kubernetes RBAC alone decides unless told otherwise, so that a team's rights stand beside its namespace.
            "enable_azure_rbac": cluster.azure_rbac,
            "admin_group_object_ids": list(admin_group_ids),
            "tenant_id": cluster.tenant_id,
        },
        "api_server_access_profile": _api_server_access(cluster.api_server, api_server_subnet_id),
        "network_profile": _network(cluster),
        "oidc_issuer_profile": {"enabled": True},
        "security_profile": _security(cluster, workspace_id),
        **_addons(cluster, workspace_id),
        # Versions come from the settings alone; a channel that moves them would fight a pinned one.
        "upgrade_settings": _upgrade_settings(cluster),
        "auto_upgrade_profile": {"upgrade_channel": "none", "node_os_upgrade_channel": node_os_channel},
    }
    made = laid_beside(properties, sdk_names(cluster.features, "cluster"))
    kept = {name: value for name, value in cluster.adopted.items() if name != "identity"}
    return with_extra(with_adopted(made, kept, "cluster"), cluster.extra, "cluster")


def _addons(cluster: ControlPlaneArgs, workspace_id: pulumi.Input[str]) -> dict[str, Any]:
    """Return the add-ons. One that is not asked for is left out, so that a cluster made before it knows no difference."""
    addons = cluster.addons
    profiles: dict[str, Any] = {"azurepolicy": {"enabled": cluster.azure_policy}}
    if secrets := addons.key_vault_secrets:
        # Without rotation a secret renewed in Key Vault reaches a pod when the pod is replaced.
        config = {"enableSecretRotation": "true", "rotationPollInterval": f"{secrets.rotation_minutes}m"}
        profiles["azureKeyvaultSecretsProvider"] = {"enabled": True, "config": config}
    if cluster.container_insights:
        # By its own identity: with the workspace's key, whoever reads the agent's secret may write any log.
        config = {"logAnalyticsWorkspaceResourceID": workspace_id, "useAADAuth": "true"}
        profiles["omsagent"] = {"enabled": True, "config": config}
    scalers = {"keda": addons.keda, "vertical_pod_autoscaler": addons.vertical_pod_autoscaler}
    asked = {name: {"enabled": True} for name, wanted in scalers.items() if wanted}
    return {
        "addon_profiles": profiles,
        "workload_auto_scaler_profile": asked or None,
        "metrics_profile": {"cost_analysis": {"enabled": True}} if addons.cost_analysis else None,
    }


def _api_server_access(server: ApiServerArgs, subnet_id: pulumi.Input[str] | None) -> dict[str, Any]:
    # Run-command would be a way to the API server past the network and past Entra's groups.
    access: dict[str, Any] = {
        "disable_run_command": True,
        "enable_private_cluster": server.access == "private",
    }
    zone = server.own_dns_zone
    if server.access == "private":
        access |= {
            "private_dns_zone": server.private_dns_zone if zone is None else zone,
            # Without a zone of its own the name stands in public DNS, or nobody could resolve it.
            "enable_private_cluster_public_fqdn": server.private_dns_zone == "none",
        }
    if server.vnet_integration:
        access |= {"enable_vnet_integration": True, "subnet_id": subnet_id}
    if server.access == "ip-restricted":
        access["authorized_ip_ranges"] = sorted(server.authorized_ip_ranges)
    return access


def _upgrade_settings(cluster: ControlPlaneArgs) -> dict[str, Any] | None:
    if not (force := cluster.force_upgrade):
        return None
    # Azure wants both: without a date the override is off.
    return {"override_settings": {"force_upgrade": True, "until": f"{force.until}T23:59:59Z"}}


def _network(cluster: ControlPlaneArgs) -> dict[str, Any]:
    return {
        "network_plugin": "azure",
        "network_plugin_mode": "overlay",
        "network_policy": cluster.network_policy,
        "network_dataplane": "cilium" if cluster.network_policy == "cilium" else "azure",
        "pod_cidr": str(cluster.pod_cidr),
        "service_cidr": str(cluster.service_cidr),
        "dns_service_ip": str(cluster.dns_ip),
        "load_balancer_sku": "standard",
        "outbound_type": cluster.outbound_type,
    }


def _security(cluster: ControlPlaneArgs, workspace_id: pulumi.Input[str]) -> dict[str, Any]:
    return {
        "workload_identity": {"enabled": True},
        "image_cleaner": {"enabled": True, "interval_hours": cluster.image_cleaner_hours},
        "defender": {
            "security_monitoring": {"enabled": cluster.defender},
            "log_analytics_workspace_resource_id": workspace_id if cluster.defender else None,
        },
    }
