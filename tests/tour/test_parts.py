"""The parts *In the lab* of other pages, word for word: the import of a cluster, and a stack on somebody else's."""

from __future__ import annotations

import pytest

from .walk import ROOT, clone, walk

pytestmark = pytest.mark.soak


def test_a_cluster_that_no_stack_knows_is_imported(tmp_path):
    printed = walk(clone(tmp_path), ROOT / "docs/import.md", "In the lab")
    [shown] = list(printed.values())[-1]
    assert "replace" not in shown
    assert "AgentPool spot update" in shown


@pytest.mark.control_plane
def test_a_stack_lives_in_a_cluster_that_was_there(tmp_path, control_plane_built):
    del control_plane_built
    folder = clone(tmp_path)
    printed = walk(folder, ROOT / "docs/existing-cluster.md", "In the lab")
    assert "have been deleted" in list(printed.values())[-1][0]
    assert not (folder / "Pulumi.there.yaml").exists()
