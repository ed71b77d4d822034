"""Each stack file of `stacks` comes up on the emulated ARM, changes nothing when asked again, and comes down; together they ask for all.

Whoever brings them up has the roles of docs/first-cluster.md for what the file names, and no others.
"""

from functools import cache

import pytest
from hypothesis import given, settings

from tests.asked.keys import FOLDER, SHIPPED, config, every, said
from tests.asked.life import live
from tests.asked.random_stacks import ANY_HEALTH, stacks
from tests.asked.rights import Used, documented, in_a_group, sign_in

STACKS = sorted(FOLDER.glob("*.yaml"))


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")


@cache
def lived(path):
    """The life of a stack: its run, and the rows of the page without which it would not have come up."""
    values = in_a_group(config(path))
    with pytest.MonkeyPatch.context() as patch:
        used = Used(patch)
        return live(values, values["secure-aks:environment"], sign_in), used.rows(values)


@pytest.mark.parametrize("path", STACKS, ids=lambda path: path.stem)
def test_a_stack_lives(path):
    done, _ = lived(path)
    name = config(path)["secure-aks:cluster"]["name"]
    assert done.one(":ManagedCluster").inputs["resourceName"] == name


def test_each_role_of_the_page_is_needed_for_each_setting_that_it_names():
    needed = set().union(*(rows for _, rows in map(lived, STACKS)))
    assert documented(config(STACKS[0])).keys() - needed == set()


def test_every_setting_is_asked_for():
    """By a stack file here, or by a shipped one, which the tests on the engine bring up.

    What a cluster needs that is there already never comes to ARM: tests/components/test_existing_cluster.py asks for all of that. A team
    moves in a stack of two clusters: tests/components/test_own_cluster.py has it move.
    """
    asked = {key for path in (*STACKS, *SHIPPED) for key in said(config(path))}
    asked |= {
        key for key, path in every().items() if path.startswith(("cluster.existing", "teams[].movingFrom"))
    }
    assert [path for key, path in every().items() if key not in asked] == []


def test_a_setting_that_nobody_asks_for_would_be_seen():
    values = config(FOLDER / "features.yaml")
    assert ("Storage", "blobs") in said(values)
    del values["secure-aks:cluster"]["storage"]["blobs"]
    assert ("Storage", "blobs") not in said(values)


@settings(max_examples=3, derandomize=True, suppress_health_check=ANY_HEALTH)
@given(values=stacks())
def test_any_stack_that_the_settings_take_lives(values):
    live(values, "dev")


@pytest.mark.soak
@settings(max_examples=60, suppress_health_check=ANY_HEALTH)
@given(values=stacks())
def test_any_of_many_stacks_that_the_settings_take_lives(values):
    live(values, "dev")
