"""Quotas, VM sizes, addresses: what a surge needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.emulator.arm.wire import COMPUTE, GROUP, NETWORK, SUB, pool_body

if TYPE_CHECKING:
    from tests.emulator.arm.wire import Wire

SKUS = "2021-07-01"
LOCATIONS = f"{SUB}/providers/Microsoft.Compute"
VNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net"


def usages(azure: Wire, location: str = "westeurope") -> dict[str, tuple[int, int]]:
    rows = azure.get(f"{LOCATIONS}/locations/{location}/usages", COMPUTE)["value"]
    return {r["name"]["value"]: (r["currentValue"], r["limit"]) for r in rows}


def test_the_nodes_of_clusters_have_cores_of_their_familys_quota(azure: Wire) -> None:
    azure.cluster().pool()
    azure.put(
        f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/aks/agentPools/spot",
        pool_body(scaleSetPriority="Spot", count=2),
    )
    azure.cloud.configure(quotas={"standardDDSv5Family": 20})
    found = usages(azure)
    assert found["standardDDSv5Family"] == (2 * 2 + 3 * 4, 20)
    assert found["cores"][0] == 16
    assert found["lowPriorityCores"][0] == 8
    assert found["standardDSv5Family"] == (0, 350)
    assert usages(azure, "northeurope")["cores"][0] == 0


def sizes(azure: Wire) -> dict[str, dict[str, Any]]:
    filters = {"$filter": "location eq 'westeurope'"}
    page = azure.get(f"{LOCATIONS}/skus", SKUS, **filters)
    return {row["name"]: row for row in page["value"]}


def test_sizes_have_a_family_zones_and_restrictions(azure: Wire) -> None:
    azure.cloud.configure(sku_restrictions={"Standard_D4ds_v5": [], "Standard_E16ds_v5": ["2"]})
    azure.cloud.configure(page_size=1000)
    found = sizes(azure)
    assert found["Standard_D8ds_v5"]["family"] == "standardDDSv5Family"
    assert found["Standard_D8ds_v5"]["locationInfo"][0]["zones"] == ["1", "2", "3"]
    assert found["Standard_D8ds_v5"]["restrictions"] == []
    assert {"name": "vCPUs", "value": "8"} in found["Standard_D8ds_v5"]["capabilities"]
    assert found["Standard_D4ds_v5"]["restrictions"][0]["type"] == "Location"
    zone = found["Standard_E16ds_v5"]["restrictions"][0]
    assert (zone["type"], zone["restrictionInfo"]["zones"]) == ("Zone", ["2"])
    assert zone["reasonCode"] == "NotAvailableForSubscription"
    assert azure.refused("GET", f"{LOCATIONS}/skus", SKUS) == (400, "InvalidFilter")


def test_addresses_of_a_subnet_are_counted(azure: Wire) -> None:
    azure.group()
    azure.put(
        VNET,
        {"location": "westeurope", "properties": {"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}}},
        NETWORK,
    )
    subnet = f"{VNET}/subnets/nodes"
    azure.put(subnet, {"properties": {"addressPrefix": "10.1.0.0/24"}}, NETWORK)
    pool = {
        "name": "system",
        "mode": "System",
        "count": 2,
        "vmSize": "Standard_D2ds_v5",
        "vnetSubnetID": subnet,
    }
    azure.cluster(
        agentPoolProfiles=[pool], networkProfile={"networkPlugin": "azure", "networkPluginMode": "overlay"}
    )
    (row,) = azure.get(f"{VNET}/usages", NETWORK)["value"]
    assert (row["id"], row["currentValue"], row["limit"]) == (subnet, 2, 251)
    (shown,) = azure.get(f"{VNET}/subnets", NETWORK)["value"]
    assert set(shown) == {"id", "name", "type", "etag", "properties"}
    network = azure.get(VNET, NETWORK)
    assert [s["properties"]["addressPrefix"] for s in network["properties"]["subnets"]] == ["10.1.0.0/24"]
    assert azure.refused(
        "PUT", VNET, NETWORK, network | {"properties": network["properties"] | {"subnets": []}}
    ) == (400, "InvalidRequestFormat")
    azure.put(VNET, network, NETWORK)
