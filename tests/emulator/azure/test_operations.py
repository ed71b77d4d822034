"""Operations in flight, and what goes wrong in an Azure."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from emulator.cloud.faults import Fault
from emulator.errors import ProviderError
from tests.emulator.azure_provider import Azure, Made, refused

POOL = "*/agentPools/general"


@pytest.fixture
def made(azure: Azure) -> tuple[Made, Made]:
    """A cluster and a pool."""
    return azure.cluster("1.35.5"), azure.pool(orchestratorVersion="1.35.4")


def state_of(azure: Azure, made: Made) -> Any:
    return azure.cloud.view().get(made.id).properties["provisioningState"]  # type: ignore[union-attr]


def stick(azure: Azure, match: str) -> None:
    azure.cloud.inject(Fault("stuck", match, on="put"))


def test_a_stuck_upgrade_shows_as_one_and_keeps_everything_else_away(
    azure: Azure, made: tuple[Made, Made]
) -> None:
    cluster, pool = made
    other = azure.pool("other")
    stick(azure, POOL)
    with pytest.raises(ProviderError, match="context deadline exceeded"):
        azure.update(pool, orchestratorVersion="1.35.5")
    assert state_of(azure, pool) == "Upgrading"
    assert azure.running()["general"] == "1.35.4"
    for attempt in (
        lambda: azure.update(pool, orchestratorVersion="1.35.5"),
        lambda: azure.update(cluster, kubernetesVersion="1.35.6"),
        lambda: azure.update(other, count=3),
        lambda: azure.pool("third"),
        lambda: azure.delete(pool),
        lambda: azure.delete(cluster),
    ):
        with refused("OperationNotAllowed", "general - Upgrading"):
            attempt()
    azure.cloud.release(pool.id)
    assert state_of(azure, pool) == "Succeeded"
    assert azure.running()["general"] == "1.35.5"
    azure.update(cluster, kubernetesVersion="1.35.6")


def test_a_cluster_operation_keeps_its_pools_away(azure: Azure, made: tuple[Made, Made]) -> None:
    cluster, pool = made
    stick(azure, "*/managedClusters/aks")
    with pytest.raises(ProviderError, match="deadline"):
        azure.update(cluster, tags={"a": "b"})
    assert state_of(azure, cluster) == "Updating"
    with refused("OperationNotAllowed", "aks - Updating"):
        azure.update(pool, count=3)


def test_other_clusters_and_other_types_are_not_kept_away(azure: Azure, made: tuple[Made, Made]) -> None:
    stick(azure, POOL)
    with pytest.raises(ProviderError, match="deadline"):
        azure.update(made[1], count=3)
    azure.cluster("1.35.5", resourceName="second", nodeResourceGroup="second-nodes")
    azure.workspace()


def test_pools_in_parallel_are_a_setting(azure: Azure, made: tuple[Made, Made]) -> None:
    azure.cloud.configure(parallel_pools=True)
    other = azure.pool("other")
    stick(azure, POOL)
    with pytest.raises(ProviderError, match="deadline"):
        azure.update(made[1], count=3)
    azure.update(other, count=3)
    with refused("OperationNotAllowed"):
        azure.update(made[1], count=4)
    with refused("OperationNotAllowed"):
        azure.update(made[0], tags={"a": "b"})


def test_a_new_pool_that_is_being_created_is_there(azure: Azure, made: tuple[Made, Made]) -> None:
    del made
    stick(azure, "*/agentPools/new")
    with pytest.raises(ProviderError, match="deadline"):
        azure.pool("new")
    with pytest.raises(ProviderError, match="already existing"):
        azure.pool("new")


def test_an_operation_that_fails_leaves_the_pool_half_way_and_can_be_tried_again(
    azure: Azure, made: tuple[Made, Made]
) -> None:
    pool = made[1]
    azure.cloud.inject(Fault("fails", POOL))
    with refused("InternalOperationError", "Failed"):
        azure.update(pool, orchestratorVersion="1.35.5")
    properties = azure.cloud.view().get(pool.id).properties  # type: ignore[union-attr]
    assert properties["provisioningState"] == "Failed"
    assert properties["orchestratorVersion"] == "1.35.5"
    assert properties["currentOrchestratorVersion"] == "1.35.4"
    assert azure.update(pool, orchestratorVersion="1.35.5").outputs["provisioningState"] == "Succeeded"
    assert azure.running()["general"] == "1.35.5"


def test_an_operation_takes_its_time(
    azure: Azure, made: tuple[Made, Made], monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = made[1]
    clock = [1000.0]
    monkeypatch.setattr("emulator.cloud.cloud.time.time", lambda: clock[0])
    azure.cloud.configure(operation_seconds=300)
    seen: list[Any] = []

    def sleep(_: float) -> None:
        seen.append((state_of(azure, pool), azure.running()["general"]))
        with refused("OperationNotAllowed"):
            azure.pool("other")
        clock[0] += 200

    monkeypatch.setattr("emulator.azure.service.time.sleep", sleep)
    azure.update(pool, orchestratorVersion="1.35.5")
    assert seen == [("Upgrading", "1.35.4")] * 2
    assert azure.running()["general"] == "1.35.5"
    assert state_of(azure, pool) == "Succeeded"


def test_of_two_at_the_same_moment_one_is_refused(stored: Azure) -> None:
    stored.cluster("1.35.5")
    pools = [stored.pool(name) for name in ("one", "two")]
    stored.cloud.configure(operation_seconds=3600)
    results: list[str] = []
    start, answered = threading.Barrier(2), threading.Event()

    def upgrade(pool: Made) -> None:
        start.wait()
        try:
            stored.update(pool, count=3)
            results.append("done")
        except ProviderError as error:
            results.append(str(error))
        answered.set()

    threads = [threading.Thread(target=upgrade, args=(p,)) for p in pools]
    for thread in threads:
        thread.start()
    assert answered.wait(60)  # the one that is refused; the other one is held by its operation
    for operation in list(stored.cloud.view().operations.values()):
        stored.cloud.release(operation.id)
    for thread in threads:
        thread.join()
    assert sorted(r[:10] for r in results) == ["Status=409", "done"]
