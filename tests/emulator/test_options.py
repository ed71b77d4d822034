"""Resource options, as the engine honours them."""

import pytest


def test_ignore_changes_keeps_the_old_value_at_the_path(project):
    program = 'Thing("a", {{"x": {{"y": {0}, "z": {0}}}, "l": [{0}, {0}]}}, pulumi.ResourceOptions(ignore_changes=["x.y", "l[0]"]))'
    p = project(program.format(1))
    p.up()
    p.up(program.format(2))
    assert p.service.things["a-1"]["x"] == {"y": 1, "z": 2}
    assert p.service.things["a-1"]["l"] == [1, 2]
    assert p.ops() == {"a": "same"}


def test_replace_on_changes_turns_an_update_into_a_replacement(project):
    program = (
        'Thing("a", {{"x": {{"y": {0}}}, "z": {1}}}, pulumi.ResourceOptions(replace_on_changes=["x.*"]))'
    )
    p = project(program.format(1, 1))
    p.up()
    assert p.ops(program.format(1, 2)) == {"a": "update"}
    assert p.ops(program.format(2, 1))["a"][0] == "replace"


@pytest.mark.parametrize("then", ["", 'Thing("a", {"fixed": 2})'])
def test_protected_resources_are_neither_deleted_nor_replaced(project, then):
    p = project('Thing("a", {"fixed": 1}, pulumi.ResourceOptions(protect=True))\nThing("b")')
    p.up()
    for what in ("preview", "up"):
        assert "protected" in p.refused(what, then)
    assert "protected" in p.refused("destroy")
    assert list(p.service.things) == ["a-1", "b-1"]
    p.up('Thing("a", {"fixed": 1})\nThing("b")')
    p.up("")
    assert p.service.things == {}


def test_retain_on_delete_forgets_without_deleting(project):
    p = project('Thing("a", opts=pulumi.ResourceOptions(retain_on_delete=True))')
    p.up()
    p.up("")
    assert list(p.service.things) == ["a-1"]
    assert "a" not in p.resources()


def test_deleted_with_leaves_the_deletion_to_the_other(project):
    p = project('a = Thing("a")\nThing("b", opts=pulumi.ResourceOptions(deleted_with=a))')
    p.up()
    p.up("")
    assert [entry for entry in p.service.log if entry[0] == "delete"] == [("delete", "a-1")]


@pytest.mark.parametrize(
    "after",
    [
        'Thing("b", opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="a")]))',
        'Thing("a", kind="Better", opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(type_="test:index:Thing")]))',
        'g = Group("g")\nThing("a", opts=pulumi.ResourceOptions(parent=g, aliases=[pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)]))',
        'Thing("b", opts=pulumi.ResourceOptions(aliases=["urn:pulumi:dev::demo::test:index:Thing::a"]))',
    ],
)
def test_an_alias_keeps_the_resource(project, after):
    p = project('Thing("a")')
    p.up()
    p.up(after)
    assert list(p.service.things) == ["a-1"]
    assert p.resources()["b" if '"b"' in after else "a"]["id"] == "a-1"
    assert all(op in {"same", "create"} for op in p.ops().values())
    p.up("")
    assert p.service.things == {}


@pytest.mark.parametrize("name", ["x", "fixed", "slot"])
def test_an_alias_of_what_changes_too_leaves_one_resource(project, name):
    p = project(f'Thing("a", {{"{name}": 1}})')
    p.up()
    p.up(f'Thing("b", {{"{name}": 2}}, pulumi.ResourceOptions(aliases=[pulumi.Alias(name="a")]))')
    assert set(p.resources()) == {"demo-dev", "default", "b"}
    assert len(p.service.things) == 1
    assert p.ops() == {"b": "same"}


def test_children_of_a_renamed_component_are_kept(project):
    program = """
    g = Group("{0}", pulumi.ResourceOptions(aliases={1}))
    Thing("{0}-a", opts=pulumi.ResourceOptions(parent=g))
    """
    p = project(program.format("old", []))
    p.up()
    p.up(program.format("new", '[pulumi.Alias(name="old")]'))
    assert list(p.service.things) == ["old-a-1"]


def test_a_child_renamed_together_with_its_components_type_is_kept(project):
    p = project('g = Group("g")\nThing("x", opts=pulumi.ResourceOptions(parent=g))')
    p.up()
    p.up("""
    class Team(pulumi.ComponentResource):
        def __init__(self, name):
            super().__init__("demo:index:Team", name, None, pulumi.ResourceOptions(aliases=[pulumi.Alias(type_="demo:index:Group")]))
    Thing("y", opts=pulumi.ResourceOptions(parent=Team("g"), aliases=[pulumi.Alias(name="x")]))
    """)
    assert list(p.service.things) == ["x-1"]


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ('Thing("a", opts=pulumi.ResourceOptions(import_="x"))', "does not import resources"),
        (
            'Thing("a", opts=pulumi.ResourceOptions(transforms=[lambda args: None]))',
            "does not support transforms",
        ),
    ],
)
def test_what_it_does_not_do_it_refuses_by_name(project, program, said):
    assert said in project(program).refused("preview")


def test_an_explicit_provider_is_configured_with_its_own_arguments(project):
    p = project("""
    class Other(pulumi.ProviderResource):
        def __init__(self):
            super().__init__("test", "other", {"where": "there"})
    other = Other()
    Thing("a", opts=pulumi.ResourceOptions(provider=other))
    Thing("b")
    """)
    p.stack_file("config: {test:where: here}")
    p.up()
    assert [c for what, c in p.service.log if what == "configure"][-2:] == [
        {"where": "there"},
        {"where": "here"},
    ]
    found = p.resources()
    assert found["a"]["provider"] == f"{found['other']['urn']}::{found['other']['id']}"
    assert found["b"]["provider"] == f"{found['default']['urn']}::{found['default']['id']}"
    p.stack().destroy()
    assert p.service.things == {}


def test_a_refused_provider_configuration_is_shown(project):
    p = project('Thing("a")')
    p.stack_file('config: {test:refuse: "true"}')
    assert "the configuration is refused" in p.refused("preview")
