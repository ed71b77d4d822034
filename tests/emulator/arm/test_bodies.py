"""A body as ARM writes it, on the way out and on the way in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from emulator.arm.bodies import merge
from emulator.azure.types import by_arm_type
from tests.emulator.arm.wire import CLUSTER, GROUP, NETWORK, POOL, RESOURCES, pool_body

if TYPE_CHECKING:
    from tests.emulator.arm.wire import Wire

PROVIDERS = f"{GROUP}/providers"
VNET = f"{PROVIDERS}/Microsoft.Network/virtualNetworks/net"
IDENTITY = f"{PROVIDERS}/Microsoft.ManagedIdentity/userAssignedIdentities/own"
EVERYTHING: list[tuple[str, str, dict[str, Any]]] = [
    (IDENTITY, "2023-01-31", {"location": "westeurope", "tags": {"a": "b"}}),
    (
        VNET,
        NETWORK,
        {"location": "westeurope", "properties": {"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}}},
    ),
    (f"{VNET}/subnets/nodes", NETWORK, {"properties": {"addressPrefix": "10.1.0.0/24"}}),
    (
        f"{PROVIDERS}/Microsoft.Network/networkSecurityGroups/nsg",
        NETWORK,
        {
            "location": "westeurope",
            "properties": {
                "securityRules": [
                    {
                        "name": "r",
                        "properties": {
                            "priority": 100,
                            "direction": "Inbound",
                            "access": "Allow",
                            "protocol": "Tcp",
                        },
                    }
                ]
            },
        },
    ),
    (
        f"{PROVIDERS}/Microsoft.Network/publicIPAddresses/ip",
        NETWORK,
        {
            "location": "westeurope",
            "sku": {"name": "Standard"},
            "zones": ["1"],
            "properties": {"publicIPAllocationMethod": "Static"},
        },
    ),
    (
        f"{PROVIDERS}/Microsoft.OperationalInsights/workspaces/logs",
        "2023-09-01",
        {"location": "westeurope", "properties": {"retentionInDays": 30, "sku": {"name": "PerGB2018"}}},
    ),
    (
        f"{CLUSTER}/maintenanceConfigurations/aksManagedAutoUpgradeSchedule",
        "2025-09-01",
        {
            "properties": {
                "maintenanceWindow": {
                    "durationHours": 4,
                    "startTime": "22:00",
                    "schedule": {"weekly": {"dayOfWeek": "Monday", "intervalWeeks": 1}},
                }
            }
        },
    ),
    (
        f"{CLUSTER}/providers/Microsoft.Authorization/locks/keep",
        "2020-05-01",
        {"properties": {"level": "CanNotDelete"}},
    ),
]


def untagged(value: Any) -> Any:
    """A body without the tags that move with every PUT."""
    if isinstance(value, dict):
        return {k: untagged(v) for k, v in value.items() if k.lower() != "etag"}
    return [untagged(v) for v in value] if isinstance(value, list) else value


def test_what_is_read_can_be_put_back_and_nothing_changes(azure: Wire) -> None:
    azure.cluster(
        agentPoolProfiles=[
            {
                "name": "system",
                "mode": "System",
                "count": 2,
                "vmSize": "Standard_D2ds_v5",
                "nodeLabels": {"a": "b"},
            }
        ]
    )
    azure.pool(nodeTaints=["x=y:NoSchedule"], tags={"cost": "1"})
    for path, version, body in EVERYTHING:
        azure.put(path, body, version)
    paths = [
        (GROUP, RESOURCES),
        (CLUSTER, "2025-09-01"),
        (POOL, "2026-08-01"),
        *((p, v) for p, v, _ in EVERYTHING),
    ]
    for path, version in paths:
        before = azure.get(path, version)
        answer = azure.ask("PUT", path, version, before)
        assert answer.status_code == 200, answer.text
        assert untagged(azure.get(path, version)) == untagged(before)
        assert ("Azure-AsyncOperation" in answer.headers) == (path in (CLUSTER, POOL))


def test_every_resource_is_found_by_its_id_and_in_the_list_of_its_type(azure: Wire) -> None:
    azure.cluster().pool()
    for path, version, body in EVERYTHING:
        azure.put(path, body, version)
    seen: set[str] = set()
    for resource in azure.cloud.view().resources.values():
        kind = by_arm_type()[resource.type.lower()]
        version = kind.api
        found = azure.get(resource.id, version)
        assert (found["id"], found["name"]) == (resource.id, resource.name)
        collection = resource.id.rpartition("/")[0]
        assert resource.id in [r["id"] for r in azure.get(collection, version)["value"]]
        seen.add(resource.type)
    assert len(seen) == 10 + 1  # and the resource group


def test_a_workspaces_sku_is_among_its_properties_and_a_clusters_is_not(azure: Wire) -> None:
    azure.cluster()
    path, version, body = EVERYTHING[5]
    azure.put(path, body, version)
    assert azure.get(path, version)["properties"]["sku"] == {"name": "PerGB2018"}
    assert azure.get(CLUSTER)["sku"] == {"name": "Base", "tier": "Free"}


def test_null_is_the_same_as_left_out(azure: Wire) -> None:
    azure.cluster().put(
        POOL, pool_body(nodeLabels=None, upgradeSettings={"maxSurge": "33%", "drainTimeoutInMinutes": None})
    )
    found = azure.get(POOL)["properties"]
    assert "nodeLabels" not in found
    assert found["upgradeSettings"] == {"maxSurge": "33%"}


def test_an_inline_pool_takes_nothing_that_only_azure_says(azure: Wire) -> None:
    azure.cluster()
    body = azure.get(CLUSTER)
    body["properties"]["agentPoolProfiles"][0]["nodeImageVersion"] = "mine"
    azure.put(CLUSTER, body)
    assert azure.get(POOL.replace("general", "system"))["properties"]["nodeImageVersion"].startswith(
        "AKSUbuntu"
    )


def test_a_cluster_may_have_identities_of_its_own(azure: Wire) -> None:
    azure.group()
    path, version, body = EVERYTHING[0]
    azure.put(path, body, version)
    wanted = {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}}
    cluster = azure.cluster().get(CLUSTER)
    azure.put(CLUSTER, cluster | {"identity": wanted})
    found = azure.get(CLUSTER)["identity"]
    assert set(found["userAssignedIdentities"]) == {IDENTITY}
    assert found["userAssignedIdentities"][IDENTITY]["clientId"]


VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: st.dictionaries(st.sampled_from("abcd"), inner, max_size=3) | st.lists(inner, max_size=2),
    max_leaves=10,
)


@given(VALUES, VALUES)
def test_a_patch_leaves_what_it_does_not_name(old: Any, patch: Any) -> None:
    merged = merge(old, patch)
    if not isinstance(patch, dict):
        assert merged == patch
        return
    before = old if isinstance(old, dict) else {}
    for key in {*before, *patch}:
        if key not in patch:
            assert merged[key] == before[key]
        elif patch[key] is None:
            assert key not in merged
        else:
            assert merged[key] == merge(before.get(key), patch[key])
