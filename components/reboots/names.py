"""Names that the chart, the rights and the alert share."""

NAMESPACE = "kured"
"""Namespace of kured."""
NAME = "kured"
"""Name of its DaemonSet, service account, roles and bindings: the chart's, for a release of this name."""
OVERDUE_ALERT = "KuredRebootOverdue"
"""The alert on nodes that have needed a reboot for too long; what the settings say of alerts knows it by this name."""
LOCK = "weave.works/kured-node-lock"
"""Annotation of the DaemonSet by which nodes take turns."""
SELECTOR = {"app.kubernetes.io/name": "kured", "app.kubernetes.io/instance": "kured"}
"""Labels by which the chart's Service and ServiceMonitor select."""
