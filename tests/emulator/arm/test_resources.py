"""Resource groups, locks, diagnostic settings, providers, deployments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.emulator.arm.wire import AKS, CLUSTER, GROUP, POOL, RESOURCES, SUB, cluster_body, pool_body

if TYPE_CHECKING:
    from tests.emulator.arm.wire import Wire

LOCKS = "2020-05-01"
LOCK = "providers/Microsoft.Authorization/locks"
WORKSPACE = f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces/logs"


def test_groups_and_what_is_in_them_are_listed(azure: Wire) -> None:
    azure.cluster()
    groups = azure.get(f"{SUB}/resourceGroups", RESOURCES)["value"]
    assert {g["name"] for g in groups} == {"rg", "MC_rg_aks_westeurope"}
    assert groups[0]["properties"] == {"provisioningState": "Succeeded"}
    assert groups[0]["type"] == "Microsoft.Resources/resourceGroups"
    managed = next(g for g in groups if g["name"].startswith("MC_"))
    assert managed["managedBy"] == CLUSTER
    for path in (f"{SUB}/resources", f"{GROUP}/resources"):
        assert [r["id"] for r in azure.get(path, RESOURCES)["value"]] == [CLUSTER]
    assert azure.ask("HEAD", GROUP, RESOURCES).status_code == 204
    assert azure.ask("HEAD", f"{SUB}/resourceGroups/none", RESOURCES).status_code == 404
    assert azure.refused("GET", f"{SUB}/resourceGroups/none/resources", RESOURCES)[0] == 404


def test_a_group_is_deleted_in_a_while(azure: Wire) -> None:
    answer = azure.group().ask("DELETE", GROUP, RESOURCES)
    assert answer.status_code == 202
    assert azure.ask("GET", answer.headers["Location"], None).status_code == 204
    assert azure.refused("GET", GROUP, RESOURCES) == (404, "ResourceGroupNotFound")


def test_subscriptions_and_providers_are_told(azure: Wire) -> None:
    (found,) = azure.get("/subscriptions", "2022-12-01")["value"]
    assert (found["id"], found["state"]) == (SUB, "Enabled")
    assert azure.get(SUB, "2022-12-01")["subscriptionId"] == SUB.rpartition("/")[2]
    provider = f"{SUB}/providers/Microsoft.ContainerService"
    said = azure.get(provider, RESOURCES)
    assert said["registrationState"] == "Registered"
    versions = {t["resourceType"]: t["apiVersions"] for t in said["resourceTypes"]}
    assert versions["managedClusters"][0] == AKS
    assert (
        azure.ask("POST", f"{provider}/unregister", RESOURCES).json()["registrationState"] == "NotRegistered"
    )
    names = {
        p["namespace"]: p["registrationState"] for p in azure.get(f"{SUB}/providers", RESOURCES)["value"]
    }
    assert names["Microsoft.ContainerService"] == "NotRegistered"
    assert names["Microsoft.Network"] == "Registered"
    unknown = f"{SUB}/providers/Microsoft.Nothing"
    assert azure.refused("GET", unknown, RESOURCES) == (404, "InvalidResourceNamespace")


def test_a_lock_keeps_from_deleting_and_one_that_is_read_only_from_writing(azure: Wire) -> None:
    azure.cluster().pool()
    lock = f"{GROUP}/{LOCK}/keep"
    azure.put(lock, {"properties": {"level": "CanNotDelete", "notes": "ask first"}}, LOCKS)
    assert azure.refused("DELETE", POOL) == (409, "ScopeLocked")
    assert azure.refused("DELETE", GROUP, RESOURCES) == (409, "ScopeLocked")
    azure.put(POOL, pool_body(count=4))
    azure.put(lock, {"properties": {"level": "ReadOnly"}}, LOCKS)
    assert azure.refused("PUT", CLUSTER, body=cluster_body()) == (409, "ScopeLocked")
    assert azure.refused("POST", f"{CLUSTER}/stop") == (409, "ScopeLocked")
    assert azure.get(POOL)["properties"]["count"] == 4
    assert azure.ask("DELETE", lock, LOCKS).status_code == 200
    assert azure.ask("DELETE", POOL).status_code == 202


def test_locks_are_listed_where_they_hold(azure: Wire) -> None:
    azure.cluster()
    azure.put(f"{SUB}/{LOCK}/all", {"properties": {"level": "CanNotDelete"}}, LOCKS)
    azure.put(f"{CLUSTER}/{LOCK}/one", {"properties": {"level": "ReadOnly"}}, LOCKS)
    assert [x["name"] for x in azure.get(f"{CLUSTER}/{LOCK}", LOCKS)["value"]] == ["all", "one"]
    assert [x["name"] for x in azure.get(f"{SUB}/{LOCK}", LOCKS)["value"]] == ["all", "one"]
    filters = {"$filter": "atScope()"}
    assert [x["name"] for x in azure.get(f"{SUB}/{LOCK}", LOCKS, **filters)["value"]] == ["all"]
    bad = {"properties": {"level": "Never"}}
    assert azure.refused("PUT", f"{GROUP}/{LOCK}/x", LOCKS, bad) == (400, "InvalidLockLevel")
    nowhere = f"{SUB}/resourceGroups/none/{LOCK}/x"
    assert azure.refused("PUT", nowhere, LOCKS, {"properties": {"level": "ReadOnly"}}) == (
        404,
        "ResourceNotFound",
    )


def test_diagnostic_settings_of_a_cluster(azure: Wire) -> None:
    azure.cluster()
    azure.put(WORKSPACE, {"location": "westeurope", "properties": {"retentionInDays": 30}}, "2023-09-01")
    settings = f"{CLUSTER}/providers/Microsoft.Insights/diagnosticSettings"
    body = {
        "properties": {"workspaceId": WORKSPACE, "logs": [{"category": "kube-audit-admin", "enabled": True}]}
    }
    azure.put(f"{settings}/audit", body, "2021-05-01-preview")
    (found,) = azure.get(settings, "2021-05-01-preview")["value"]
    assert found["properties"]["logs"] == body["properties"]["logs"]
    wrong = {"properties": {"workspaceId": WORKSPACE, "logs": [{"category": "nonsense", "enabled": True}]}}
    assert azure.refused("PUT", f"{settings}/other", "2021-05-01-preview", wrong) == (400, "BadRequest")


def test_a_deployment_puts_what_its_template_says(azure: Wire) -> None:
    azure.cluster()
    pool = {
        "type": "Microsoft.ContainerService/managedClusters/agentPools",
        "apiVersion": "2025-09-01",
        "name": "aks/general",
        "properties": pool_body()["properties"],
    }
    template = {"resources": [pool], "contentVersion": "1.0.0.0"}
    deployment = f"{GROUP}/providers/Microsoft.Resources/deployments/one"
    azure.put(deployment, {"properties": {"mode": "Incremental", "template": template}}, RESOURCES)
    assert azure.get(POOL)["properties"]["count"] == 3
    done = azure.get(deployment, RESOURCES)["properties"]
    assert done["outputResources"] == [{"id": POOL}]


def test_a_credential_of_a_cluster_without_local_accounts_is_no_secret(azure: Wire) -> None:
    azure.cluster()
    path = f"{CLUSTER}/listClusterUserCredential"
    assert azure.ask("POST", path, format="exec").status_code == 200
    assert azure.refused("POST", path) == (400, "BadRequest")
    assert azure.refused("POST", f"{CLUSTER}/listClusterAdminCredential") == (400, "BadRequest")
