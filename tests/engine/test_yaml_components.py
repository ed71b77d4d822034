"""A privileged pod in a component of the Kubernetes provider: told as unseen while nobody can know, refused as soon as somebody does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.engine.small import Small, small

if TYPE_CHECKING:
    from collections.abc import Generator

PACK = Path(__file__).parents[2] / "policies" / "security"
PROGRAM = """
class Cluster(pulumi.ProviderResource):
    pass

class Group(pulumi.ComponentResource):
    def __init__(self, name, kind, inputs, provider):
        super().__init__(kind, name, inputs, pulumi.ResourceOptions(providers=[provider]), remote=True)

class Bare(pulumi.CustomResource):
    pass

where = Bare("azure-native:resources:ResourceGroup", "rg", {"resourceGroupName": "rg", "location": "westeurope"})
cluster = Cluster("kubernetes", "later", {"kubeconfig": where.id.apply(lambda _: "{}")})
container = {"name": "a", "image": "mcr.microsoft.com/a:1", "securityContext": {"privileged": True}}
pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "agent", "namespace": "app"}, "spec": {"containers": [container]}}
Group("agents", "kubernetes:yaml/v2:ConfigGroup", {"objs": [pod]}, cluster)
Group("overlay", "kubernetes:kustomize/v2:Directory", {"directory": "overlays/dev"}, cluster)
"""


@pytest.fixture
def project(tmp_path: Path) -> Generator[Small]:
    yield from small(tmp_path)


@pytest.mark.soak
def test_it_is_unseen_at_first_and_then_refused(project: Small) -> None:
    project.program(PROGRAM)
    code, said = project.pulumi("preview", packs=(PACK,))
    assert code == 0, said
    assert "unseen-components - what is inside agents (kubernetes:yaml/v2:ConfigGroup)" in said
    assert "unseen-components - what is inside overlay (kubernetes:kustomize/v2:Directory)" in said

    code, said = project.pulumi("up", "--yes", "--skip-preview", packs=(PACK,))
    assert code == 1, said
    assert "pod-privileged  (kubernetes:core/v1:Pod: agents:app/agent)" in said

    project.program(PROGRAM.replace('"privileged": True', '"privileged": False'))
    code, said = project.pulumi("preview", packs=(PACK,))
    assert "what the directory holds (overlays/dev) is not seen here" in said
    assert "pod-privileged" not in said
