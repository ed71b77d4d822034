import pytest

from tests.emulator.dry_run.programs import Project


@pytest.fixture
def project(tmp_path):
    """Return what makes a project in a folder of the test."""

    def make(program="", **kwargs):
        return Project(tmp_path / "project", program, **kwargs)

    return make
