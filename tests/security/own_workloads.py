"""Every Kubernetes object of this project that needs an exemption."""

from secure_aks_security.judging.values import from_props

from components.cluster_rights import ClusterRights, ClusterRightsArgs
from components.node_reboots import NodeReboots
from components.program.profiles import security_profiles
from components.program.reboots import reboots_args
from settings.sections.kured import Kured
from settings.sections.pools import Pool
from settings.sections.profiles import Profiles
from tests.components.helpers import run
from tests.nodes.kured_chart import render
from tests.security.build import DEPLOYERS, DIGEST

POOL = {
    "name": "own",
    "namespace": "partners",
    "version": "1.35.6",
    "vmSize": "Standard_D4ds_v5",
    "osSku": "Ubuntu2404",
    "count": 2,
}
STACK = {
    "secure-aks:pools": [POOL],
    "secure-aks:profiles": {"seccomp": ["prevent-chmod"], "apparmor": ["k8s-apparmor-example-deny-write"]},
}
DEPLOYER, READER = DEPLOYERS, "7f1c0d1e-2f3a-4b5c-8d9e-0a1b2c3d4e5f"


def kured():
    """What the component makes and what its chart makes of our values, metrics and a notification address included."""
    told = {"monitoring": {"collector": "prometheus-operator"}, "notifyUrl": "slack://token@channel"}
    args = reboots_args(Kured.model_validate(told), [Pool.model_validate(POOL)], deployers=[DEPLOYER])
    done = run(lambda: NodeReboots("reboots", args))
    chart = render(from_props(done.one(":Chart").inputs["values"]))
    return [*_manifests(done), *(item for item in chart if item["kind"] != "ServiceMonitor")]


def own_workloads():
    """What the component of the loaders makes, kured as its chart makes it, and the rights of who applies and who looks."""
    profiles = Profiles.model_validate(
        {**STACK["secure-aks:profiles"], "loaderImage": f"team.azurecr.io/loader:1@{DIGEST}"}
    )
    done = run(lambda: security_profiles("profiles", profiles))
    rights = run(lambda: ClusterRights("rights", ClusterRightsArgs({"d": DEPLOYER}, {"r": READER})))
    return [*_manifests(done), *kured(), *_manifests(rights)]


def _manifests(done):
    types = [
        one
        for one in done.registered
        if one.type.startswith("kubernetes:") and not one.type.endswith(":Chart")
    ]
    return [from_props(one.inputs) for one in types if one.inputs["kind"] != "PrometheusRule"]
