"""One owner of the versions: the program, the channel or a fleet; the rules on steps are about the program's own."""

import pytest
from secure_aks_lifecycle.judging.resource import Resource
from secure_aks_lifecycle.rules.version_owner import MEMBER, PROFILE, RUN

from tests.lifecycle.builders import CURRENT, NEWER, OLDER, aks_cluster, change, found, recorded

PROGRAM, FLEET = {}, {"secure-aks:versionRules": {"owner": "fleet"}}
CHANNEL = {"secure-aks:versionRules": {"owner": "channel", "channel": "patch"}}


@pytest.mark.parametrize("kind", [MEMBER, PROFILE, RUN])
@pytest.mark.parametrize(("config", "owner"), [(PROGRAM, "program"), (CHANNEL, "channel"), (FLEET, "fleet")])
def test_what_gives_a_fleet_the_versions(kind, config, owner):
    said = found("one-version-owner", Resource(kind, "urn:fleet", "fleet-member", {}), config)
    assert bool(said) is (owner != "fleet")
    assert all(f"secure-aks:versionRules.owner is {owner}: two owners" in one for one in said)


def test_a_cluster_that_no_run_moves_may_be_a_member_by_exemption():
    exemption = {"rule": "one-version-owner", "resource": {"name": "fleet-member"}, "reason": "placement alone", "until": "2027-01-31"}  # fmt: skip
    config = {"secure-aks:exemptions": [exemption]}
    assert found("one-version-owner", Resource(MEMBER, "urn:fleet", "fleet-member", {}), config) == []


@pytest.mark.parametrize(
    ("config", "channel", "words"),
    [
        (CHANNEL, "patch", None),
        (CHANNEL, "rapid", "is rapid, and secure-aks:versionRules.channel is patch"),
        (CHANNEL, "none", "is none, and secure-aks:versionRules.channel is patch"),
        (FLEET, "none", None),
        (FLEET, "node-image", None),
        (FLEET, "patch", "says that a fleet does: two owners"),
        (PROGRAM, "patch", "moves the version that kubernetesVersion"),
    ],
)
def test_the_channel_is_on_where_it_is_the_owner(config, channel, words):
    said = found("no-auto-upgrade", aks_cluster(autoUpgradeProfile={"upgradeChannel": channel}), config)
    assert [words in one for one in said] == ([True] if words else [])


MOVED = change(
    recorded(NEWER, general=NEWER, system=NEWER),
    recorded(OLDER, general=OLDER, system=OLDER),
    "staging",
    recorded(CURRENT, general=CURRENT, system=CURRENT),
)


@pytest.mark.parametrize("rule", ["legal-step", "promotion"])
@pytest.mark.parametrize(("config", "refused"), [(PROGRAM, True), (CHANNEL, False), (FLEET, False)])
def test_what_another_owner_has_done_is_no_step_of_this_up(rule, config, refused):
    assert bool(found(rule, MOVED, config)) is refused
