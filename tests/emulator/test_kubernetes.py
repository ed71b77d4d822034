"""Kubernetes without a cluster."""

from importlib.metadata import version

import pytest

from emulator.plugins.kubernetes import KubernetesProvider

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
    diff = KubernetesProvider().diff(URN, "n/x", old, old, new, [])
    assert diff.changes
    assert diff.replaces == replaces
    assert diff.delete_before_replace is first


def test_ids_and_outputs():
    provider = KubernetesProvider()
    assert provider.create(URN, manifest(), preview=True) == ("", manifest())
    assert provider.create(URN, manifest(), preview=False) == ("n/x", manifest())
    assert provider.locate(URN, manifest()) == "n/x"
    assert provider.create(URN, {"kind": "Namespace", "metadata": {"name": "n"}}, preview=False)[0] == "n"


def test_charts_and_releases(project):
    p = project("""
    import pulumi_kubernetes as k8s
    provider = k8s.Provider("there", kubeconfig="{}")
    known = pulumi.ResourceOptions(provider=provider)
    k8s.helm.v4.Chart("kured", namespace="kured", chart="kured", version="6.1.0", opts=known)
    k8s.helm.v3.Release("release", k8s.helm.v3.ReleaseArgs(chart="x", namespace="n"), known)
    k8s.core.v1.Namespace("n", metadata={"name": "n"}, opts=known)
    """)
    p.providers["kubernetes"] = KubernetesProvider
    said = p.stack().preview().stdout
    assert "what the chart kured 6.1.0 renders to is not known here" in said
    p.up()
    assert p.resources()["release"]["id"] == "n/release"
    assert p.resources()["kured"]["custom"] is False
    assert set(p.ops().values()) == {"same"}


def test_with_a_cluster_that_is_not_there_yet_nothing_is_known(project):
    p = project("""
    import pulumi_kubernetes as k8s
    class Cluster(pulumi.CustomResource):
        made: pulumi.Output[str]
        def __init__(self):
            super().__init__("test:index:Thing", "aks", {"made": None})
    provider = k8s.Provider("there", kubeconfig=Cluster().made)
    n = k8s.core.v1.Namespace("n", metadata={"name": "n"}, opts=pulumi.ResourceOptions(provider=provider))
    pulumi.export("name", n.metadata.name)
    """)
    p.providers["kubernetes"] = KubernetesProvider
    assert "+ name: [unknown]" in p.stack().preview().stdout
    assert p.up().outputs["name"].value == "n"
    assert p.resources()["there"]["inputs"]["kubeconfig"] == "made-aks-1"


def test_a_provider_resource_that_the_cli_has_made_stays_as_it_is(project):
    """The engine keeps the plugin's version and a bag of its own with it (seen on the Pulumi CLI, v3.260)."""
    p = project("""
    import pulumi_kubernetes as k8s
    there = pulumi.ResourceOptions(provider=k8s.Provider("there", kubeconfig="{}"))
    k8s.core.v1.Namespace("n", metadata={"name": "n"}, opts=there)
    """)
    p.providers["kubernetes"] = KubernetesProvider
    p.up()
    assert p.resources()["there"]["inputs"]["version"] == version("pulumi-kubernetes")
    state = p.stack().export_stack()
    for resource in state.deployment["resources"]:
        if resource["type"].startswith("pulumi:providers:"):
            resource["inputs"]["__internal"] = {}
    p.stack().import_stack(state)
    assert p.stack().preview().change_summary == {"same": 3}
    assert p.stack().destroy().summary.resource_changes == {"delete": 3}
