"""StackReference: to the stacks of the project, which have no outputs before their first `up`, and to others."""

import pytest

from emulator.properties.values import UNKNOWN

READ = 'ref = pulumi.StackReference("{0}")\npulumi.export("seen", ref.get_output("x"))\n'


@pytest.mark.parametrize("name", ["staging", "organization/staging", "organization/demo/staging", "dev"])
def test_a_stack_of_the_project_has_no_outputs_yet(project, name):
    assert "seen" not in project(READ.format(name), staging="").outputs()


def test_a_required_output_that_is_not_there_fails_as_on_the_engine(project):
    p = project('pulumi.StackReference("staging").require_output("x").apply(print)', staging="")
    assert "KeyError: 'x'" in p.refused()


def test_the_outputs_of_another_project_are_not_known(project):
    p = project(READ.format("organization/network/hub"))
    assert p.outputs() == {"seen": UNKNOWN}
    messages = [m for row in p.preview().rows.values() for m in row.messages]
    assert messages == [("info", "the outputs of organization/network/hub are not known without an engine")]


def test_a_stack_that_there_is_not(project):
    assert "unknown stack 'nowhere'; stacks here: dev" in project(READ.format("nowhere")).refused()
