"""Clusters whose control plane keeps its other logs to itself."""

from types import MappingProxyType

from secure_aks_security.model import Level, Parameter
from secure_aks_security.stack.azure import CLUSTER, name_of
from secure_aks_security.stack.base import Report, Stack, StackRule
from secure_aks_security.stack.diagnostics import ALL_LOGS, SETTING, kept

_METRICS = "AllMetrics"


class ClusterPlatformLogs(StackRule):
    """Every cluster must send the named logs and metrics of its control plane somewhere."""

    id = "cluster-platform-logs"
    title = "The control plane's other logs and metrics are kept"
    level = Level.DISABLED
    severity = "low"
    why = "They tell why a cluster scaled or could not reach Azure; they cost money and are a choice."
    remedy = (
        "Add them to secure-aks:audit.categories, and set secure-aks:audit.metrics to true for AllMetrics; or add a "
        "DiagnosticSetting on the cluster with these categories and a destination."
    )
    link = "https://learn.microsoft.com/azure/aks/monitor-aks-reference#resource-logs"
    watched = (CLUSTER, SETTING)
    parameters = MappingProxyType(
        {
            "categories": Parameter(
                schema={"type": "array", "items": {"type": "string"}},
                default=[
                    "cluster-autoscaler",
                    "kube-apiserver",
                    "kube-controller-manager",
                    "kube-scheduler",
                    _METRICS,
                ],
                description="Categories of logs and metrics that must go somewhere.",
            )
        }
    )

    def check(self, stack: Stack, report: Report) -> None:
        """Report each cluster that keeps less than all of them."""
        wanted: list[str] = stack.parameters.get("categories", self.parameters["categories"].default)
        for cluster in stack.of_type(CLUSTER):
            categories, unknown = kept(stack, cluster)
            if ALL_LOGS in categories:
                categories |= set(wanted) - {_METRICS}
            missing = [name for name in wanted if name not in categories]
            if not missing or stack.exempt(self.id, cluster):
                continue
            if unknown:
                report.unknown(
                    f"[{self.id}] the logs of the cluster {name_of(cluster)} may not be known before the update"
                )
                continue
            report.violation(
                self.say(f"the cluster {name_of(cluster)} keeps no {', '.join(missing)}"), cluster.urn
            )
