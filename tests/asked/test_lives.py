"""Each stack file of `stacks` comes up on the emulated ARM, changes nothing when asked again, and comes down."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.asked.life import live

STACKS = sorted((Path(__file__).parent / "stacks").glob("*.yaml"))


def config(path):
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))["config"]


@pytest.mark.parametrize("path", STACKS, ids=lambda path: path.stem)
def test_a_stack_lives(path):
    said = config(path)
    done = live(said, said["secure-aks:environment"])
    assert done.one(":ManagedCluster").inputs["resourceName"] == said["secure-aks:cluster"]["name"]
