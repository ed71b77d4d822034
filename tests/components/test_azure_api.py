"""Azure's own properties: the shape they are checked by, and what becomes of an `extra`."""

import re
from typing import get_overloads

import pytest
from pulumi_azure_native.containerservice import AgentPool, ManagedCluster
from pulumi_azure_native.network import VirtualNetwork

from components.aks_cluster import AksCluster, AksClusterArgs
from components.args.like import like
from components.args.network import NetworkArgs, SubnetArgs
from components.azure_api.__main__ import render
from components.azure_api.extra import laid_beside
from components.cluster_network import ClusterNetwork, ClusterNetworkArgs
from components.node_pool import NodePool, NodePoolArgs
from components.versions.system_pool_version import AGENT_POOL_API
from settings.facts.azure_api import FILE, Resource, version
from settings.facts.ours import owner
from settings.sections.network import Network
from tests.components.helpers import Registered, run

EXTRA = {
    "extendedLocation": {"name": "edge", "type": "EdgeZone"},
    "networkProfile": {"loadBalancerProfile": {"managedOutboundIPs": {"countIPv6": 1}}},
    "addonProfiles": {"aciConnectorLinux": {"enabled": True, "config": {"SubnetName": "aci"}}},
    "privateLinkResources": [{"groupId": "management"}],
}


@pytest.fixture
def register(cluster_settings, pool_settings, own_audit):
    """Register a cluster with one more pool, in a network that is made here."""

    def make(*, cluster=None, pool=None, system=None, network=None):
        def program():
            space = Network.model_validate({"address_space": "10.1.0.0/16", **(network or {})})
            subnets = [SubnetArgs("nodes", "10.1.0.0/20", ("system", "general"))]
            args = ClusterNetworkArgs(
                "rg", "vnet", subnets, str(space.address_space), {}, like(NetworkArgs, space)
            )
            made = ClusterNetwork("network", args)
            system_pool = pool_settings(name="system", mode="System", **(system or {}))
            cluster_args = AksClusterArgs(
                "rg",
                cluster_settings(**(cluster or {})),
                system_pool,
                made.pool_subnet_ids["system"],
                own_audit().workspace_id,
            )
            first = AksCluster("cluster", cluster_args).system_pool
            general = pool_settings(**(pool or {}))
            NodePool(
                "general", NodePoolArgs("rg", "aks-test", general, made.pool_subnet_ids["general"], first)
            )

        return run(program)

    return make


def test_shape_is_that_of_the_installed_sdk():
    assert FILE.read_text(encoding="utf-8") == render(), "run `python -m components.azure_api`"


@pytest.mark.parametrize(
    ("resource", "type_"), [("cluster", ManagedCluster), ("pool", AgentPool), ("network", VirtualNetwork)]
)
def test_api_version_is_the_one_in_use(resource, type_):
    written = " ".join(overload.__doc__ or "" for overload in get_overloads(type_.__init__))
    found = re.search(r"Uses Azure REST API version (\S+?)\.\s", written)
    assert found
    assert version(resource) == found[1]
    assert resource != "pool" or found[1] == AGENT_POOL_API


def test_extra_of_a_cluster_stands_beside_what_is_set(register):
    plain, more = (register(cluster=c).one(":ManagedCluster").inputs for c in ({}, {"extra": EXTRA}))

    assert more["extendedLocation"] == EXTRA["extendedLocation"]
    assert more["networkProfile"] == plain["networkProfile"] | EXTRA["networkProfile"]
    assert more["addonProfiles"] == plain["addonProfiles"] | EXTRA["addonProfiles"]
    assert more["privateLinkResources"] == EXTRA["privateLinkResources"]
    assert {key: more[key] for key in plain.keys() - EXTRA.keys()} == {
        key: plain[key] for key in plain.keys() - EXTRA.keys()
    }


def test_a_subdomain_begins_the_api_servers_name_in_place_of_the_clusters(register):
    made = register(cluster={"extra": {"fqdnSubdomain": "shop"}}).one(":ManagedCluster").inputs
    assert (made["fqdnSubdomain"], "dnsPrefix" in made) == ("shop", False)
    assert register().one(":ManagedCluster").inputs["dnsPrefix"] == "aks-test"


def test_extra_of_a_pool_is_the_same_wherever_the_pool_stands(register):
    extra = {
        "kubeletConfig": {"cpuCfsQuota": False},
        "upgradeSettings": {},
        "localDNSProfile": {"mode": "Required"},
    }
    done = register(pool={"extra": extra}, system={"extra": extra})
    [inline] = done.one(":ManagedCluster").inputs["agentPoolProfiles"]
    [deployed] = done.one(":Deployment").inputs["properties"]["template"]["resources"]

    for pool in (done.one(":AgentPool").inputs, inline, deployed["properties"]):
        assert pool["kubeletConfig"] == {"cpuCfsQuota": False}
        assert pool["localDNSProfile"] == {"mode": "Required"}
        assert pool["upgradeSettings"]["maxSurge"] == "33%"


def test_extra_of_the_network_stands_beside_its_ranges(register):
    inputs = (
        register(network={"extra": {"dhcpOptions": {"dnsServers": ["10.1.0.4"]}}})
        .one(":VirtualNetwork")
        .inputs
    )

    assert inputs["dhcpOptions"] == {"dnsServers": ["10.1.0.4"]}
    assert inputs["addressSpace"] == {"addressPrefixes": ["10.1.0.0/16"]}


@pytest.mark.parametrize(
    "extra", [{"a": 2}, {"b": {"c": 2}}, {"b": 1}, {"b": {"d": [2]}}, {"b": {"d": []}}, {"b": None}]
)
def test_what_is_set_is_never_undone(extra):
    with pytest.raises(ValueError, match="undoes nothing"):
        laid_beside({"a": 1, "b": {"c": 1, "d": [1]}, "e": None}, extra)


def test_what_is_not_set_may_be_added_at_any_depth():
    assert laid_beside({"b": {"c": 1}, "e": None}, {"b": {"d": 1}, "e": [1], "f": {}}) == {
        "b": {"c": 1, "d": 1},
        "e": [1],
        "f": {},
    }


ADDONS = {"keda": True, "vertical_pod_autoscaler": True, "key_vault_secrets": {}, "cost_analysis": True}
FORCED = {"until": "2026-12-01", "reason": "x"}
SENT = [
    {},
    {"cluster": {"api_server": {"access": "private", "private_dns_zone": "none"}, "force_upgrade": FORCED}},
    {"cluster": {"api_server": {"access": "ip-restricted", "authorized_ip_ranges": ["203.0.113.0/24"]}}},
    {"cluster": {"tenant_id": "6f1c0d1e-2f3a-4b5c-8d9e-0a1b2c3d4e5f", "support_plan": "AKSLongTermSupport"}},
    {"cluster": {"addons": ADDONS, "azure_rbac": True}},
    {"cluster": {"network_policy": "calico", "node_resource_group": "n", "defender": False}},
    {"pool": {"priority": "Spot", "zones": ["1"], "labels": {"a": "b"}, "taints": ["a=b:NoSchedule"]}},
    {"pool": {"sandboxed": True, "os_sku": "AzureLinux", "vm_size": "Standard_D4s_v5", "os_disk_gb": 128}},
    {"pool": {"os_type": "Windows", "os_sku": "Windows2025", "autoscaling": None, "count": 2}},
    {"pool": {"upgrade": {"max_surge": "0", "max_unavailable": "1"}}},
]


@pytest.mark.parametrize("changes", SENT, ids=str)
def test_whatever_is_sent_is_ours(register, changes):
    """What a component begins to send has to be named in settings/facts/data/ours.yaml, or an `extra` could undo it."""
    done = register(**changes)
    sent: dict[Resource, str] = {
        "cluster": ":ManagedCluster",
        "pool": ":AgentPool",
        "network": ":VirtualNetwork",
    }
    for resource, token in sent.items():
        for path in _leaves(done.one(token)):
            found = owner(resource, path)
            assert found, f"{resource}: {path}"
            assert path.lower().startswith(found.path.lower()), (
                f"{resource}: {path} is part of nothing that is ours"
            )


def _leaves(registered: Registered):
    def walk(values, place):
        for name, value in values.items():
            if isinstance(value, dict) and value:
                yield from walk(value, f"{place}{name}.")
            else:
                yield f"{place}{name}"

    inputs = dict(registered.inputs)
    inputs.pop("virtualNetworkName", None)
    inputs.pop("resourceGroupName")
    return walk(inputs, "")
