"""The small stack that rollouts are tried on."""

from __future__ import annotations

import shutil

import pytest

from tests.upgrades.small_stack import CLOCK, SmallStack


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """A small stack that is up, to copy."""
    folder = tmp_path_factory.mktemp("small") / "stack"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECURE_AKS_CLOCK", CLOCK)
        SmallStack.up(folder)
    return folder


@pytest.fixture
def small(fresh, tmp_path, monkeypatch):
    """A copy of it for one test."""
    monkeypatch.setenv("SECURE_AKS_CLOCK", CLOCK)
    shutil.copytree(fresh, tmp_path / "stack")
    return SmallStack(tmp_path / "stack")
