"""The component that installs the rules on the API server."""

import json
from collections import defaultdict
from pathlib import Path

import pytest
import yaml
from secure_aks_lifecycle.facts.catalog import Version
from secure_aks_security import clock
from secure_aks_security.admission.manifests import NAMESPACE, Modes, manifests
from secure_aks_security.admission.parameters import GUARD
from secure_aks_security.judging.values import from_props
from secure_aks_security.rules import load_rules
from secure_aks_security.stack_file.configuration import configure

from components.admission import Admission, AdmissionArgs, pack_configuration
from components.parts.token_resource import owned
from settings.reading.load import load_file
from tests.components.helpers import depends_on, run

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def stack():
    return load_file(ROOT / "Pulumi.prod.yaml")


@pytest.fixture(scope="module")
def register():
    return lambda stack: run(lambda: Admission("admission", AdmissionArgs(stack)))


@pytest.fixture(scope="module")
def prod(register, stack):
    return register(stack)


def bindings_of(done):
    return {one.name: one.inputs["spec"] for one in done.of(":ValidatingAdmissionPolicyBinding")}


def test_policies_are_bound_with_their_parameters(prod):
    policies = {one.inputs["metadata"]["name"] for one in prod.of(":ValidatingAdmissionPolicy")}
    spec = bindings_of(prod)["admission-secure-aks-pods-deny"]

    assert {"secure-aks-pods", "secure-aks-rbac", "secure-aks-services", "secure-aks-namespaces"} <= policies
    assert {spec["policyName"] for spec in bindings_of(prod).values()} == policies
    assert spec["validationActions"] == ["Deny", "Audit"]
    assert spec["paramRef"]["parameterNotFoundAction"] == "Deny"


@pytest.mark.parametrize("name", ["dev", "staging", "prod"])
def test_the_cluster_judges_by_what_the_pack_reads_in_the_same_file(name):
    """Of the settings as they are read, and of the file as it is written: levels, parameters, facts, the version among them."""
    path = ROOT / f"Pulumi.{name}.yaml"
    said = yaml.safe_load(path.read_text())["config"]
    read, written = pack_configuration(load_file(path)), configure(load_rules(), said)
    minor = said["secure-aks:cluster"]["kubernetesVersion"].split(".")[1]
    assert read.facts["kubernetesMinor"] == int(minor)
    assert read.facts == written.facts
    assert read.settings == written.settings
    assert read.kubernetes_version == written.kubernetes_version


def test_no_list_is_sent_empty(prod):
    specs = [one.inputs["spec"] for one in prod.of(":ValidatingAdmissionPolicy")]
    # The API server does not keep an empty list: every preview would plan to add it again.
    assert not [key for spec in specs for key, value in spec.items() if value == []]
    assert not all("variables" in spec for spec in specs)


def test_it_installs_what_the_parity_tests_install(prod, stack):
    """The objects that the real API server is shown to enforce, and a namespace for the parameters."""

    def name(item):
        return item["kind"], item["metadata"]["name"]

    made = [one.inputs for one in prod.registered if one.type.startswith("kubernetes:")]
    configured = pack_configuration(stack)
    modes = Modes(stack.admission.mode, stack.admission.namespaces)
    expected = manifests(configured, modes, str(stack.cluster.kubernetes_version), clock.today())
    kinds = defaultdict(list)
    for item in made:
        kinds[item["kind"]].append(json.loads(json.dumps(from_props(item))))
    [namespace], [policy] = kinds.pop("Namespace"), kinds.pop("NetworkPolicy")
    assert namespace["metadata"]["name"] == policy["metadata"]["namespace"] == NAMESPACE
    assert sorted((item for items in kinds.values() for item in items), key=name) == sorted(
        (json.loads(json.dumps(owned(item))) for item in expected), key=name
    )


def test_a_binding_comes_after_its_policy_and_the_parameters(prod):
    binding = prod.one(":ValidatingAdmissionPolicyBinding", "admission-secure-aks-pods-deny")

    assert depends_on(binding, prod.one(":ValidatingAdmissionPolicy", "admission-secure-aks-pods"))
    assert depends_on(binding, prod.one(":ConfigMap"))


def test_system_namespaces_are_left_alone_and_advisory_rules_warn(prod):
    [selector] = bindings_of(prod)["admission-secure-aks-pods-deny"]["matchResources"]["namespaceSelector"][
        "matchExpressions"
    ]
    advisory = bindings_of(prod)["admission-secure-aks-pods-advisory-deny"]

    assert selector["operator"] == "NotIn"
    assert {"kube-system", "gatekeeper-system"} <= set(selector["values"])
    assert advisory["validationActions"] == ["Warn", "Audit"]


def test_a_namespace_may_have_a_mode_of_its_own(register, stack):
    admission = stack.admission.model_copy(
        update={"mode": "Audit", "namespaces": {"search": "Deny", "catalog": "Audit"}}
    )
    bindings = bindings_of(register(stack.model_copy(update={"admission": admission})))
    selectors = {
        name: spec["matchResources"]["namespaceSelector"]["matchExpressions"][0]
        for name, spec in bindings.items()
        if "matchResources" in spec
    }

    # What the rules read is kept, whatever the mode.
    assert bindings[f"admission-{GUARD}"]["validationActions"] == ["Deny", "Audit"]
    assert bindings["admission-secure-aks-pods-audit"]["validationActions"] == ["Audit"]
    assert bindings["admission-secure-aks-pods-deny"]["validationActions"] == ["Deny", "Audit"]
    assert selectors["admission-secure-aks-pods-deny"] | {"key": ""} == {
        "key": "",
        "operator": "In",
        "values": ["search"],
    }
    assert "search" in selectors["admission-secure-aks-pods-audit"]["values"]
    assert "catalog" not in selectors["admission-secure-aks-pods-audit"]["values"]


def test_the_stack_file_is_read_as_the_pack_reads_it(stack):
    configuration = pack_configuration(stack)

    assert configuration.problems == ()
    assert configuration.facts["sandboxedNamespaces"] == ["partners"]


def test_a_rule_newer_than_the_api_server_is_left_out(register, stack):
    def text(version):
        cluster = stack.cluster.model_copy(update={"kubernetes_version": Version.parse(version)})
        done = register(stack.model_copy(update={"cluster": cluster}))
        return json.dumps([one.inputs for one in done.of(":ValidatingAdmissionPolicy")])

    assert "[pod-host-probes]" in text("1.34.9")
    assert "[pod-host-probes]" not in text("1.33.13")
