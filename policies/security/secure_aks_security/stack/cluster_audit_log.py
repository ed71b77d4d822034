"""Clusters whose control plane leaves no trace."""

from secure_aks_security.resources import Resource
from secure_aks_security.shapes import items, mapping
from secure_aks_security.stack.azure import CLUSTER, belongs_to, name_of
from secure_aks_security.stack.base import Report, Stack, StackRule

_SETTING = "azure-native:monitor:DiagnosticSetting"
_GROUPS = {"audit", "allLogs"}
_DESTINATIONS = ("workspaceId", "storageAccountId", "eventHubAuthorizationRuleId")


class ClusterAuditLog(StackRule):
    """Every cluster must send its audit and sign-in logs somewhere."""

    id = "cluster-audit-log"
    title = "The control plane's audit log must be kept"
    severity = "high"
    why = "Without it nobody can tell who did what, nor that somebody tried."
    remedy = (
        "Add a DiagnosticSetting on the cluster with the categories kube-audit or kube-audit-admin, and guard, "
        "and a destination."
    )
    link = "https://learn.microsoft.com/azure/aks/monitor-aks-reference#resource-logs"
    watched = (CLUSTER, _SETTING)

    def check(self, stack: Stack, report: Report) -> None:
        """Report each cluster without both logs."""
        settings = list(stack.of_type(_SETTING))
        for cluster in stack.of_type(CLUSTER):
            own = [item for item in settings if belongs_to(item, "resourceUri", cluster)]
            kept = {log for item in own if _goes_somewhere(item) for log in _categories(item)}
            missing = [
                words
                for words, wanted in (
                    ("audit log", {"kube-audit", "kube-audit-admin"} | _GROUPS),
                    ("sign-in log (guard)", {"guard"} | _GROUPS),
                )
                if not kept & wanted
            ]
            if missing and not stack.exempt(self.id, cluster):
                report.violation(
                    self.say(f"the cluster {name_of(cluster)} keeps no {' and no '.join(missing)}"),
                    cluster.urn,
                )


def _goes_somewhere(setting: Resource) -> bool:
    return any(setting.properties.get(name) for name in _DESTINATIONS)


def _categories(setting: Resource) -> list[str]:
    logs = map(mapping, items(setting.properties.get("logs")))
    return [log.get("category") or log.get("categoryGroup") or "" for log in logs if log.get("enabled")]
