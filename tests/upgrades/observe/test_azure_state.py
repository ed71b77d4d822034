"""What Azure says of a cluster beside its versions: states, node counts, channel, outbound ports, locks, sizes it does not give."""

from __future__ import annotations

import pytest

from tests.upgrades.check.arm import SUBSCRIPTION, azure, cluster, lock, pool
from upgrades.model.surroundings import Outbound
from upgrades.observe.azure.locks import locks
from upgrades.observe.azure.restrictions import Nodes, restricted
from upgrades.observe.azure.state import auto_upgrade, most_of, node_counts, outbound, sizes_of, states
from upgrades.observe.errors import AzureError

LOCKS = "providers/Microsoft.Authorization/locks"
ROOT = f"/subscriptions/{SUBSCRIPTION}"


def test_states_have_ids_for_commands():
    item = cluster(
        "aks",
        "1.35.6",
        pool("a", "1.35.6", provisioningState="Failed"),
        pool("b", "1.35.6", powerState={"code": "Stopped"}),
        pool("c", "1.35.6", powerState=None, provisioningState=None),
    )
    found = list(states(item))
    assert [(one.target, one.provisioning, one.power) for one in found] == [
        ("control plane", "Succeeded", "Running"),
        ("a", "Failed", "Running"),
        ("b", "Succeeded", "Stopped"),
        ("c", "", ""),
    ]
    assert (found[0].id, found[1].id) == (item["id"], f"{item['id']}/agentPools/a")


def test_nodes_of_every_kind_of_pool_are_counted():
    sizes = [{"size": "Standard_D4s_v5", "count": 2}, {"size": "Standard_D8s_v5", "count": 1}]
    item = cluster(
        "aks",
        "1.35.6",
        pool("scale", "1.35.6", count=7),
        pool("empty", "1.35.6", count=0),
        pool("vms", "1.35.6", count=None, virtualMachineNodesStatus=sizes),
        pool("manual", "1.35.6", count=None, virtualMachinesProfile={"scale": {"manual": sizes[:1]}}),
        pool("untold", "1.35.6", count=None),
    )
    assert node_counts(item) == {"scale": 7, "empty": 0, "vms": 3, "manual": 2}


@pytest.mark.parametrize(
    ("of_pool", "sizes"),
    [
        ({"vmSize": "Standard_D4s_v5"}, ("Standard_D4s_v5",)),
        ({"virtualMachinesProfile": {"scale": {"autoscale": {"size": "A", "minCount": 1}}}}, ("A",)),
        ({"virtualMachinesProfile": {"scale": {"autoscale": [{"size": "A"}, {"size": "B"}]}}}, ("A", "B")),
        (
            {
                "virtualMachinesProfile": {"scale": {"manual": [{"size": "A", "count": 2}]}},
                "virtualMachineNodesStatus": [{"size": "B", "count": 1}, {"size": "A", "count": 2}],
            },
            ("B", "A"),
        ),
        ({}, ()),
    ],
)
def test_sizes_of_every_kind_of_pool(of_pool, sizes):
    assert sizes_of(of_pool) == sizes


@pytest.mark.parametrize(
    ("of_pool", "most"),
    [
        ({"count": 3}, 0),
        ({"count": 3, "maxCount": 9}, 9),
        ({"virtualMachinesProfile": {"scale": {"autoscale": {"size": "A", "maxCount": 30}}}}, 30),
        ({"virtualMachinesProfile": {"scale": {"autoscale": [{"maxCount": 3}, {"maxCount": 4}]}}}, 7),
        ({"virtualMachinesProfile": {"scale": {"manual": [{"size": "A", "count": 2}]}}}, 0),
    ],
)
def test_how_far_the_autoscaler_may_go(of_pool, most):
    assert most_of(of_pool) == most


@pytest.mark.parametrize(
    ("profile", "channel"), [(None, "none"), ({}, "none"), ({"upgradeChannel": "patch"}, "patch")]
)
def test_the_channel(profile, channel):
    assert auto_upgrade(cluster("aks", "1.35.6", autoUpgradeProfile=profile)) == channel


@pytest.mark.parametrize(
    ("network", "found"),
    [
        ({}, Outbound(nodes=3)),
        (
            {"outboundType": "userDefinedRouting", "loadBalancerProfile": {"allocatedOutboundPorts": 8}},
            Outbound(nodes=3),
        ),
        ({"loadBalancerProfile": {"managedOutboundIPs": {"count": 4}}}, Outbound(nodes=3)),
        ({"loadBalancerProfile": {"allocatedOutboundPorts": 64}}, Outbound(1, 64, 3)),
        (
            {"loadBalancerProfile": {"allocatedOutboundPorts": 64, "outboundIPs": {"publicIPs": [{}, {}]}}},
            Outbound(2, 64, 3),
        ),
        (
            {
                "loadBalancerProfile": {
                    "allocatedOutboundPorts": 64,
                    "outboundIPPrefixes": {"publicIPPrefixes": [{}]},
                    "effectiveOutboundIPs": [{}] * 16,
                }
            },
            Outbound(16, 64, 3),
        ),
    ],
)
def test_the_way_out(network, found):
    assert outbound(cluster("aks", "1.35.6", pool("a", "1.35.6"), networkProfile=network)) == found


def test_prefixes_of_an_unknown_length_are_unknown():
    profile = {"allocatedOutboundPorts": 64, "outboundIPPrefixes": {"publicIPPrefixes": [{}]}}
    item = cluster("aks", "1.35.6", networkProfile={"loadBalancerProfile": profile})
    with pytest.raises(ValueError, match="does not say how many addresses"):
        outbound(item)


AKS = cluster("aks", "1.35.6")


@pytest.mark.parametrize(
    ("scope", "reaches"),
    [
        (ROOT, True),
        (f"{ROOT}/resourceGroups/RG-aks", True),
        (AKS["id"].upper(), True),
        (f"{AKS['id']}/agentPools/a", True),
        (f"{ROOT}/resourceGroups/MC_aks", True),
        (f"{ROOT}/resourceGroups/mc_aks/providers/Microsoft.Compute/virtualMachineScaleSets/a", True),
        (f"{ROOT}/resourceGroups/MC_aks2", False),
        (f"{ROOT}/resourceGroups/rg-aks/providers/Microsoft.Storage/storageAccounts/a", False),
        (f"{AKS['id']}2", False),
    ],
)
def test_a_lock_counts_where_it_stands_above_or_below(arm, scope, reaches):
    arm.locked(lock(scope))
    found = locks(azure(arm), AKS)
    assert [(one.name, one.level, one.scope.lower()) for one in found] == [
        ("keep", "CanNotDelete", scope.lower())
    ] * reaches
    assert all(one.id.endswith(f"/{LOCKS}/keep") for one in found)


def test_who_may_not_list_the_subscriptions_locks_asks_for_those_of_both_groups(arm):
    arm.put(f"{ROOT}/{LOCKS}", (403, {"error": {"code": "AuthorizationFailed", "message": "no right"}}))
    arm.put(f"{ROOT}/resourceGroups/rg-aks/{LOCKS}", {"value": [lock(ROOT)]})
    arm.put(
        f"{ROOT}/resourceGroups/MC_aks/{LOCKS}",
        {"value": [lock(ROOT), lock(f"{ROOT}/resourceGroups/MC_aks", name="b")]},
    )
    assert [one.name for one in locks(azure(arm), AKS)] == ["keep", "b"]
    arm.put(f"{ROOT}/resourceGroups/MC_aks/{LOCKS}", (403, {"error": {"message": "no right"}}))
    with pytest.raises(AzureError, match="403"):
        locks(azure(arm), AKS)


def test_only_a_missing_right_has_the_groups_asked_instead(arm):
    """A 403 somewhere in another answer's words is none."""
    arm.put(f"{ROOT}/{LOCKS}", (404, {"error": {"code": "NotFound", "message": "no subscription 0403-1"}}))
    with pytest.raises(AzureError, match="0403-1"):
        locks(azure(arm), AKS)
    assert len(arm.asked) == 1


def sku(*restrictions):
    return {"resourceType": "virtualMachines", "name": "Standard_D4s_v5", "restrictions": list(restrictions)}


WHOLE = {"type": "Location", "values": ["westeurope"], "reasonCode": "QuotaId"}
ZONES = {
    "type": "Zone",
    "values": ["westeurope"],
    "restrictionInfo": {"zones": ["2", "1"]},
    "reasonCode": "Full",
}


def test_sizes_that_are_not_given():
    pools = {
        "zonal": Nodes(("standard_d4S_v5",), frozenset({"1", "2", "3"})),
        "spared": Nodes(("Standard_D4s_v5",), frozenset({"3"})),
        "plain": Nodes(("Standard_D4s_v5",)),
        "other": Nodes(("Standard_D8s_v5",)),
    }
    found = {(one.pool, one.where, one.reason) for one in restricted([sku(ZONES, WHOLE)], pools)}
    assert found == {
        ("zonal", "zones 1, 2", "Full"),
        ("zonal", "westeurope", "QuotaId"),
        ("spared", "westeurope", "QuotaId"),
        ("plain", "westeurope", "QuotaId"),
    }
    assert list(restricted([sku()], pools)) == []
    mixed = {"vms": Nodes(("Standard_D8s_v5", "Standard_D4s_v5"))}
    assert [(one.vm_size, one.where) for one in restricted([sku(WHOLE)], mixed)] == [
        ("Standard_D4s_v5", "westeurope")
    ]
    with pytest.raises(ValueError, match="cannot be read"):
        list(restricted([{"resourceType": "virtualMachines"}], pools))
