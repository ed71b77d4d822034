"""What a benchmark measures is sound: a stack file that is refused would be quick, or none at all."""

import pytest

from bench import preview
from bench.measure import ROOT
from settings.reading.load import load_file


@pytest.mark.parametrize("teams", preview.TEAMS)
def test_the_stack_that_grows_with_its_teams_is_accepted(tmp_path, teams):
    for shared in ("Pulumi.yaml", "profiles"):
        (tmp_path / shared).symlink_to(ROOT / shared)
    stack = tmp_path / "Pulumi.bench.yaml"
    preview.write(stack, teams)
    assert len(load_file(stack).teams) == teams
