"""What Azure cannot change in place is refused at preview in every stack, and nothing else is: each setting of pool and cluster, one by one."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.args.control_plane import ControlPlaneArgs
from components.args.like import like
from components.args.pools import PoolArgs
from components.azure_api.names import rest_names
from components.parts.control_plane import control_plane_properties
from components.parts.pool_properties import pool_properties
from components.program.fixed import fixed_cluster, fixed_pools
from components.versions.version_change import declared
from emulator.azure.refusals import kept
from emulator.azure.types import MANAGED_CLUSTER
from settings.sections.cluster import Cluster
from settings.sections.pools import Pool
from settings.sections.stack import StackSettings
from settings.subnets import plan
from tests.asked.keys import FOLDER, config
from tests.lifecycle.builders import change, found
from tests.settings.helpers import GONE, good, stack

GENERAL, WINDOWS = 0, 2
FEATURES: dict[str, Any] = config(FOLDER / "features.yaml")["secure-aks:cluster"]
TUNED, GPUS = config(FOLDER / "machines.yaml")["secure-aks:pools"][:2]
MACHINE: dict[str, Any] = {
    name: TUNED[name] for name in ("kubelet", "linux", "localDns", "placement", "nodes")
}
POOL: dict[str, Any] = {
    "vmSize": "Standard_D16ds_v5",
    "zones": ["1", "2"],
    "priority": "Spot",
    "sandboxed": True,
    "maxPods": 60,
    "osDiskGb": 256,
    "osDiskType": "Ephemeral",
    "encryptionAtHost": False,
    "subnet": "10.60.240.0/24",
    "mode": "System",
    "autoscaling": {"min": 3, "max": 20},
    "upgrade": {"maxSurge": "50%"},
    "labels": {"workload": "general"},
    "taints": ["workload=general:NoSchedule"],
    "trustedLaunch": False,
    "canary": True,
    "namespace": "payments",
    "fips": True,
    **MACHINE,
    "gpu": GPUS["gpu"],
    "extra": {"gpuInstanceProfile": "MIG1g"},
    "adopted": {"maxPods": 15},
}
"""Another value of each setting of a pool; those that need more than themselves have it in BESIDE."""
ELSEWHERE = {"name", "version", "osType", "osSku", "count"}
"""Which pool it is; what other rules judge; the other form of `autoscaling`."""
BESIDE: dict[str, dict[str, Any]] = {
    "sandboxed": {"pools[0].osSku": "AzureLinux", "pools[0].vmSize": "Standard_D8s_v5"},
    "fips": {"pools[0].osSku": "AzureLinux"},
    "subnet": {"network.subnets": "per-pool"},
    "trustedLaunch": {},
}
IDENTITIES = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
CLUSTER: dict[str, Any] = {
    "resourceGroup": "rg-other",
    "nodeResourceGroup": "rg-nodes",
    "podCidr": "10.128.0.0/16",
    "serviceCidr": "10.1.0.0/16",
    "dnsServiceIp": "10.0.0.20",
    "networkPolicy": "azure",
    "outboundType": "userDefinedRouting",
    "apiServer": {"access": "ip-restricted", "authorizedIpRanges": ["203.0.113.0/24"]},
    "tier": "Premium",
    "supportPlan": "AKSLongTermSupport",
    "tenantId": "99999999-8888-7777-6666-555555555555",
    "login": "devicecode",
    "breakGlass": [{"name": "others"}],
    "defender": False,
    "azurePolicy": False,
    "forceUpgrade": {"until": "2026-12-01", "reason": "x"},
    "imageCleanerHours": 96,
    "existingResourceGroup": "rg-other",
    "deployers": [{"name": "deployers"}],
    "readers": [{"name": "readers"}],
    "bootstrap": True,
    "lock": True,
    "inside": "later",
    "registries": [{"name": "shared"}],
    "identity": f"{IDENTITIES}/cluster",
    "kubeletIdentity": f"{IDENTITIES}/kubelet",
    "azureRbac": True,
    "addons": {"keda": True},
    **{
        name: FEATURES[name]
        for name in (
            "advancedNetworking",
            "autoscaler",
            "backup",
            "encryption",
            "gitops",
            "httpProxy",
            "ingress",
            "loadBalancer",
            "mesh",
            "monitoring",
            "storage",
            "trustedCertificates",
        )
    },
    "natGateway": {"addresses": 2},
    "imageSource": f"{IDENTITIES.partition('/providers/')[0]}/providers/Microsoft.ContainerRegistry/registries/cache",
    "nodeProvisioning": {"defaultPools": "None"},
    "windows": {"adminUser": "azureuser"},
    "extra": {"diskEncryptionSetID": f"{IDENTITIES}/disks"},
    "adopted": {"dnsPrefix": "older"},
}
AZURES_NAME = {"placement": "proximityPlacementGroupID"}
"""What a message calls it where that is not the setting's own name."""
SAME = {"environment": "dev", "promotion": GONE}


def read(changes: dict[str, Any]) -> StackSettings:
    """Settings of a changed stack file, whose other checks do not matter here."""
    return StackSettings.model_validate({"location": "westeurope", **stack({**SAME, **changes})})


def said(before: StackSettings, after: StackSettings) -> list[str]:
    resource = change(declared(after), declared(before))
    return found("no-replacement", resource, {"secure-aks:environment": "dev"})


def sent(settings: StackSettings, index: int) -> dict[str, Any]:
    """A pool as Azure gets it."""
    pool = settings.pools[index]
    subnet = next(one for one in plan(settings) if pool.name in one.pools)
    return rest_names(pool_properties(like(PoolArgs, pool), subnet.id or subnet.name, {}), "pool")


def names(section: type) -> set[str]:
    return {field.alias or name for name, field in section.model_fields.items()}


def test_every_setting_is_walked() -> None:
    assert names(Pool) == POOL.keys() | ELSEWHERE
    # A stack that turns to a cluster that is there already loses its own pools; test_existing_cluster.py has what is told.
    assert names(Cluster) == CLUSTER.keys() | {"name", "kubernetesVersion", "existing"}
    before = good()
    keys = {*fixed_pools(before)["general"], *fixed_cluster(before)}
    assert keys <= POOL.keys() | CLUSTER.keys() | {"subnetOf", "location", "private"}


@pytest.mark.parametrize("key", POOL)
def test_a_pool_keeps_what_azure_cannot_change(key: str) -> None:
    first = BESIDE.get(key, {})
    before, after = read(first), read({**first, f"pools[0].{key}": POOL[key]})
    old, new = sent(before, GENERAL), sent(after, GENERAL)
    assert old != new or key in {"canary", "subnet"}
    refused = {name for name in kept("agentPoolProfile") if old.get(name) != new.get(name)}
    messages = said(before, after)
    # The emulator does not refuse a new OS disk or another range of a subnet in use; Azure does.
    assert bool(messages) == bool(refused or key in {"osDiskGb", "osDiskType", "subnet", "extra"})
    assert all("add a new pool beside it, move the workloads" in message for message in messages)
    assert AZURES_NAME.get(key, key) in " ".join(messages) or not messages


ALONE = sorted(POOL.keys() - BESIDE.keys())


def refused(keys: frozenset[str], section: str, values: dict[str, Any]) -> set[str]:
    """The settings that are refused when these change in one `up`."""
    after = read({f"{section}.{key}": values[key] for key in keys})
    messages = said(read({}), after)
    return {key for key in keys if any(f": {key} changes from " in message for message in messages)}


@cache
def refused_alone(key: str, section: str) -> bool:
    values = POOL if section == "pools[0]" else CLUSTER
    return refused(frozenset({key}), section, values) == {key}


@settings(deadline=None, max_examples=40)
@given(st.frozensets(st.sampled_from(ALONE)))
def test_however_many_change_together_each_is_refused_that_is_refused_alone(keys: frozenset[str]) -> None:
    assert refused(keys, "pools[0]", POOL) == {key for key in keys if refused_alone(key, "pools[0]")}


TOGETHER = sorted(
    CLUSTER.keys() - {"apiServer", "existingResourceGroup", "resourceGroup", "serviceCidr", "dnsServiceIp"}
)
"""Those by which no other of the list changes too."""


@settings(deadline=None, max_examples=40)
@given(st.frozensets(st.sampled_from(TOGETHER)))
def test_so_it_is_with_the_clusters(keys: frozenset[str]) -> None:
    assert refused(keys, "cluster", CLUSTER) == {key for key in keys if refused_alone(key, "cluster")}


@pytest.mark.parametrize(
    ("index", "changes", "words"),
    [
        (WINDOWS, {"fips": False}, "fips changes from True to False"),
        (WINDOWS, {"osSku": "Windows2022", "fips": False}, "osSku changes from Windows2025 to Windows2022"),
        (WINDOWS, {"osType": "Linux", "osSku": "AzureLinux"}, "osType changes from Windows to Linux"),
    ],
)
def test_so_does_its_operating_system(index: int, changes: dict[str, Any], words: str) -> None:
    after = read({f"pools[{index + 0}].{key}": value for key, value in changes.items()})
    messages = said(read({}), after)
    assert any(words in message for message in messages), messages


def test_the_pool_that_came_with_the_cluster_is_told_another_way() -> None:
    before, after = read({}), read({"systemPool.vmSize": "Standard_D8ds_v5"})
    resource = change(declared(after), declared(before))
    config = {"secure-aks:environment": "dev", "secure-aks:systemPool": {"name": "system"}}
    [message] = found("no-replacement", resource, config)
    assert "add a pool with `mode: System` beside it" in message


def test_a_pool_in_another_subnet_is_another_pool() -> None:
    messages = said(read({}), read({"network.subnets": "per-pool"}))
    assert any("pool general of aks: subnetOf changes from nodes to nodes-general" in one for one in messages)


def test_pinning_the_range_that_a_pool_has_changes_nothing() -> None:
    before = read({"network.subnets": "per-pool"})
    range_ = fixed_pools(before)["general"]["subnet"]
    assert said(before, read({"network.subnets": "per-pool", "pools[0].subnet": range_})) == []


@pytest.mark.parametrize("key", CLUSTER)
def test_a_cluster_keeps_what_would_replace_it(key: str) -> None:
    changes = {f"cluster.{key}": CLUSTER[key]}
    if key == "serviceCidr":
        changes["cluster.dnsServiceIp"] = "10.1.0.10"
    before, after = read({"cluster.dnsServiceIp": "10.0.0.10"} if key == "serviceCidr" else {}), read(changes)
    old, new = properties(before), properties(after)
    replaced = {name for name in MANAGED_CLUSTER.force_new if _below(name, old) != _below(name, new)}
    messages = said(before, after)
    # Whether a cluster is private is decided when it is made, and a resource cannot move to another group.
    assert bool(messages) == bool(replaced or key in {"apiServer", "resourceGroup", "existingResourceGroup"})
    assert all("which replaces the whole cluster" in message for message in messages)


def test_it_keeps_its_region_and_its_name() -> None:
    before = read({})
    moved = before.model_copy(update={"location": "northeurope"})
    assert "location changes from westeurope to northeurope" in " ".join(said(before, moved))
    assert "cluster aks would be deleted" in " ".join(said(before, read({"cluster.name": "other"})))


def _below(name: str, flat_: dict[str, Any]) -> dict[str, Any]:
    """What is sent at a dotted name and below it."""
    return {key: value for key, value in flat_.items() if key == name or key.startswith(f"{name}.")}


def properties(settings: StackSettings) -> dict[str, Any]:
    """A cluster as Azure gets it, by dotted names."""
    whole = control_plane_properties(
        like(ControlPlaneArgs, settings.cluster),
        admin_group_ids=[],
        workspace_id="w",
        node_os_channel=settings.node_updates.channel,
    )
    return dict(flat(rest_names({k: v for k, v in whole.items() if k != "resource_name_"}, "cluster")))


def flat(value: dict[str, Any], path: str = "") -> list[tuple[str, Any]]:
    found_: list[tuple[str, Any]] = []
    for key, one in value.items():
        found_ += flat(one, f"{path}{key}.") if isinstance(one, dict) else [(f"{path}{key}", one)]
    return found_
