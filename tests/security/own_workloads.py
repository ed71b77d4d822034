"""Every Kubernetes object of this project that needs an exemption."""

from secure_aks_security.values import from_props

from components.node_reboots import NodeRebootsArgs, kured_values
from components.security_profiles import SecurityProfiles, SecurityProfilesArgs
from settings.kured import Kured
from settings.profiles import Profiles
from tests.components.helpers import run
from tests.security.build import DIGEST

STACK = {
    "secure-aks:profiles": {"seccomp": ["prevent-chmod"], "apparmor": ["k8s-apparmor-example-deny-write"]}
}


def kured():
    """kured's DaemonSet as its chart renders it from our values (the fields that rules read)."""
    values = kured_values(NodeRebootsArgs(Kured(), []))
    container = {
        "name": "kured",
        "image": "ghcr.io/kubereboot/kured:1.23.0",
        "securityContext": values["containerSecurityContext"],
        "ports": [{"containerPort": 8080, "name": "metrics"}],
        "command": ["/usr/bin/kured"],
        "env": [{"name": "KURED_NODE_ID", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}],
        "livenessProbe": {"httpGet": {"path": "/metrics", "port": 8080}},
        "volumeMounts": [{"name": "sentinel", "mountPath": "/sentinel", "readOnly": True}],
    }
    spec = {
        "serviceAccountName": "kured",
        "hostPID": True,
        "containers": [container],
        "volumes": [{"name": "sentinel", "hostPath": {"path": "/var/run", "type": "Directory"}}],
        "nodeSelector": values["nodeSelector"],
        "tolerations": values["tolerations"],
    }
    return daemon_set("kured", "kured", spec)


def kured_binding():
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": "kured"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "kured"},
        "subjects": [{"kind": "ServiceAccount", "name": "kured", "namespace": "kured"}],
    }


def daemon_set(name, where, spec):
    metadata = {"name": name, "namespace": where}
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": metadata,
        "spec": {"template": {"spec": spec}},
    }


def privileged_namespace(name):
    labels = {"pod-security.kubernetes.io/enforce": "privileged"}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def own_workloads():
    """What the component of the loaders makes, and kured as its chart makes it."""
    profiles = Profiles.model_validate(
        {**STACK["secure-aks:profiles"], "loaderImage": f"team.azurecr.io/loader:1@{DIGEST}"}
    )
    done = run(lambda: SecurityProfiles("profiles", SecurityProfilesArgs(profiles)))
    made = [from_props(one.inputs) for one in done.registered if one.type.startswith("kubernetes:")]
    return [*made, kured(), kured_binding(), privileged_namespace("kured")]
