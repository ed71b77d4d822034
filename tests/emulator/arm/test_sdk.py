"""The unchanged Azure SDK, in a process of its own, by environment variables alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emulator.cloud.faults import Fault
from tests.emulator.arm.wire import CLUSTER, POOL, cluster_body, pool_body, run_sdk

if TYPE_CHECKING:
    from tests.emulator.arm.wire import Wire


def test_a_cluster_is_made_polled_listed_and_read(azure: Wire) -> None:
    azure.group().cloud.configure(operation_seconds=0.5)
    found = run_sdk(
        azure,
        f"""
        poller = clusters.begin_create_or_update("rg", "aks", {cluster_body()})
        first = poller.status()
        made = poller.result()
        show({{
            "first": first,
            "made": made.provisioning_state,
            "listed": [c.id for c in clusters.list()],
            "in group": [c.name for c in clusters.list_by_resource_group("rg")],
            "pools": [p.name for p in pools.list("rg", "aks")],
            "read": clusters.get("rg", "aks").as_dict(),
        }})
        """,
    )
    assert found["first"] == "InProgress"
    assert found["made"] == "Succeeded"
    assert found["listed"] == [CLUSTER]
    assert found["in group"] == ["aks"]
    assert found["pools"] == ["system"]
    assert found["read"]["properties"]["currentKubernetesVersion"] == "1.35.5"
    assert found["read"]["properties"]["agentPoolProfiles"][0]["currentOrchestratorVersion"] == "1.35.5"
    assert set(found["read"]) == {"id", "name", "type", "location", "identity", "sku", "eTag", "properties"}


def test_a_pool_lives_its_life(azure: Wire) -> None:
    azure.cluster().cloud.configure(operation_seconds=0.3)
    found = run_sdk(
        azure,
        f"""
        made = pools.begin_create_or_update("rg", "aks", "general", {pool_body(orchestratorVersion="1.34.9")}).result()
        offered = pools.get_upgrade_profile("rg", "aks", "general").as_dict()["properties"]
        changed = made.as_dict()
        changed["properties"]["orchestratorVersion"] = "1.35.5"
        upgraded = pools.begin_create_or_update("rg", "aks", "general", {{"properties": changed["properties"]}}).result()
        image = pools.begin_upgrade_node_image_version("rg", "aks", "general").result()
        pools.begin_delete("rg", "aks", "general").result()
        show([made.properties.current_orchestrator_version, offered, upgraded.properties.current_orchestrator_version,
              [p.name for p in pools.list("rg", "aks")]])
        """,
    )
    assert found[0] == "1.34.9"
    assert [u["kubernetesVersion"] for u in found[1]["upgrades"]][-1] == "1.35.5"
    assert found[2] == "1.35.5"
    assert found[3] == ["system"]


def test_what_was_read_is_changed_and_put_as_people_do(azure: Wire) -> None:
    azure.cluster().pool(orchestratorVersion="1.35.4", nodeLabels={"team": "shop"})
    azure.cloud.edit(POOL, {"nodeImageVersion": "AKSUbuntu-2404gen2containerd-202601.05.0"})
    found = run_sdk(
        azure,
        """
        cluster = clusters.get("rg", "aks")
        cluster.properties.kubernetes_version = "1.35.6"
        cluster.properties.agent_pool_profiles = None
        upgraded = clusters.begin_create_or_update("rg", "aks", cluster).result()
        pools.begin_upgrade_node_image_version("rg", "aks", "general").result()
        pool = pools.get("rg", "aks", "general")
        newest = pools.get_upgrade_profile("rg", "aks", "general").properties.latest_node_image_version
        image = pool.properties.node_image_version == newest
        pool.properties.orchestrator_version = "1.35.6"
        pools.begin_create_or_update("rg", "aks", "general", pool).result()
        show([upgraded.properties.current_kubernetes_version, image,
              {p.name: p.properties.current_orchestrator_version for p in pools.list("rg", "aks")},
              pools.get("rg", "aks", "general").properties.node_labels])
        """,
    )
    assert found == ["1.35.6", True, {"system": "1.35.5", "general": "1.35.6"}, {"team": "shop"}]


def test_an_operation_that_fails_is_an_error_of_the_poller(azure: Wire) -> None:
    azure.cluster().cloud.inject(Fault("fails", "*/agentPools/general", on="put"))
    code, message = run_sdk(
        azure,
        f"""
        from azure.core.exceptions import HttpResponseError
        try:
            pools.begin_create_or_update("rg", "aks", "general", {pool_body()}).result()
        except HttpResponseError as error:
            show([error.error.code, str(error)])
        """,
    )
    assert code == "InternalOperationError"
    assert "ended in the state Failed" in message
    assert azure.get(POOL)["properties"]["provisioningState"] == "Failed"


def test_a_cluster_is_stopped_started_and_deleted(azure: Wire) -> None:
    azure.cluster()
    found = run_sdk(
        azure,
        f"""
        from azure.core.exceptions import HttpResponseError
        clusters.begin_stop("rg", "aks").result()
        stopped = clusters.get("rg", "aks").properties.power_state.code
        try:
            pools.begin_create_or_update("rg", "aks", "general", {pool_body()})
            refusal = ""
        except HttpResponseError as error:
            refusal = error.message
        clusters.begin_start("rg", "aks").result()
        started = clusters.get("rg", "aks").properties.power_state.code
        clusters.begin_delete("rg", "aks").result()
        clusters.begin_delete("rg", "aks").result()
        show([stopped, refusal, started, len(list(clusters.list()))])
        """,
    )
    assert found[0] == "Stopped"
    assert "(Stopped) power state" in found[1]
    assert found[2:] == ["Running", 0]


def test_the_sdk_tries_again_what_is_busy(azure: Wire) -> None:
    azure.cluster().cloud.inject(Fault("throttled", "*/managedClusters/aks", on="read", times=2))
    azure.cloud.inject(Fault("unavailable", "*/upgradeProfiles/*", on="read"))
    found = run_sdk(
        azure, 'show([clusters.get("rg", "aks").name, clusters.get_upgrade_profile("rg", "aks").name])'
    )
    assert found == ["aks", "default"]


def test_a_login_that_is_refused_says_why(azure: Wire) -> None:
    found = run_sdk(
        azure,
        """
        from azure.core.exceptions import ClientAuthenticationError
        try:
            list(clusters.list())
        except ClientAuthenticationError as error:
            show(str(error))
        """,
        AZURE_CLIENT_SECRET="not-the-secret",
    )
    assert "AADSTS7000215" in found


def test_nobody_is_logged_in_without_the_variables(azure: Wire) -> None:
    found = run_sdk(
        azure,
        """
        from azure.core.exceptions import ClientAuthenticationError
        try:
            list(clusters.list())
        except ClientAuthenticationError as error:
            show(str(error))
        """,
        AZURE_CLIENT_SECRET=None,
    )
    assert "EnvironmentCredential" in found


@pytest.mark.soak
def test_a_provider_that_is_not_registered_is_registered_by_the_sdk(azure: Wire) -> None:
    azure.cluster().cloud.configure(unregistered_providers=["Microsoft.ContainerService"])
    assert azure.refused("GET", CLUSTER) == (409, "MissingSubscriptionRegistration")
    assert run_sdk(azure, 'show(clusters.get("rg", "aks").name)') == "aks"
    assert azure.cloud.view().settings.unregistered_providers == []


def test_nothing_leaves_the_machine(azure: Wire) -> None:
    found = run_sdk(
        azure,
        """
        import requests
        try:
            requests.get("https://example.com/")
        except requests.exceptions.ProxyError as error:
            show(str(error))
        """,
    )
    assert "403 the lab does not stand for example.com:443" in found
