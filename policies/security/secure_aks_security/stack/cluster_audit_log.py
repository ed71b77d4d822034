"""Clusters whose control plane leaves no trace."""

from secure_aks_security.model import Compliance
from secure_aks_security.stack.azure import CLUSTER, name_of
from secure_aks_security.stack.base import Report, Stack, StackRule
from secure_aks_security.stack.diagnostics import ALL_LOGS, SETTING, kept

_GROUPS = {"audit", ALL_LOGS}


class ClusterAuditLog(StackRule):
    """Every cluster must send its audit and sign-in logs somewhere."""

    id = "cluster-audit-log"
    title = "The control plane's audit log must be kept"
    severity = "high"
    why = "Without it nobody can tell who did what, nor that somebody tried."
    remedy = (
        "Add a DiagnosticSetting on the cluster with the categories kube-audit or kube-audit-admin, and guard, "
        "and a destination: secure-aks:audit has it unless told otherwise."
    )
    link = "https://learn.microsoft.com/azure/aks/monitor-aks-reference#resource-logs"
    watched = (CLUSTER, SETTING)
    compliance = (
        Compliance("CIS Azure Kubernetes Service Benchmark", "1.7", "2.1.1"),
        Compliance("NSA/CISA Kubernetes Hardening Guide", "1.2", "Audit logging and threat detection"),
    )

    def check(self, stack: Stack, report: Report) -> None:
        """Report each cluster without both logs."""
        for cluster in stack.of_type(CLUSTER):
            categories, unknown = kept(stack, cluster)
            missing = [
                words
                for words, wanted in (
                    ("audit log", {"kube-audit", "kube-audit-admin"} | _GROUPS),
                    ("sign-in log (guard)", {"guard"} | _GROUPS),
                )
                if not categories & wanted
            ]
            if not missing or stack.exempt(self.id, cluster):
                continue
            if unknown:
                report.unknown(
                    f"[{self.id}] the logs of the cluster {name_of(cluster)} may not be known before the update"
                )
                continue
            words = f"the cluster {name_of(cluster)} keeps no {' and no '.join(missing)}"
            report.violation(self.say(words), cluster.urn)
