"""The `Azure` marks read the other way: what is sent is what is read, for every marked setting there is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings.azure_words import marked, sent
from settings.from_azure import said
from settings.sections.cluster import Cluster
from settings.sections.features.autoscaler import Autoscaler
from settings.sections.pools import Pool

VAULT = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/mesh"
BASE: dict[str, Any] = {"name": "aks", "kubernetesVersion": "1.35.6"}
POOL: dict[str, Any] = {
    "name": "a",
    "version": "1.35.6",
    "vmSize": "Standard_D4ds_v5",
    "osSku": "Ubuntu2404",
    "count": 1,
}
CLUSTERS: list[dict[str, Any]] = [
    {"loadBalancer": {"addresses": 2, "idleMinutes": 10, "portsPerNode": 1024}},
    {"loadBalancer": {"addressIds": [VAULT.replace("KeyVault/vaults", "Network/publicIPAddresses")]}},
    {"natGateway": {"addresses": 2, "idleMinutes": 30}},
    {"nodeProvisioning": {"defaultPools": "None"}},
    {"mesh": {"revisions": ["asm-1-27"], "ingressGateways": ["Internal"], "authority": {"vault": VAULT, "certificate": "c", "key": "k", "root": "r", "chain": "h"}}},
    {"advancedNetworking": {"observability": False, "policies": "L7"}},
    {"httpProxy": {"http": "http://p.example:3128", "https": "http://p.example:3128", "noProxy": [".example.com"]}},
    {"storage": {"blobs": True, "files": False}},
    {"windows": {"adminUser": "azureuser", "hybridBenefit": True, "csiProxy": False, "gmsa": {"dnsServer": "10.0.0.4", "domain": "corp.example"}}},
    {"ingress": {"defaultController": "Internal"}},
    {"addons": {"aiToolchain": True}},
    {"encryption": {"diskEncryptionSet": VAULT.replace("KeyVault/vaults", "Compute/diskEncryptionSets")}},
]  # fmt: skip
POOLS: list[dict[str, Any]] = [
    {"kubelet": {"cpuManager": "static", "imagesFromPercent": 80, "imagesToPercent": 70}},
    {"linux": {"sysctls": {"vm.max_map_count": 262144}, "swapMegabytes": 1500}},
    {"localDns": {"mode": "Required", "vnet": {".": {"cacheSeconds": 60, "log": "Log"}}}},
    {"nodes": {"scaleDown": "Deallocate", "ultraDisks": True}},
]


def round_trip(model: Any, base: dict[str, Any], section: dict[str, Any]) -> None:
    one = model.model_validate({**base, **section}, by_alias=True, by_name=False)
    found = said(model, sent(one))
    assert sent(model.model_validate({**base, **found}, by_alias=True, by_name=False)) == sent(one)
    assert found.keys() == section.keys()


@pytest.mark.parametrize("section", CLUSTERS, ids=lambda one: next(iter(one)))
def test_a_cluster_that_says_it_is_read_as_it_was_said(section):
    round_trip(Cluster, BASE, section)


@pytest.mark.parametrize("section", POOLS, ids=lambda one: next(iter(one)))
def test_so_is_a_pool(section):
    round_trip(Pool, POOL, section)


def test_every_marked_section_of_them_is_tried():
    """But for those whose vault or workspace a cluster does not tell: the import names them."""
    tops = {path.partition(".")[0] for path, _ in marked(Cluster)} | {"addons"}
    tried = {key for one in CLUSTERS for key in one} | {"autoscaler"}
    assert tops - tried == {"imageSource", "monitoring", "trustedCertificates"}


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "scanSeconds": st.integers(5, 600),
            "unneededMinutes": st.integers(1, 1440),
            "terminationSeconds": st.integers(0, 86400),
            "balanceSimilarPools": st.booleans(),
            "keepNodesWithSystemPods": st.booleans(),
            "ignoreDaemonSets": st.booleans(),
            "expander": st.sampled_from(["least-waste", "random"]),
            "idleBelow": st.sampled_from(["0.5", "0.25"]),
        },
    )
)
def test_every_value_of_the_autoscaler_comes_back(values):
    one = Autoscaler.model_validate(values, by_alias=True, by_name=False)
    assert said(Autoscaler, sent(one)) == values


def test_where_azure_says_nothing_neither_does_the_stack_file():
    assert said(Cluster, {}) == said(Pool, {}) == {}
    assert said(Cluster, {"networkProfile": {"loadBalancerProfile": {"outboundIPs": None}}}) == {}
