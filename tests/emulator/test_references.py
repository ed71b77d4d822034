"""StackReference: between the stacks of the project, and to the stack itself."""

import pytest

READ = 'ref = pulumi.StackReference("{0}")\npulumi.export("seen", ref.get_output("x"))\n'


@pytest.mark.parametrize("name", ["staging", "organization/staging", "organization/demo/staging"])
def test_the_outputs_of_another_stack(project, name):
    p = project('pulumi.export("x", {"a": [1]})', staging="", prod="")
    p.stack("staging").up()
    p.program(READ.format(name))
    assert p.stack().preview().change_summary == {"create": 1}
    assert p.up().outputs["seen"].value == {"a": [1]}
    found = p.resources()[name]
    assert (found["type"], found["external"]) == ("pulumi:pulumi:StackReference", True)
    assert p.stack().preview().change_summary == {"same": 1}


def test_a_read_counts_when_it_brings_something_new_and_is_discarded_in_the_end(project):
    """Seen on the Pulumi CLI (v3.260)."""
    p = project('pulumi.export("x", 1)', staging="")
    p.stack("staging").up()
    p.program(READ.format("staging"))
    p.up()
    p.program('pulumi.export("x", 2)')
    p.stack("staging").up()
    p.program(READ.format("staging"))
    assert p.stack().preview().change_summary == {"same": 1, "read": 1}
    assert p.stack().destroy().summary.resource_changes == {"delete": 1, "discard": 1}


def test_a_secret_output_stays_secret(project):
    p = project('pulumi.export("x", pulumi.Output.secret("s"))', staging="")
    p.stack("staging").up()
    p.program(READ.format("staging"))
    outputs = p.up().outputs
    assert (outputs["seen"].value, outputs["seen"].secret) == ("s", True)


def test_a_stack_that_was_never_up_has_no_outputs(project):
    p = project(READ.format("staging"), staging="")
    assert "seen" not in p.up().outputs


def test_itself_gives_the_outputs_of_the_last_up(project):
    p = project("""
    ref = pulumi.StackReference(f"organization/{pulumi.get_project()}/{pulumi.get_stack()}")
    pulumi.export("count", ref.get_output("count").apply(lambda n: (n or 0) + 1))
    """)
    assert "+ count: 1" in p.stack().preview().stdout
    assert p.up().outputs["count"].value == 1
    assert "~ count: 1 -> 2" in p.stack().preview().stdout
    assert p.up().outputs["count"].value == 2


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere", "unknown stack 'nowhere'; stacks here: dev"),
        ("organization/other/dev", "unknown stack 'organization/other/dev'"),
        ("acme/demo/dev", "organization name must be 'organization'"),
    ],
)
def test_a_stack_that_there_is_not(project, name, said):
    assert said in project(READ.format(name)).refused("preview")
