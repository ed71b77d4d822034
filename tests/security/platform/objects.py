"""Objects as the makers of controllers publish them, without what no rule reads."""

from typing import Any

Manifest = dict[str, Any]
RBAC = "rbac.authorization.k8s.io"
DIGEST = "sha256:" + "0" * 64
HARDENED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}


def rule(group: str | list[str], resources: str, verbs: str, names: str = "") -> Manifest:
    """A rule of a role; resources, verbs and names stand in one text each."""
    groups = [group] if isinstance(group, str) else group
    said = {"apiGroups": groups, "resources": resources.split(), "verbs": verbs.split()}
    return said | ({"resourceNames": names.split()} if names else {})


def role(name: str, rules: list[Manifest], namespace: str = "", **labels: str) -> Manifest:
    """A Role, or without a namespace a ClusterRole."""
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    kind = "Role" if namespace else "ClusterRole"
    return {
        "apiVersion": f"{RBAC}/v1",
        "kind": kind,
        "metadata": metadata | ({"labels": labels} if labels else {}),
        "rules": rules,
    }


def binding(name: str, role_name: str, accounts: list[str], *, own: str, namespace: str = "") -> Manifest:
    """A binding of accounts of the namespace `own` to a Role, or without a namespace to a ClusterRole everywhere."""
    kind = "RoleBinding" if namespace else "ClusterRoleBinding"
    bound = "Role" if namespace else "ClusterRole"
    return {
        "apiVersion": f"{RBAC}/v1",
        "kind": kind,
        "metadata": {"name": name} | ({"namespace": namespace} if namespace else {}),
        "roleRef": {"apiGroup": RBAC, "kind": bound, "name": role_name},
        "subjects": [{"kind": "ServiceAccount", "name": account, "namespace": own} for account in accounts],
    }


def account(name: str, namespace: str) -> Manifest:
    """A service account; most leave its token to whoever uses it."""
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "namespace": namespace}}


def service(name: str, namespace: str, ports: list[int], kind: str = "ClusterIP") -> Manifest:
    """A Service."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "type": kind,
            "selector": {"app": name},
            "ports": [{"name": f"p{port}", "port": port} for port in ports],
        },
    }


def workload(
    kind: str, name: str, namespace: str, account_name: str, container: Manifest, **more: Any
) -> Manifest:
    """A Deployment or Job of one container; `more` goes into the pod's spec."""
    labels = {"app": name}
    spec: Manifest = {"serviceAccountName": account_name, "containers": [{"name": name, **container}], **more}
    template = {"metadata": {"labels": labels}, "spec": spec}
    body: Manifest = {"template": template}
    if kind == "Job":
        spec["restartPolicy"] = "OnFailure"
    else:
        body |= {"replicas": 1, "selector": {"matchLabels": labels}}
    return {
        "apiVersion": "batch/v1" if kind == "Job" else "apps/v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": namespace},
        "spec": body,
    }
