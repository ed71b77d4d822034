"""The admission policies that a program registers are those that its stack file asks for."""

import copy
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from secure_aks_security.admission.manifests import Modes, manifests
from secure_aks_security.judging.judge import Record
from secure_aks_security.judging.resources import Resource
from secure_aks_security.judging.values import UNKNOWN
from secure_aks_security.rules import load_rules
from secure_aks_security.stack import STACK_RULES, Report, Stack
from secure_aks_security.stack_file.configuration import configure

from components.admission import pack_configuration
from settings.reading.load import load_file

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 23)
RULE = {rule.id: rule() for rule in STACK_RULES}["reserved-texts"]
FILES = [
    *(f"Pulumi.{name}.yaml" for name in ("dev", "staging", "prod")),
    *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests/asked/stacks").glob("*.yaml")),
]


def registered(stack):
    """What the component registers for one cluster of a stack."""
    modes = Modes(stack.admission.mode, stack.admission.namespaces)
    version = str(stack.cluster.kubernetes_version)
    return [as_resource(one) for one in manifests(pack_configuration(stack), modes, version, TODAY)]


def as_resource(item, ignored=()):
    group = item["apiVersion"] if "/" in item["apiVersion"] else "core/v1"
    kind, name = item["kind"], item["metadata"]["name"]
    token = f"kubernetes:{group}:{kind}"
    urn = f"urn:pulumi:dev::secure-aks::secure-aks:index:Admission${token}::admission-{name}"
    return Resource(token, urn, name, copy.deepcopy(item), ignored=ignored)


def said(config, resources, *, seen=True):
    record = Record(inputs={one.urn: one for one in resources} if seen else {})
    words: list[str] = []
    report = Report(lambda message, _urn=None: words.append(message))
    configuration = configure([*load_rules(), RULE], config)
    RULE.check(Stack(list(resources), configuration, record, TODAY), report)
    return words, report.unknown_words


def config_of(file):
    return yaml.safe_load((ROOT / file).read_text())["config"]


@pytest.fixture(scope="module")
def prod():
    return config_of("Pulumi.prod.yaml"), registered(load_file(ROOT / "Pulumi.prod.yaml"))


@pytest.mark.parametrize("file", FILES)
def test_what_the_component_registers_is_what_the_pack_expects(file):
    stack = load_file(ROOT / file)
    for one in (stack, *stack.further.values()):
        assert said(config_of(file), registered(one)) == ([], [])


def edited(resources, kind, edit):
    """These resources, the first of a kind with an edit made by a transformation."""
    at = next(index for index, one in enumerate(resources) if one.type.endswith(f":{kind}"))
    one = as_resource(resources[at].properties)
    edit(one.properties)
    return [*resources[:at], one, *resources[at + 1 :]]


EDITS = {
    "a rule that is true of everything": (
        "ValidatingAdmissionPolicy",
        lambda item: item["spec"]["validations"][0].update(expression="true"),
    ),
    "a rule less": ("ValidatingAdmissionPolicy", lambda item: item["spec"]["validations"].pop()),
    "what fails is let in": (
        "ValidatingAdmissionPolicy",
        lambda item: item["spec"].update(failurePolicy="Ignore"),
    ),
    "a condition that is never met": (
        "ValidatingAdmissionPolicy",
        lambda item: (
            item["spec"].setdefault("matchConditions", []).append({"name": "x", "expression": "false"})
        ),
    ),
    "a variable": (
        "ValidatingAdmissionPolicy",
        lambda item: item["spec"].update(variables=[{"name": "containers", "expression": "[]"}]),
    ),
    "another name": ("ValidatingAdmissionPolicy", lambda item: item["metadata"].update(name="x")),
    "nothing is refused": (
        "ValidatingAdmissionPolicyBinding",
        lambda item: item["spec"].update(validationActions=["Audit"]),
    ),
    "a namespace is left out": (
        "ValidatingAdmissionPolicyBinding",
        lambda item: item["spec"].update(matchResources={"namespaceSelector": {"matchLabels": {"a": "b"}}}),
    ),
    "no spec": ("ValidatingAdmissionPolicyBinding", lambda item: item.pop("spec")),
    "a parameter": ("ConfigMap", lambda item: item["data"].update(registries="evil.example")),
    "a fact": ("ConfigMap", lambda item: item["data"].update(teamNamespaces="")),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_by_a_transformation_is_told(prod, name):
    config, resources = prod
    [words], unknown = said(config, edited(resources, *EDITS[name]))
    assert "is not what the stack file says" in words
    assert not unknown


def test_what_ignores_changes_is_told(prod):
    config, resources = prod
    [words], _ = said(config, [replace(one, ignored=("spec",)) for one in resources[:1]])
    assert words.startswith("[reserved-texts] ConfigMap parameters is not sent as it changes")


def test_what_is_not_known_yet_is_no_violation(prod):
    config, resources = prod
    words, [unknown] = said(
        config, edited(resources, "ConfigMap", lambda item: item["data"].update(a=f"{UNKNOWN}x"))
    )
    assert not words
    assert "ConfigMap parameters is not known before the update" in unknown


NAMESPACE = Resource(
    "kubernetes:core/v1:Namespace",
    "urn:pulumi:prod::secure-aks::secure-aks:index:TeamAccess$kubernetes:core/v1:Namespace::shop",
    "shop",
    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}},
    provider="urn:aks",
)


def through(provider, resources):
    return [replace(one, provider=provider) for one in resources]


def test_what_is_missing_where_the_namespaces_are_is_told(prod):
    config, resources = prod
    here = through("urn:aks", resources)
    assert said(config, [NAMESPACE, *here]) == ([], [])
    elsewhere = {
        "one left out": here[1:],
        "one through another provider": [*through("urn:other", resources[:1]), *here[1:]],
        "all through another provider": through("urn:other", resources),
        "none": [],
    }
    for name, given in elsewhere.items():
        words, unknown = said(config, [NAMESPACE, *given])
        assert len(words) == 1, name
        assert "are not registered for the cluster of the namespace shop" in words[0]
        assert not unknown


def test_a_namespace_that_no_component_makes_or_that_an_update_leaves_out_asks_for_nothing(prod):
    config, _ = prod
    own = replace(NAMESPACE, urn="urn:pulumi:prod::secure-aks::kubernetes:core/v1:Namespace::shop")
    assert said(config, [own]) == ([], [])
    assert said(config, [NAMESPACE], seen=False) == ([], [])
    assert said({}, [NAMESPACE]) == ([], [])


def test_what_an_update_leaves_out_and_a_program_without_a_stack_file_are_let_be(prod):
    config, resources = prod
    changed = edited(resources, *EDITS["no spec"])
    assert said(config, changed, seen=False) == ([], [])
    assert said({}, changed) == ([], [])


def test_every_cluster_of_a_stack_is_held_to_one_of_its_own(prod):
    config, _ = prod
    both = {
        **config,
        "secure-aks:clusters": {"blue": {"cluster": {"name": "aks-blue", "mesh": {}}}},
    }
    other = config["secure-aks:cluster"] | {"mesh": {}}
    blue = configure(load_rules(), {**config, "secure-aks:cluster": other})
    resources = [as_resource(one) for one in manifests(blue, Modes(), blue.kubernetes_version, TODAY)]
    assert said(both, resources) == ([], [])
    assert said(config, resources)[0]
    assert said(both, edited(resources, *EDITS["a parameter"]))[0]
    assert said(both, edited(resources, *EDITS["a rule less"]))[0]


def test_which_teams_each_of_several_clusters_has_only_the_program_works_out(prod):
    """Some policies have them in themselves, others read them of the parameters; what else those say is asked all the same."""
    config, _ = prod
    both = {**config, "secure-aks:clusters": {"blue": {"cluster": {"name": "aks-blue"}}}}
    fewer = {**config, "secure-aks:teams": config["secure-aks:teams"][:1]}
    alone = configure(load_rules(), fewer)
    own = [as_resource(one) for one in manifests(alone, Modes(), alone.kubernetes_version, TODAY)]
    assert said(both, own) == ([], [])
    assert said(config, own)[0]

    at = next(index for index, one in enumerate(own) if "params." in str(one.properties.get("spec")))
    changed = as_resource(own[at].properties)
    asked = next(one for one in changed.properties["spec"]["variables"] if "params." in one["expression"])
    asked["expression"] = "[]"
    assert said(both, [*own[:at], changed, *own[at + 1 :]])[0]
