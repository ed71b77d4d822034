import pytest

from tests.emulator.dry_run.programs import Project


@pytest.fixture(autouse=True)
def no_engine(monkeypatch, tmp_path):
    """A preview is a dry run where no engine is built."""
    monkeypatch.setenv("SECURE_AKS_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def project(tmp_path):
    """Return what makes a project in a folder of the test."""

    def make(program="", **kwargs):
        return Project(tmp_path / "project", program, **kwargs)

    return make
