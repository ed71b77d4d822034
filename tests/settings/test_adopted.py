"""A cluster that was made elsewhere keeps what Azure sets once, and nothing else stands against what is set here."""

from __future__ import annotations

import pytest

from components.azure_api.extra import with_adopted
from components.program.fixed import fixed_cluster, fixed_pools
from settings.facts.kept import kept_for_life
from settings.not_ours import not_ours
from settings.subnets import plan
from tests.settings.helpers import Case, good, refuse

CLUSTER, POOL = "secure-aks:cluster.adopted", "secure-aks:pools[0].adopted"


def cluster(**adopted):
    return {"cluster.adopted": adopted}


CASES = [
    Case("what changes in place", cluster(disableLocalAccounts=False), f"{CLUSTER}.disableLocalAccounts", "nothing that Azure sets once", "`dnsPrefix`"),
    Case("what a setting says", cluster(kubernetesVersion="1.34.9"), f"{CLUSTER}.kubernetesVersion", "nothing that Azure sets once", "remove it"),
    Case("more than is kept", cluster(networkProfile={"networkPlugin": "kubenet", "loadBalancerProfile": {"idleTimeoutInMinutes": 5}}), f"{CLUSTER}.networkProfile.loadBalancerProfile.idleTimeoutInMinutes", "nothing that Azure sets once", "remove it"),
    Case("no value of Azure's", cluster(networkProfile={"networkPlugin": "weave"}), f"{CLUSTER}.networkProfile.networkPlugin", "not one of its values", "kubenet"),
    Case("number for text", cluster(dnsPrefix=1), f"{CLUSTER}.dnsPrefix", "without quotes", 'write "1"'),
    Case("an identity by name", cluster(identity={"type": "UserAssigned"}), f"{CLUSTER}.identity", "a system-assigned identity alone", "secure-aks:cluster"),
    Case("of a pool, what a setting says", {"pools[0].adopted": {"vmSize": "Standard_D2s_v3"}}, f"{POOL}.vmSize", "nothing that Azure sets once", "`maxPods`"),
    Case("two networks", {"network.ofAks": True}, "secure-aks:network.ofAks", "AKS made the network", "remove one of them"),
    Case("no network", {"network": {"ofAks": False}}, "secure-aks:network", "the nodes have no network", "ofAks"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused(case):
    refuse(case)


def test_what_is_kept_is_told_at_every_preview_and_part_of_what_never_changes():
    kept = good(
        cluster(dnsPrefix="old", networkProfile={"networkPlugin": "kubenet", "networkPluginMode": None})
    )
    assert list(not_ours(kept)) == [
        (
            "adopted: the cluster keeps dnsPrefix, networkProfile.networkPlugin, networkProfile.networkPluginMode as it was made "
            "elsewhere, which Azure cannot change"
        )
    ]
    assert (
        fixed_cluster(kept)["extra"]["adopted"]
        == '{"dnsPrefix": "old", "networkProfile": {"networkPlugin": "kubenet", "networkPluginMode": null}}'
    )
    assert fixed_cluster(good())["extra"] == {}  # so that a stack file that lets it go is noticed
    assert kept.cluster.is_adopted
    assert not good().cluster.is_adopted


def test_in_the_network_of_aks_there_is_no_subnet():
    settings = good({"network": {"ofAks": True}})
    assert plan(settings) == []
    assert {pool["subnetOf"] for pool in fixed_pools(settings).values()} == {"the network of AKS"}


def test_it_lies_over_what_is_set_and_null_takes_away():
    ours = {
        "dns_prefix": "aks",
        "network_profile": {
            "network_plugin": "azure",
            "network_plugin_mode": "overlay",
            "pod_cidr": "10.244.0.0/16",
        },
    }
    adopted = {"dnsPrefix": "old", "networkProfile": {"networkPlugin": "kubenet", "networkPluginMode": None}}
    assert with_adopted(ours, adopted, "cluster") == {
        "dns_prefix": "old",
        "network_profile": {"network_plugin": "kubenet", "pod_cidr": "10.244.0.0/16"},
    }
    assert with_adopted(ours, {}, "cluster") == ours


def test_every_property_that_is_kept_is_one_that_can_be_written():
    for name in kept_for_life("pool"):
        value = {"spotMaxPrice": 0.5, "maxPods": 15, "enableNodePublicIP": True}.get(name)
        good({"pools[0].adopted": {name: value}})
