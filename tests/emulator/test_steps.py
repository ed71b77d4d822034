"""What a run does to a resource: create, update, replace, delete, same; and in which order."""

import pytest

from tests.emulator.helpers import ops_of

A = 'a = Thing("a", {"x": 1})\n'
A_B = A + 'b = Thing("b", {"of": a.made})\n'


def test_first_up_creates_and_second_finds_everything_the_same(project):
    p = project(A_B)
    assert p.ops() == {"a": "create", "b": "create"}
    assert p.service.log == [("configure", {})]
    p.up()
    assert list(p.service.things) == ["a-1", "b-1"]
    assert p.service.things["b-1"]["of"] == "made-a-1"
    assert p.ops() == {"a": "same", "b": "same"}
    assert p.ops(what="up") == {"a": "same", "b": "same"}
    assert len(p.service.things) == 2


def test_update_shows_the_changed_paths_and_both_values(project):
    p = project('Thing("a", {"x": {"y": [1, 2]}, "z": 1, "gone": "g"})')
    p.up()
    p.program('Thing("a", {"x": {"y": [1, 3]}, "z": 1, "new": "n"})')
    events = []
    result = p.stack().preview(on_event=events.append)
    (step,) = [
        e.resource_pre_event.metadata
        for e in events
        if e.resource_pre_event and e.resource_pre_event.metadata.urn.endswith("::a")
    ]
    assert step.op.value == "update"
    assert {k: d.diff_kind.value for k, d in step.detailed_diff.items()} == {
        "x.y[1]": "update",
        "gone": "delete",
        "new": "add",
    }
    assert "~ x.y[1]: 2 -> 3" in result.stdout
    assert "+ new: n" in result.stdout
    assert "- gone: g" in result.stdout
    assert p.service.things["a-1"]["gone"] == "g"
    p.up()
    assert p.service.things["a-1"] == {
        "filled": "in",
        "x": {"y": [1, 3]},
        "z": 1,
        "new": "n",
        "made": "made-a-1",
    }
    assert p.ops() == {"a": "same"}


def test_replacement_creates_before_it_deletes(project):
    p = project('Thing("a", {"fixed": 1})')
    p.up()
    p.program('Thing("a", {"fixed": 2})')
    assert p.ops() == {"a": ["replace", "create-replacement", "delete-replaced"]}
    p.up()
    assert p.service.log[-2:] == [("create", "a-2"), ("delete", "a-1")]
    assert list(p.service.things) == ["a-2"]
    assert p.resources()["a"]["id"] == "a-2"
    assert p.ops() == {"a": "same"}


def test_delete_before_replace_takes_dependents_that_fall_with_it(project):
    program = """
    a = Thing("a", {{"slot": {0}}})
    b = Thing("b", {{"fixed": a.made}})
    c = Thing("c", {{"x": a.made}})
    """
    p = project(program.format(1))
    p.up()
    del p.service.log[:]
    p.up(program.format(2))
    changes = [entry for entry in p.service.log if entry[0] != "configure"]
    assert changes == [
        ("delete", "b-1"),
        ("delete", "a-1"),
        ("create", "a-2"),
        ("create", "b-2"),
        ("update", "c-1"),
    ]
    assert p.ops() == {"a": "same", "b": "same", "c": "same"}


@pytest.mark.parametrize("first", [True, False])
def test_delete_before_replace_option_wins_over_the_provider(project, first):
    program = 'Thing("a", {{"{0}": {1}}}, pulumi.ResourceOptions(delete_before_replace=' + str(first) + "))"
    name = "fixed" if first else "slot"
    p = project(program.format(name, 1))
    p.up()
    p.up(program.format(name, 2))
    last = [what for what, _ in p.service.log if what != "configure"][-2:]
    assert last == (["delete", "create"] if first else ["create", "delete"])


def test_what_the_program_drops_is_deleted_dependents_first(project):
    p = project(A_B + 'c = Thing("c", opts=pulumi.ResourceOptions(depends_on=[b]))')
    p.up()
    assert p.ops("") == {"c": "delete", "b": "delete", "a": "delete"}
    p.up()
    assert p.service.log[-3:] == [("delete", "c-1"), ("delete", "b-1"), ("delete", "a-1")]
    assert p.service.things == {}


def test_destroy_deletes_in_reverse_order_without_running_the_program(project):
    p = project(
        'g = Group("g")\na = Thing("a", opts=pulumi.ResourceOptions(parent=g))\nThing("b", {"of": a.made})'
    )
    p.up()
    p.program("raise Exception('must not run')")
    events = []
    result = p.stack().destroy(on_event=events.append)
    assert list(ops_of(events)) == ["b", "a", "g"]
    assert p.service.log[-2:] == [("delete", "b-1"), ("delete", "a-1")]
    assert result.summary.kind == "destroy"
    assert result.summary.resource_changes == {"delete": 4}
    assert p.resources() == {}


def test_preview_of_destroy_deletes_nothing(project):
    p = project(A)
    p.up()
    assert p.stack().preview_destroy().change_summary == {"delete": 2}
    assert p.service.things


def test_components_are_parents_in_the_urn_and_in_the_state(project):
    p = project("""
    g = Group("g")
    h = Group("h", pulumi.ResourceOptions(parent=g))
    Thing("a", opts=pulumi.ResourceOptions(parent=h))
    g.register_outputs({"size": 1})
    """)
    p.up()
    a, h, g = (p.resources()[n] for n in "ahg")
    assert a["urn"] == "urn:pulumi:dev::demo::demo:index:Group$demo:index:Group$test:index:Thing::a"
    assert (a["parent"], h["parent"]) == (h["urn"], g["urn"])
    assert g["outputs"] == {"size": 1}
    assert p.ops() == {"g": "same", "h": "same", "a": "same"}


def test_remote_component_has_the_children_its_provider_knows(project):
    p = project("""
    class Chart(pulumi.ComponentResource):
        def __init__(self, name, count):
            super().__init__("test:index:Chart", name, {"count": count}, None, remote=True)
    Chart("c", 2)
    """)
    result = p.stack().preview()
    assert "two of a kind" in result.stdout
    p.up()
    assert list(p.service.things) == ["c-0-1", "c-1-1"]
    assert p.resources()["c-0"]["parent"] == p.resources()["c"]["urn"]


def test_stack_outputs_are_diffed(project):
    p = project(
        'pulumi.export("a", 1)\npulumi.export("b", [1])\npulumi.export("c", pulumi.Output.secret("s"))'
    )
    p.up()
    p.program(
        'pulumi.export("a", 2)\npulumi.export("c", pulumi.Output.secret("t"))\npulumi.export("d", True)'
    )
    said = p.stack().preview().stdout
    assert "~ a: 1 -> 2" in said
    assert "- b: [1]" in said
    assert "+ d: true" in said
    assert '"s"' not in said
    outputs = p.up().outputs
    assert {k: (v.value, v.secret) for k, v in outputs.items()} == {
        "a": (2, False),
        "c": ("t", True),
        "d": (True, False),
    }


def test_secrets_stay_secret_through_the_provider_and_in_the_state(project):
    p = project("""
    a = Thing("a", {"password": pulumi.Output.secret("hunter2"), "list": [pulumi.Output.secret("x")]})
    pulumi.export("password", a.made)
    Thing("b", {"x": 1}, pulumi.ResourceOptions(additional_secret_outputs=["made"]))
    """)
    said = p.up().stdout
    assert "hunter2" not in said
    a, b = p.resources()["a"], p.resources()["b"]
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    assert a["inputs"]["password"] == {**secret, "plaintext": '"hunter2"'}
    assert a["outputs"]["password"] == {**secret, "plaintext": '"hunter2"'}
    assert b["outputs"]["made"] == {**secret, "plaintext": '"made-b-1"'}
    assert "hunter2" in p.service.things["a-1"].values()
    assert p.ops() == {"a": "same", "b": "same"}


def test_invoke_and_its_error(project):
    p = project("""
    pulumi.export("four", pulumi.runtime.invoke("test:index:twice", {"n": 2}).value["result"])
    """)
    assert p.up().outputs["four"].value == 4
    said = p.refused(program='pulumi.runtime.invoke("test:index:thrice", {}).value')
    assert "no function test:index:thrice" in said


def test_get_reads_what_the_stack_does_not_manage(project):
    p = project("""
    class Seen(pulumi.CustomResource):
        made: pulumi.Output[str]
        def __init__(self, id):
            super().__init__("test:index:Thing", "seen", {"made": None}, pulumi.ResourceOptions(id=id))
    pulumi.export("made", Seen(pulumi.Config().require("id")).made)
    """)
    p.stack_file("config: {id: there}")
    p.service.things["there"] = {"made": "long ago"}
    assert p.up().outputs["made"].value == "long ago"
    assert p.resources()["seen"]["external"] is True
    p.up("")
    assert p.service.things
    p.stack_file("config: {id: elsewhere}")
    p.program("""
    pulumi.CustomResource("test:index:Thing", "seen", {}, pulumi.ResourceOptions(id="elsewhere"))
    """)
    assert "there is no test:index:Thing with the id 'elsewhere'" in p.refused("preview")


def test_the_same_urn_twice_is_refused(project):
    p = project(A + A)
    assert "registered twice" in p.refused("preview")
