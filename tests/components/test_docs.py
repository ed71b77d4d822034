"""The examples of docs/components.md do what it says."""

import re
from pathlib import Path

import pytest

from tests.components.helpers import run

TEXT = (Path(__file__).parents[2] / "docs" / "components.md").read_text()
EXAMPLES = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
TABLED = re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)


def execute(example):
    # In this repository the wheel's name is the folder it is made from.
    example = example.replace("from secure_aks import", "from components import")
    return run(lambda: exec(compile(example, "docs/components.md", "exec"), {}))  # noqa: S102  # our own document


def test_cluster_of_your_own():
    done = execute(EXAMPLES[0])

    assert done.one(":ManagedCluster").inputs["resourceName"] == "aks-mine"
    assert done.one(":AgentPool").inputs["orchestratorVersion"] == "1.35.6"
    assert done.one(":DiagnosticSetting")


def test_in_the_cluster():
    done = execute(EXAMPLES[1])

    assert done.one(":Chart").inputs["values"]["configuration"]["rebootDays"] == ["tu", "th"]
    assert done.one(":DaemonSet")
    assert done.one(":Namespace", "payments")


def test_there_is_no_example_without_a_test():
    assert len(EXAMPLES) == 2


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[2] / "components").glob("*.py")), ids=lambda path: path.stem
)
def test_every_component_of_the_program_is_in_the_table(path):
    classes = re.findall(
        r"^class (\w+)\((?:pulumi\.ComponentResource|VersionedPool)\)", path.read_text(), re.MULTILINE
    )
    helpers = {"ClusterIdentity", "VersionedPool"}  # parts of others, not for use in a program

    assert set(classes) - helpers <= set(TABLED)
