import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.settings.helpers import GONE, STACK, Case, good, read, refuse

FLEET_ID = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.ContainerService/fleets/shop"
OWNED = {"versionRules": {"owner": "fleet"}}
STAGES = [{"name": "wave-1", "groups": ["dev"], "waitMinutes": 2880}, {"name": "wave-2", "groups": ["prod"], "approval": "before"}]  # fmt: skip
MADE = {**OWNED, "fleet": {"name": "shop", "stages": STAGES}}
CASES = [
    Case("channel beside the program", {"versionRules": {"channel": "patch"}}, "secure-aks:versionRules.channel", "versionRules.owner is program", "`owner: channel`"),
    Case("channel without one", {"versionRules": {"owner": "channel"}}, "secure-aks:versionRules.owner", "none is named", "`channel: patch`"),
    Case("fleet beside the program", {"fleet": {"id": FLEET_ID}}, "secure-aks:fleet", "owner is program: two owners", "`owner: fleet`"),
    Case("fleet beside the channel", {"versionRules": {"owner": "channel", "channel": "stable"}, "fleet": {"id": FLEET_ID}}, "secure-aks:fleet", "owner is channel: two owners", "remove secure-aks:fleet"),
    Case("no fleet", OWNED, "secure-aks:versionRules.owner", "there is none", "add secure-aks:fleet with the `id`"),
    Case("no window in prod", {**MADE, "maintenance.upgrades": GONE}, "secure-aks:maintenance.upgrades", "hours that people chose", "add `upgrades"),
    Case("two fleets", {**OWNED, "fleet": {"id": FLEET_ID, "name": "shop"}}, "secure-aks:fleet", "a fleet that exists and one to create", "`id` of a fleet"),
    Case("which fleet", {**OWNED, "fleet": {}}, "secure-aks:fleet", "names no fleet", "`name` of one to create"),
    Case("another's stages", {**OWNED, "fleet": {"id": FLEET_ID, "stages": STAGES}}, "secure-aks:fleet.stages", "two places", "the stack that makes the fleet"),
    Case("a cluster's id", {**OWNED, "fleet": {"id": FLEET_ID.replace("fleets", "managedClusters")}}, "secure-aks:fleet.id", "not the resource id of a fleet", "/fleets/<name>"),
    Case("stage twice", {**MADE, "fleet.stages[1].name": "wave-1"}, "secure-aks:fleet.stages[1].name", "stages[0].name has the stage wave-1 already", "name each once"),
    Case("group twice", {**MADE, "fleet.stages[1].groups": ["prod", "dev"]}, "secure-aks:fleet.stages[1].groups[1]", "has the group dev already", "name each once"),
    Case("left out", {**MADE, "fleet.stages[1].groups": ["test"]}, "secure-aks:fleet.stages", "own group, prod, is in no stage", "add prod"),
    Case("group that is none", {**MADE, "fleet.group": "Prod"}, "secure-aks:fleet.group", "'Prod' is not a name", "at most 50"),
    Case("profile twice", {**MADE, "fleet.autoUpgrade": [{"name": "a", "channel": "Stable"}, {"name": "a", "channel": "NodeImage"}]}, "secure-aks:fleet.autoUpgrade[1].name", "has the profile a already", "name each once"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused(case):
    refuse(case)


def test_the_group_is_the_stack_as_in_a_plan():
    fleet = good(MADE).fleet
    assert fleet
    assert fleet.group is None
    _, findings = read({**MADE, STACK: "EU_prod", "fleet": {"name": "shop"}, "environment": "dev"})
    assert "takes no group 'EU_prod'" in next(one.why for one in findings if one.path == "secure-aks:fleet")


@given(
    owner=st.sampled_from(["program", "channel", "fleet"]),
    channel=st.sampled_from([None, "patch", "stable", "rapid"]),
    has_fleet=st.booleans(),
)
def test_there_is_one_owner(owner, channel, has_fleet):
    """Of all that may move versions, exactly what the owner needs is there, or the file is refused."""
    rules = {"owner": owner, **({"channel": channel} if channel else {})}
    settings, _ = read({"versionRules": rules, **({"fleet": {"id": FLEET_ID}} if has_fleet else {})})
    assert (settings is not None) == (
        (channel is not None, has_fleet) == (owner == "channel", owner == "fleet")
    )
