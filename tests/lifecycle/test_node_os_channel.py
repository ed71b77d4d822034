"""A change of the node OS channel is told at the preview before it."""

import pytest

from tests.lifecycle.builders import CURRENT, change, found


def versions(channel, name="aks-prod"):
    cluster = {"controlPlane": {"version": CURRENT}, "pools": {}}
    return {"clusters": {name: cluster | ({"nodeOsChannel": channel} if channel else {})}}


@pytest.mark.parametrize("before", ["Unmanaged", "NodeImage", "SecurityPatch", "None"])
@pytest.mark.parametrize("after", ["Unmanaged", "NodeImage", "SecurityPatch", "None"])
def test_a_switch_is_told_and_nothing_else(before, after):
    said = found("node-os-channel-change", change(versions(after), versions(before)))
    assert bool(said) is (before != after)
    for words in said:
        assert f"goes from {before} to {after}, and AKS may reimage every node" in words


@pytest.mark.parametrize("previous", [None, versions(None), versions("NodeImage", "another")])
def test_a_first_up_switches_nothing(previous):
    assert found("node-os-channel-change", change(versions("Unmanaged"), previous)) == []
