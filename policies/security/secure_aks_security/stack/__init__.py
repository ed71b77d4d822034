"""The rules about the stack as a whole, one class a file, run when the engine has seen every resource."""

from secure_aks_security.stack.base import Report, Stack, StackPolicy, StackRule
from secure_aks_security.stack.clock_overridden import ClockOverridden
from secure_aks_security.stack.cluster_audit_log import ClusterAuditLog
from secure_aks_security.stack.cluster_lock import ClusterLock
from secure_aks_security.stack.cluster_maintenance_windows import ClusterMaintenanceWindows
from secure_aks_security.stack.cluster_platform_logs import ClusterPlatformLogs
from secure_aks_security.stack.exemption_expired import ExemptionExpired
from secure_aks_security.stack.exemption_unused import ExemptionUnused
from secure_aks_security.stack.namespace_default_deny import NamespaceDefaultDeny
from secure_aks_security.stack.pack_configuration import PackConfiguration
from secure_aks_security.stack.reserved_texts import ReservedTexts
from secure_aks_security.stack.subnet_surge_space import SubnetSurgeSpace
from secure_aks_security.stack.unknown_verdicts import UnknownVerdicts
from secure_aks_security.stack.unseen_components import UnseenComponents

# Those that look back on the others come last.
STACK_RULES: tuple[type[StackRule], ...] = (
    ClusterAuditLog,
    ClusterLock,
    ClusterMaintenanceWindows,
    ClusterPlatformLogs,
    NamespaceDefaultDeny,
    ReservedTexts,
    SubnetSurgeSpace,
    UnseenComponents,
    ClockOverridden,
    PackConfiguration,
    ExemptionExpired,
    UnknownVerdicts,
    ExemptionUnused,
)

__all__ = ["STACK_RULES", "Report", "Stack", "StackPolicy", "StackRule"]
