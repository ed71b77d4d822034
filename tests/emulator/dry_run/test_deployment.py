"""What a dry run makes of each registration: everything is created, nothing is there yet."""

from importlib.metadata import version

import pytest

from emulator.plugins.kubernetes import KubernetesProvider
from emulator.properties.values import UNKNOWN, Secret
from tests.emulator.dry_run.programs import inputs_of, said

SEEN = """
class Seen(pulumi.CustomResource):
    made: pulumi.Output[str]
    def __init__(self, id):
        super().__init__("test:index:Thing", "seen", {"made": None}, pulumi.ResourceOptions(id=id))
"""


def test_everything_is_created_with_its_checked_inputs(project):
    report = project(
        'a = Thing("a", {"x": 1})\nThing("b", {"of": a.made, "id": a.id, "urn": a.urn})'
    ).preview()
    assert report.ok
    assert report.count() == 3
    assert inputs_of(report)["a"] == {"x": 1, "filled": "in"}
    b = inputs_of(report)["b"]
    assert (b["of"], b["id"]) == (UNKNOWN, UNKNOWN)
    assert b["urn"] == "urn:pulumi:dev::demo::test:index:Thing::a"


def test_components_are_parents_in_the_urn(project):
    report = project("""
    g = Group("g")
    h = Group("h", pulumi.ResourceOptions(parent=g))
    Thing("a", opts=pulumi.ResourceOptions(parent=h))
    g.register_outputs({"size": 1})
    """).preview()
    a = next(row for row in report.rows.values() if row.name == "a")
    assert a.urn == "urn:pulumi:dev::demo::demo:index:Group$demo:index:Group$test:index:Thing::a"
    assert a.parent == "urn:pulumi:dev::demo::demo:index:Group$demo:index:Group::h"


def test_every_refusal_is_shown_at_its_resource_and_the_run_goes_on(project):
    p = project("""
    a = Thing("a", {"bad": 1})
    Thing("b", {"of": a.made})
    Thing("c", {"refuse": 2})
    """)
    report = p.preview()
    assert [(urn.rsplit("::", 1)[-1], message) for urn, message in report.errors()] == [
        ("a", "bad: must not be set"),
        ("c", "Conflict: it is refused"),
    ]
    assert [row.name for row in report.rows.values() if row.failed] == ["a", "c"]
    assert inputs_of(report)["b"]["of"] is UNKNOWN
    assert "failed (2 errors): 4 to create" in said(report)


def test_a_remote_component_is_its_providers_to_know(project):
    p = project("""
    class Chart(pulumi.ComponentResource):
        count: pulumi.Output[int]
        size: pulumi.Output[str]
        def __init__(self, name, count):
            super().__init__("test:index:Chart", name, {"count": count, "size": None}, None, remote=True)
    c = Chart("c", 2)
    pulumi.export("count", c.count)
    pulumi.export("size", c.size)
    """)
    report = p.preview()
    # As on the engine, where its provider registers it, and answers with what it knows besides the inputs.
    assert inputs_of(report)["c"] == {}
    assert report.outputs == {"count": UNKNOWN, "size": "large"}
    assert "two of a kind" in said(report)


def test_secrets_stay_secret_and_reach_the_provider_bare(project):
    p = project("""
    a = Thing("a", {"word": pulumi.Output.secret("hunter2"), "list": [pulumi.Output.secret("x")]})
    Thing("b", {"x": 1}, pulumi.ResourceOptions(additional_secret_outputs=["filled"]))
    pulumi.export("hush", pulumi.Output.secret("hush"))
    """)
    report = p.preview()
    assert inputs_of(report)["a"]["word"] == Secret("hunter2")
    assert next(c[2] for c in p.provider.calls if c[:2] == ("create", "a"))["word"] == "hunter2"
    shown = said(report) + str(report.to_json("dev"))
    assert "hush: [secret]" in shown
    assert "'word': '[secret]'" in shown
    assert "hunter2" not in shown


def test_a_secret_output_of_a_resource_stays_one(project):
    p = project("""
    class Filled(pulumi.CustomResource):
        filled: pulumi.Output[str]
        def __init__(self, name, **opts):
            super().__init__("test:index:Thing", name, {"filled": None, "s": pulumi.Output.secret(1)}, pulumi.ResourceOptions(**opts))
    pulumi.export("bare", Filled("a").filled)
    pulumi.export("hidden", Filled("b", additional_secret_outputs=["filled"]).filled)
    """)
    assert p.outputs() == {"bare": "in", "hidden": Secret("in")}


def test_invoke_and_its_error(project):
    p = project('pulumi.export("four", pulumi.runtime.invoke("test:index:twice", {"n": 2}).value["result"])')
    assert p.outputs() == {"four": 4}
    assert "no function test:index:thrice" in p.refused(
        'pulumi.runtime.invoke("test:index:thrice", {}).value'
    )


def test_what_is_looked_up_in_azure_and_no_part_of_the_stack_is_not_known(project):
    """Azure is empty here: a stack that names an identity that exists has a dry run all the same."""
    p = project(
        "pulumi.export('id', pulumi.runtime.invoke_output('test:index:get', {}).apply(lambda one: one['id']))"
    )
    assert p.outputs() == {"id": UNKNOWN}


def test_get_reads_what_the_stack_does_not_manage(project):
    p = project(SEEN + 'pulumi.export("made", Seen("there").made)')
    p.provider.things["there"] = {"made": "long ago"}
    report = p.preview()
    assert report.outputs == {"made": "long ago"}
    assert report.count() == 1
    assert ">  └─ seen  test:index:Thing" in said(report)
    refused = p.refused(SEEN + 'Seen("elsewhere")')
    assert "there is no test:index:Thing with the id 'elsewhere'" in refused


def test_a_read_whose_id_is_not_known_yet(project):
    p = project(SEEN + 'pulumi.export("made", Seen(Thing("a").id).made)')
    assert p.outputs() == {"made": UNKNOWN}


def test_the_same_urn_twice_is_refused(project):
    assert "registered twice" in project('Thing("a")\nThing("a")').refused()


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ('Thing("a", opts=pulumi.ResourceOptions(import_="x"))', "imports nothing; the Pulumi engine does"),
        (
            'Thing("a", opts=pulumi.ResourceOptions(transforms=[lambda args: None]))',
            "does not support transforms",
        ),
    ],
)
def test_what_it_does_not_do_it_refuses_by_name(project, program, why):
    assert why in project(program).refused()


def test_a_provider_is_configured_with_its_own_arguments_or_the_stacks(project):
    p = project("""
    class Other(pulumi.ProviderResource):
        def __init__(self):
            super().__init__("test", "other", {"where": "there"})
    Thing("a", opts=pulumi.ResourceOptions(provider=Other()))
    Thing("b")
    """)
    p.stack_file("config: {test:where: here, tests:where: nowhere}")
    report = p.preview()
    assert [c[1] for c in p.provider.calls if c[0] == "configure"] == [{"where": "there"}, {"where": "here"}]
    assert report.count() == 4  # the stack, the provider that was asked for, two things
    assert "default" not in said(report)


def test_a_refused_provider_configuration_is_shown(project):
    p = project('Thing("a")')
    p.stack_file('config: {test:refuse: "true"}')
    assert "the configuration is refused" in p.refused()


def test_a_provider_whose_configuration_is_not_known_yet_is_asked_nothing(project):
    p = project("""
    class Other(pulumi.ProviderResource):
        def __init__(self, where):
            super().__init__("test", "other", {"where": where})
    other = Other(Thing("first").made)
    pulumi.export("made", Thing("a", {"refuse": 1}, pulumi.ResourceOptions(provider=other)).made)
    """)
    assert p.outputs() == {"made": UNKNOWN}


def test_a_package_that_nobody_knows_is_told_of_and_accepted(project):
    p = project('pulumi.CustomResource("strange:index:Thing", "a", {"x": 1})')
    report = p.preview()
    assert report.ok
    assert "the emulator has no provider for 'strange'" in said(report)
    assert inputs_of(report)["a"] == {"x": 1}


def test_kubernetes_behind_a_cluster_that_is_not_there_yet(project):
    """Its kubeconfig is an output of the cluster; the version of its plugin is kept with it, as on the engine."""
    p = project("""
    import pulumi_kubernetes as k8s
    provider = k8s.Provider("there", kubeconfig=Thing("aks").made)
    known = pulumi.ResourceOptions(provider=provider)
    n = k8s.core.v1.Namespace("n", metadata={"name": "n"}, opts=known)
    k8s.helm.v4.Chart("kured", namespace="kured", chart="kured", version="6.1.0", opts=known)
    pulumi.export("name", n.metadata.name)
    """)
    p.providers["kubernetes"] = KubernetesProvider
    report = p.preview()
    assert report.outputs == {"name": UNKNOWN}
    assert inputs_of(report)["there"] == {"kubeconfig": UNKNOWN, "version": version("pulumi-kubernetes")}
    assert "is known once its provider's configuration is" in said(report)


def test_a_chart_is_told_of_by_its_provider(project):
    p = project("""
    import pulumi_kubernetes as k8s
    known = pulumi.ResourceOptions(provider=k8s.Provider("there", kubeconfig="{}"))
    k8s.helm.v4.Chart("kured", namespace="kured", chart="kured", version="6.1.0", opts=known)
    """)
    p.providers["kubernetes"] = KubernetesProvider
    assert "what the chart kured 6.1.0 renders to is not known here" in said(p.preview())


@pytest.mark.parametrize("version", ["yaml", "yaml.v2"])
def test_what_stands_in_a_group_of_yaml_are_resources_in_it(project, version):
    p = project(f"""
    import pulumi_kubernetes as k8s
    known = pulumi.ResourceOptions(provider=k8s.Provider("there", kubeconfig="{{}}"))
    text = "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {{name: words, namespace: app}}"
    k8s.{version}.ConfigGroup("group", yaml={"[text]" if version == "yaml" else "text"}, opts=known)
    """)
    p.providers["kubernetes"] = KubernetesProvider
    report = p.preview()
    assert report.ok, said(report)
    [row] = [row for row in report.rows.values() if row.type == "kubernetes:core/v1:ConfigMap"]
    assert row.name.endswith("app/words")
    assert row.inputs["metadata"]["name"] == "words"
    assert row.parent.endswith("ConfigGroup::group")


def test_an_object_that_stands_in_two_groups_of_one_prefix_is_refused(project):
    p = project("""
    import pulumi_kubernetes as k8s
    known = pulumi.ResourceOptions(provider=k8s.Provider("there", kubeconfig="{}"))
    item = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "words"}}
    k8s.yaml.v2.ConfigGroup("group", objs=[item, item], opts=known)
    """)
    p.providers["kubernetes"] = KubernetesProvider
    assert "is registered twice" in p.refused()
