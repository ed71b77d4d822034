"""Every Kubernetes object of this project that needs an exemption."""

from secure_aks_security.values import from_props

from components.node_reboots import NodeReboots, NodeRebootsArgs
from components.security_profiles import SecurityProfiles, SecurityProfilesArgs
from settings.sections.kured import Kured
from settings.sections.profiles import Profiles
from tests.components.helpers import run
from tests.nodes.kured_chart import render
from tests.security.build import DIGEST

STACK = {
    "secure-aks:profiles": {"seccomp": ["prevent-chmod"], "apparmor": ["k8s-apparmor-example-deny-write"]}
}


def kured():
    """What the component makes and what its chart makes of our values, metrics and a notification address included."""
    told = {"monitoring": {"collector": "prometheus-operator"}, "notifyUrl": "slack://token@channel"}
    args = NodeRebootsArgs(Kured.model_validate(told))
    done = run(lambda: NodeReboots("reboots", args))
    chart = render(from_props(done.one(":Chart").inputs["values"]))
    return [*_manifests(done), *(item for item in chart if item["kind"] != "ServiceMonitor")]


def own_workloads():
    """What the component of the loaders makes, and kured as its chart makes it."""
    profiles = Profiles.model_validate(
        {**STACK["secure-aks:profiles"], "loaderImage": f"team.azurecr.io/loader:1@{DIGEST}"}
    )
    done = run(lambda: SecurityProfiles("profiles", SecurityProfilesArgs(profiles)))
    return [*_manifests(done), *kured()]


def _manifests(done):
    types = [
        one
        for one in done.registered
        if one.type.startswith("kubernetes:") and not one.type.endswith(":Chart")
    ]
    return [from_props(one.inputs) for one in types if one.inputs["kind"] != "PrometheusRule"]
