"""Kubernetes without a cluster."""

import json

import pytest

from emulator.errors import ProviderError
from emulator.plugins.kubernetes import KubernetesProvider
from emulator.properties.values import UNKNOWN, Secret

URN = "urn:pulumi:dev::demo::kubernetes:core/v1:ConfigMap::Settings"


def manifest(kind="ConfigMap", **rest):
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": "x", "namespace": "n"}, **rest}


def test_a_name_is_made_up_once_and_kept():
    provider = KubernetesProvider()
    first, failures = provider.check(URN, None, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {}})
    assert failures == []
    name = first["metadata"]["name"]
    assert name.startswith("settings-")
    assert (
        provider.check(URN, {"metadata": {"name": "kept"}}, {**first, "metadata": {}})[0]["metadata"]["name"]
        == "kept"
    )
    assert provider.check(URN, None, manifest())[0]["metadata"]["name"] == "x"


def test_what_is_no_object_is_refused():
    _, failures = KubernetesProvider().check(URN, None, {"metadata": {}})
    assert [f.property for f in failures] == ["apiVersion", "kind"]


@pytest.mark.parametrize(
    ("old", "new", "replaces", "first"),
    [
        (manifest(data={"a": "1"}), manifest(data={"a": "2"}), [], False),
        (manifest(), {**manifest(), "metadata": {"name": "y", "namespace": "n"}}, ["metadata.name"], False),
        (
            manifest(),
            {**manifest(), "metadata": {"name": "x", "namespace": "m"}},
            ["metadata.namespace"],
            False,
        ),
        (
            manifest(),
            {**manifest(), "metadata": {"name": "x", "namespace": "n", "labels": {"a": "b"}}},
            [],
            False,
        ),
        (
            manifest("Deployment", spec={"selector": {"a": 1}, "replicas": 1}),
            manifest("Deployment", spec={"selector": {"a": 2}, "replicas": 2}),
            ["spec.selector.a"],
            True,
        ),
        (
            manifest("RoleBinding", roleRef={"name": "a"}),
            manifest("RoleBinding", roleRef={"name": "b"}),
            ["roleRef.name"],
            True,
        ),
    ],
)
def test_what_cannot_be_changed_is_replaced(old, new, replaces, first):
    diff = KubernetesProvider().diff(URN, old, new)
    assert diff.changes
    assert diff.replaces == replaces
    assert diff.delete_before_replace is first


def test_ids_and_outputs():
    provider = KubernetesProvider()
    assert provider.create(URN, manifest(), preview=True) == ("", manifest())
    assert provider.create(URN, manifest(), preview=False) == ("n/x", manifest())
    assert provider.create(URN, {"kind": "Namespace", "metadata": {"name": "n"}}, preview=False)[0] == "n"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("Chart", "what the chart kured 6.1.0 renders to is not known here"),
        ("ConfigGroup", "what is inside kubernetes:helm.sh/v4:ConfigGroup is not known here"),
    ],
)
def test_what_is_inside_a_component_is_not_known(kind, said):
    type_ = f"kubernetes:helm.sh/v4:{kind}"
    urn = f"urn:pulumi:dev::demo::{type_}::kured"
    inputs = {"chart": "kured", "version": "6.1.0"}
    built = KubernetesProvider().construct(urn, type_, inputs, preview=True)
    assert built.outputs == inputs
    assert said in built.note


GROUP = "kubernetes:yaml/v2:ConfigGroup"
TEXT = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {k: hunter2}\n"
AGENT = {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "agent", "namespace": "app"}}


def built(**inputs):
    return KubernetesProvider().construct(
        f"urn:pulumi:dev::demo::{GROUP}::group", GROUP, inputs, preview=True
    )


def test_what_stands_in_a_group_are_resources_of_their_own():
    page = f"{TEXT}---\n---\napiVersion: v1\nkind: List\nitems: [{json.dumps(AGENT)}]\n"
    made = built(yaml=page, objs=[AGENT | {"metadata": {"name": "other"}}])
    secret, agent, other = made.children
    assert (made.note, made.unread) == ("", {})
    assert (secret.type, secret.name) == ("kubernetes:core/v1:Secret", "group:s")
    assert secret.inputs["stringData"] == Secret({"k": "hunter2"})
    assert (agent.type, agent.name, agent.inputs) == (
        "kubernetes:apps/v1:DaemonSet",
        "group:app/agent",
        AGENT,
    )
    assert other.name == "group:other"
    assert [child.name for child in built(objs=[AGENT], resourcePrefix="").children] == ["app/agent"]


def test_what_is_secret_stays_so():
    [child] = built(objs=[AGENT | {"spec": {"token": Secret("t")}}]).children
    assert child.inputs["spec"] == {"token": Secret("t")}
    [child] = built(
        yaml=Secret("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n")
    ).children
    assert child.inputs["data"] == Secret({"a": "b"})


@pytest.mark.parametrize(
    ("inputs", "names"),
    [
        ({"files": ["more/*.yaml"], "objs": [AGENT]}, ["files"]),
        ({"directory": "overlays/dev"}, ["directory"]),
        ({"yaml": UNKNOWN}, ["yaml"]),
        ({"objs": [AGENT | {"spec": {"x": UNKNOWN}}]}, ["objs"]),
    ],
)
def test_what_is_not_read_is_told_by_name(inputs, names):
    made = built(**inputs)
    assert list(made.unread) == names
    assert made.note == f"what is inside {GROUP} is not known here: {names[0]}"
    assert len(made.children) == ("files" in inputs)


@pytest.mark.parametrize(
    ("inputs", "why"),
    [
        ({"yaml": "a: [b"}, "not valid YAML"),
        ({"objs": ["text"]}, "each has to be an object"),
        ({"objs": [{"kind": "Pod"}]}, "lacks apiVersion, kind or metadata.name"),
        ({"yaml": "text"}, "lacks apiVersion"),
    ],
)
def test_what_holds_no_object_is_refused(inputs, why):
    with pytest.raises(ProviderError, match=why):
        built(**inputs)


def test_yaml_is_decoded_for_the_components_of_the_first_version():
    found = KubernetesProvider().invoke("kubernetes:yaml:decode", {"text": TEXT})
    assert [one["kind"] for one in found["result"]] == ["Secret"]
    with pytest.raises(ProviderError, match="overlays/dev is not known here"):
        KubernetesProvider().invoke("kubernetes:kustomize:directory", {"directory": "overlays/dev"})


def test_a_release_is_no_manifest():
    urn = "urn:pulumi:dev::demo::kubernetes:helm.sh/v3:Release::release"
    inputs = {"chart": "x", "namespace": "n"}
    assert KubernetesProvider().check(urn, None, inputs) == (inputs, [])
    assert KubernetesProvider().create(urn, inputs, preview=False)[0] == "n/release"
