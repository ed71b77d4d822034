"""The role presets, every verb and resource written out: what is not here is not allowed.

Nobody may change Roles, RoleBindings, ResourceQuotas, LimitRanges, NetworkPolicies or the namespace itself: those are
the limits a team is kept in. Nobody may request a ServiceAccount's token. docs/access.md says why for each preset.
"""

from .rule import Rule

_GET = ("get",)
_SEE = ("get", "list", "watch")
_CHANGE = ("create", "update", "patch", "delete")
_SET = ("get", "update", "patch")
# kubectl opens a WebSocket (get); the API server also wants create since that alone was the check before.
_OPEN = ("get", "create")

VIEWER = (
    Rule("", ("namespaces",), _GET),
    Rule("", ("pods", "services", "endpoints", "configmaps", "persistentvolumeclaims"), _SEE),
    Rule("", ("serviceaccounts", "resourcequotas", "limitranges", "events"), _SEE),
    Rule("", ("pods/log",), _GET),
    Rule("apps", ("deployments", "replicasets", "statefulsets", "daemonsets"), _SEE),
    Rule("batch", ("jobs", "cronjobs"), _SEE),
    Rule("autoscaling", ("horizontalpodautoscalers",), _SEE),
    Rule("policy", ("poddisruptionbudgets",), _SEE),
    Rule("networking.k8s.io", ("ingresses", "networkpolicies"), _SEE),
    Rule("discovery.k8s.io", ("endpointslices",), _SEE),
    Rule("events.k8s.io", ("events",), _SEE),
    Rule("metrics.k8s.io", ("pods",), ("get", "list")),
)
"""Sees how the team's workloads are and what they log; no Secret, no shell."""

_DELIVER = (
    Rule("", ("pods", "services", "configmaps", "persistentvolumeclaims"), _CHANGE),
    Rule("apps", ("deployments", "statefulsets"), _CHANGE),
    Rule("apps", ("deployments/scale", "statefulsets/scale"), _SET),
    Rule("batch", ("jobs", "cronjobs"), _CHANGE),
    Rule("autoscaling", ("horizontalpodautoscalers",), _CHANGE),
    Rule("policy", ("poddisruptionbudgets",), _CHANGE),
    Rule("networking.k8s.io", ("ingresses",), _CHANGE),
)
"""Runs workloads. DaemonSets are not among them: they take from every node of the cluster."""

DEBUG = (
    Rule("", ("pods/exec", "pods/attach", "pods/portforward"), _OPEN),
    Rule("", ("pods/ephemeralcontainers",), _SET),
)
"""Gets into running containers. The audit log shows that somebody did, not what they typed."""

_OPERATE = (
    Rule("", ("pods/eviction",), ("create",)),
    Rule("", ("pods", "configmaps", "persistentvolumeclaims"), ("deletecollection",)),
    Rule("batch", ("jobs",), ("deletecollection",)),
    Rule("", ("secrets",), (*_SEE, *_CHANGE)),
    Rule("", ("serviceaccounts",), _CHANGE),
)
"""Keeps workloads running: evicts, cleans up, and manages the team's Secrets and ServiceAccounts."""

DEVELOPER = (*VIEWER, *_DELIVER, *DEBUG)
"""Runs and debugs the team's workloads, where they are not production."""

DEVELOPER_IN_PROD = (*VIEWER, *_DELIVER)
"""The developer of a production stack: no shell in running containers; that is for operators."""

OPERATOR = (*VIEWER, *_DELIVER, *DEBUG, *_OPERATE)
"""Runs the team's workloads in production, Secrets included."""

SIGNED_IN = (
    Rule("authentication.k8s.io", ("selfsubjectreviews",), ("create",)),
    Rule("authorization.k8s.io", ("selfsubjectaccessreviews", "selfsubjectrulesreviews"), ("create",)),
)
"""What Kubernetes itself lets every signed-in user do anywhere: ask who they are and what they may."""
