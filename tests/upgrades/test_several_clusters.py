"""A stack of several clusters is refused by what moves the one of a stack, and told how to go on."""

import shutil
from pathlib import Path

import pytest

from settings import SettingsError
from tests.settings.test_clusters import FOUR_LINES
from upgrades.session.session import Session

ROOT = Path(__file__).parents[2]


def test_the_session_says_what_to_do_instead(tmp_path, monkeypatch):
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    shutil.copy(ROOT / "Pulumi.yaml", tmp_path)
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text((ROOT / "Pulumi.dev.yaml").read_text())
    assert Session(tmp_path, "dev").settings().cluster.name == "aks-dev"
    path.write_text(path.read_text() + FOUR_LINES)
    with pytest.raises(SettingsError, match="blue beside the first") as refused:
        Session(tmp_path, "dev").settings()
    assert "change one version line" in refused.value.problems[0].remedy
