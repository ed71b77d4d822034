"""Objects that are let in, and an update of each that a rule refuses."""

from functools import partial
from typing import Any, NamedTuple

from tests.security.build import binding, mutate, namespace, pod, role, service, workload
from tests.security.cases.others import ingress, volume
from tests.security.cases.pod_parts import TEMPLATES
from tests.security.cases.reach import priority_class
from tests.security.cases.services import INTERNAL


class Update(NamedTuple):
    """An object, what is set in it by its path, the rule that refuses the result, and by which part of it that is asked for."""

    name: str
    object: dict[str, Any]
    changes: dict[str, Any]
    rule: str
    by: str = ""

    @property
    def changed(self) -> dict[str, Any]:
        return mutate(self.object, self.changes)


ENFORCES = "pod-security~kubernetes~io/enforce"
DELETES = "volume~kubernetes~io/provisioner-deletion-secret-namespace"
SNIPPET = "nginx~ingress~kubernetes~io/server-snippet"
_READS_SECRETS = [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}]
_A_USER = [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "ann@example.com"}]
_INTERNAL = partial(mutate, service(), {"S.type": "LoadBalancer", INTERNAL: "true"})


def _workload(kind: str) -> Update:
    scale = {} if kind in {"DaemonSet", "CronJob", "PodTemplate"} else {"spec.replicas": 0}
    return Update(
        kind, mutate(workload(kind), scale), {f"{TEMPLATES[kind]}.hostPID": True}, "pod-host-namespaces"
    )


UPDATES = [
    Update("Role", role(), {"rules": _READS_SECRETS}, "rbac-read-secrets"),
    Update("ClusterRole", role("ClusterRole"), {"rules": _READS_SECRETS}, "rbac-read-secrets"),
    Update("RoleBinding", binding(), {"subjects": _A_USER}, "rbac-user-subjects"),
    Update("ClusterRoleBinding", binding("ClusterRoleBinding"), {"subjects": _A_USER}, "rbac-user-subjects"),
    Update("Service", service(), {"S.type": "LoadBalancer"}, "service-public-load-balancer"),
    Update("an annotation", _INTERNAL(), {INTERNAL: "false"}, "service-public-load-balancer"),
    Update(
        "Namespace",
        namespace(),
        {f"M.labels.{ENFORCES}": "privileged"},
        "namespace-pod-security",
    ),
    Update(
        "PersistentVolume",
        mutate(
            volume(),
            {
                "spec.csi.nodeStageSecretRef": {"name": "key", "namespace": "app"},
                "spec.claimRef": {"kind": "PersistentVolumeClaim", "name": "data", "namespace": "app"},
            },
        ),
        {"spec.claimRef.namespace": "other"},
        "volume-secret-of-team",
    ),
    Update(
        "what deletes a volume",
        mutate(volume(), {"M.annotations.note": "x"}),
        {f"M.annotations.{DELETES}": "app"},
        "volume-secret-of-team",
    ),
    Update("an annotation, by the status", _INTERNAL(), {INTERNAL: "false"}, "service-public-load-balancer", "status"),
    Update("a snippet, by the status", ingress(), {f"M.annotations.{SNIPPET}": "x"}, "ingress-snippets", "status"),
    Update("what deletes a volume, by the status", volume(), {f"M.annotations.{DELETES}": "app"}, "volume-secret-of-team", "status"),
    *(Update(f"Namespace, by its {part}", namespace(), {f"M.labels.{ENFORCES}": "privileged"}, "namespace-pod-security", part) for part in ("finalize", "status")),
    Update("by which Secret a volume grows", volume(), {"spec.csi.controllerExpandSecretRef": {"name": "key", "namespace": "app"}}, "volume-secret-of-team"),
    Update("PriorityClass", priority_class(), {"globalDefault": True}, "priority-of-all"),
    Update("Pod", pod(), {"C.image": "nginx:1.27"}, "pod-image-registry"),
    # A Job's template cannot change.
    *(_workload(kind) for kind in TEMPLATES if kind != "Job"),
]  # fmt: skip
