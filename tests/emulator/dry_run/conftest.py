import gc

import pytest

from tests.emulator.dry_run.programs import Project


@pytest.fixture(autouse=True, scope="module")
def _what_other_rooms_left():
    """Left alone by the collector, which a run that fails has look at everything."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def project(tmp_path):
    """Return what makes a project in a folder of the test."""

    def make(program="", **kwargs):
        return Project(tmp_path / "project", program, **kwargs)

    return make
