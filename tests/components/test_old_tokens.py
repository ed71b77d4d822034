"""What the SDK says of older tokens of a type is left out; what the program says itself stays."""

import pulumi
from pulumi_azure_native import containerservice, resources

from components.parts.old_tokens import leave_out_old_tokens
from tests.components.helpers import run
from tests.components.test_program import ROOT, run_program


def aliases(done):
    return {one.name: list(one.request.aliases) for one in done.registered}


def test_older_tokens_alone_are_left_out():
    def program():
        opts = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="old")])
        resources.ResourceGroup("group", opts=opts)
        containerservice.FleetMember(
            "member", resource_group_name="group", fleet_name="fleet", cluster_resource_id="id"
        )
        moved = pulumi.ResourceOptions(aliases=[pulumi.Alias(type_="secure-aks:index:Before")])
        pulumi.ComponentResource("secure-aks:index:Thing", "thing", None, moved)

    def quick():
        leave_out_old_tokens()
        program()

    before, after = aliases(run(program)), aliases(run(quick))
    assert len(before["group"]) > 1
    assert len(before["member"]) > 1
    assert [alias.spec.name for alias in after["group"]] == ["old"]
    assert after["member"] == []
    assert after["thing"] == before["thing"] != []


def test_the_program_sends_no_alias_for_a_type_of_azure():
    """Hundreds of them were two fifths of a preview's processor time."""
    sent = aliases(run_program(ROOT, "dev"))
    assert all(len(found) <= 1 for found in sent.values())
    assert any(sent.values())
