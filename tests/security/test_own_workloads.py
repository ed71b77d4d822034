"""The exemptions that this project needs itself: enough for its own workloads, and none too many."""

from dataclasses import replace

import pytest
from secure_aks_security.configuration import configure
from secure_aks_security.judge import Judge, Record
from secure_aks_security.resources import Resource
from secure_aks_security.rules import built_in_exemptions, load_rules

from components.node_reboots import NodeRebootsArgs, kured_values
from components.security_profiles import SecurityProfiles, SecurityProfilesArgs
from settings.kured import Kured
from settings.profiles import Profiles
from tests.components.helpers import run
from tests.security.analyzer import urn
from tests.security.build import DIGEST
from tests.security.helpers import TODAY

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


@pytest.fixture(scope="module")
def workloads():
    """Every Kubernetes object that the components of the loaders make, and kured's."""
    profiles = Profiles.model_validate(
        {**STACK["secure-aks:profiles"], "loaderImage": f"team.azurecr.io/loader:1@{DIGEST}"}
    )
    done = run(lambda: SecurityProfiles("profiles", SecurityProfilesArgs(profiles)))
    made = [one.inputs for one in done.registered if one.type.startswith("kubernetes:")]
    return [*made, kured(), kured_binding(), privileged_namespace("kured")]


def refusing(workloads, exemptions=None):
    """The rules that refuse each object, by its kind and name."""
    rules = load_rules()
    judge = Judge(rules, configure(rules, STACK), TODAY, Record())
    if exemptions is not None:
        judge._exemptions.clear()
        for exemption in exemptions:
            judge._exemptions[exemption.rule].append(exemption)
    found: dict[tuple[str, str], set[str]] = {}
    for item in workloads:
        token = f"kubernetes:{item['apiVersion']}:{item['kind']}"
        key = (item["kind"], item["metadata"]["name"])
        found[key] = {
            finding.rule.id for finding in judge.judge(Resource(token, urn(token, key[1]), key[1], item))
        }
    return {key: rules for key, rules in found.items() if rules}


def test_they_are_enough(workloads):
    assert refusing(workloads) == {}


@pytest.mark.parametrize("exemption", built_in_exemptions(), ids=str)
def test_each_is_needed(workloads, exemption):
    if exemption.rule == "namespace-default-deny":
        return  # about the stack: test_stack_rules.py
    others = [other for other in built_in_exemptions() if other != exemption]
    [rules] = refusing(workloads, others).values()
    assert rules == {exemption.rule}


def test_they_hold_for_no_other_name(workloads):
    renamed = [
        {**item, "metadata": {**item["metadata"], "name": "x" + item["metadata"]["name"]}}
        for item in workloads
    ]
    exempt = {exemption.rule for exemption in built_in_exemptions()} - {"namespace-default-deny"}
    refused = set().union(*refusing(renamed).values())
    assert exempt <= refused
    assert replace(built_in_exemptions()[0], name="other") != built_in_exemptions()[0]
