"""Components that make a secure AKS cluster, for programs that have no stack file of this project.

Each takes args of its own: names and ids are `pulumi.Input`, all else is plain, with the secure answer as the default.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .aks_cluster import AksCluster, AksClusterArgs
    from .args.control_plane import (
        AddonsArgs,
        ApiServerArgs,
        ControlPlaneArgs,
        ForceUpgradeArgs,
        GroupArgs,
        KeyVaultSecretsArgs,
    )
    from .args.like import like
    from .args.logs import AuditArgs
    from .args.network import NetworkArgs, PeeringArgs, SubnetArgs
    from .args.pools import AutoscalingArgs, PoolArgs, UpgradeArgs
    from .args.profiles import ProfileArgs
    from .args.reboots import KuredArgs, NoRebootsArgs, RebootAlertsArgs, RebootMetricsArgs, RuleGroupArgs
    from .args.registries import RegistryArgs
    from .args.teams import (
        AzureAccessArgs,
        CustomRoleArgs,
        OpeningArgs,
        PolicyRuleArgs,
        QuotaArgs,
        TeamArgs,
        TeamGroupArgs,
        TeamIdentityArgs,
    )
    from .args.windows import (
        DailyArgs,
        DateSpanArgs,
        MaintenanceArgs,
        MonthlyArgs,
        RelativeMonthlyArgs,
        WeeklyArgs,
        WindowArgs,
    )
    from .audit_log import AuditLog, AuditLogArgs
    from .cluster_network import ClusterNetwork, ClusterNetworkArgs
    from .maintenance_windows import MaintenanceWindows, MaintenanceWindowsArgs
    from .namespace import Namespace
    from .node_pool import NodePool, NodePoolArgs
    from .node_reboots import NodeReboots, NodeRebootsArgs
    from .registry_access import RegistryAccess, RegistryAccessArgs
    from .security_profiles import SecurityProfiles, SecurityProfilesArgs
    from .team_access import TeamAccess, TeamAccessArgs
    from .versions.versioned_pool import VersionedPool
    from .workload_identity import WorkloadIdentity, WorkloadIdentityArgs

__all__ = [
    "AddonsArgs",
    "AksCluster",
    "AksClusterArgs",
    "ApiServerArgs",
    "AuditArgs",
    "AuditLog",
    "AuditLogArgs",
    "AutoscalingArgs",
    "AzureAccessArgs",
    "ClusterNetwork",
    "ClusterNetworkArgs",
    "ControlPlaneArgs",
    "CustomRoleArgs",
    "DailyArgs",
    "DateSpanArgs",
    "ForceUpgradeArgs",
    "GroupArgs",
    "KeyVaultSecretsArgs",
    "KuredArgs",
    "MaintenanceArgs",
    "MaintenanceWindows",
    "MaintenanceWindowsArgs",
    "MonthlyArgs",
    "Namespace",
    "NetworkArgs",
    "NoRebootsArgs",
    "NodePool",
    "NodePoolArgs",
    "NodeReboots",
    "NodeRebootsArgs",
    "OpeningArgs",
    "PeeringArgs",
    "PolicyRuleArgs",
    "PoolArgs",
    "ProfileArgs",
    "QuotaArgs",
    "RebootAlertsArgs",
    "RebootMetricsArgs",
    "RegistryAccess",
    "RegistryAccessArgs",
    "RegistryArgs",
    "RelativeMonthlyArgs",
    "RuleGroupArgs",
    "SecurityProfiles",
    "SecurityProfilesArgs",
    "SubnetArgs",
    "TeamAccess",
    "TeamAccessArgs",
    "TeamArgs",
    "TeamGroupArgs",
    "TeamIdentityArgs",
    "UpgradeArgs",
    "VersionedPool",
    "WeeklyArgs",
    "WindowArgs",
    "WorkloadIdentity",
    "WorkloadIdentityArgs",
    "like",
]

# The SDKs behind the components take seconds to import, and most of what is here beside them needs none.
_MODULES = {
    "aks_cluster": ("AksCluster", "AksClusterArgs"),
    "args.control_plane": (
        "AddonsArgs",
        "ApiServerArgs",
        "ControlPlaneArgs",
        "ForceUpgradeArgs",
        "GroupArgs",
        "KeyVaultSecretsArgs",
    ),
    "args.like": ("like",),
    "args.logs": ("AuditArgs",),
    "args.network": ("NetworkArgs", "PeeringArgs", "SubnetArgs"),
    "args.pools": ("AutoscalingArgs", "PoolArgs", "UpgradeArgs"),
    "args.profiles": ("ProfileArgs",),
    "args.reboots": ("KuredArgs", "NoRebootsArgs", "RebootAlertsArgs", "RebootMetricsArgs", "RuleGroupArgs"),
    "args.registries": ("RegistryArgs",),
    "args.teams": (
        "AzureAccessArgs",
        "CustomRoleArgs",
        "OpeningArgs",
        "PolicyRuleArgs",
        "QuotaArgs",
        "TeamArgs",
        "TeamGroupArgs",
        "TeamIdentityArgs",
    ),
    "args.windows": (
        "DailyArgs",
        "DateSpanArgs",
        "MaintenanceArgs",
        "MonthlyArgs",
        "RelativeMonthlyArgs",
        "WeeklyArgs",
        "WindowArgs",
    ),
    "audit_log": ("AuditLog", "AuditLogArgs"),
    "cluster_network": ("ClusterNetwork", "ClusterNetworkArgs"),
    "maintenance_windows": ("MaintenanceWindows", "MaintenanceWindowsArgs"),
    "namespace": ("Namespace",),
    "node_pool": ("NodePool", "NodePoolArgs"),
    "node_reboots": ("NodeReboots", "NodeRebootsArgs"),
    "registry_access": ("RegistryAccess", "RegistryAccessArgs"),
    "security_profiles": ("SecurityProfiles", "SecurityProfilesArgs"),
    "team_access": ("TeamAccess", "TeamAccessArgs"),
    "versions.versioned_pool": ("VersionedPool",),
    "workload_identity": ("WorkloadIdentity", "WorkloadIdentityArgs"),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import what is asked for from where it stands."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_MODULE_OF[name]}", __name__), name)
