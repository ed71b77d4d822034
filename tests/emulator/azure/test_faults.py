"""What goes wrong in an Azure, and what its log tells."""

from __future__ import annotations

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


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("conflict", 'Status=409 Code="OperationNotAllowed"'),
        ("throttled", 'Status=429 Code="TooManyRequests"'),
        ("serverError", 'Status=500 Code="InternalServerError"'),
        ("unavailable", 'Status=503 Code="ServiceUnavailable"'),
        ("timeout", "context deadline exceeded"),
    ],
)
def test_errors_before_anything_is_done(azure: Azure, made: tuple[Made, Made], kind: Any, words: str) -> None:
    azure.cloud.inject(Fault(kind, POOL, on="put", times=2))
    for _ in range(2):
        with pytest.raises(ProviderError, match=words):
            azure.update(made[1], orchestratorVersion="1.35.5")
        assert azure.running()["general"] == "1.35.4"
    azure.update(made[1], orchestratorVersion="1.35.5")


def test_an_answer_that_is_lost(azure: Azure, made: tuple[Made, Made]) -> None:
    azure.cloud.inject(Fault("lostAnswer", POOL, on="put"))
    with pytest.raises(ProviderError, match="deadline"):
        azure.update(made[1], orchestratorVersion="1.35.5")
    assert azure.running()["general"] == "1.35.5"


def test_a_fault_waits_for_its_call(azure: Azure, made: tuple[Made, Made]) -> None:
    azure.cloud.inject(Fault("throttled", POOL, on="put", skip=1))
    azure.update(made[0], tags={"a": "b"})
    pool = azure.update(made[1], count=3)
    assert azure.read(pool) is not None
    with refused("TooManyRequests"):
        azure.update(pool, count=4)
    azure.cloud.inject(Fault("unavailable", POOL, on="read"))
    with refused("ServiceUnavailable"):
        azure.read(pool)
    azure.cloud.inject(Fault("unavailable", POOL, on="delete"))
    with refused("ServiceUnavailable"):
        azure.delete(pool)
    azure.delete(pool)


def test_somebody_elses_change_just_before(azure: Azure, made: tuple[Made, Made]) -> None:
    cluster, pool = made
    patch = {
        "id": pool.id,
        "properties": {"currentOrchestratorVersion": "1.35.5", "orchestratorVersion": "1.35.5"},
    }
    azure.cloud.inject(Fault("elsewhere", POOL, on="put", patch=patch))
    del cluster
    with refused("AgentPoolUpgradeVersionNotAllowed", "cannot go back"):
        azure.update(pool, orchestratorVersion="1.35.4", count=5)
    assert [e["actor"] for e in azure.cloud.events()][-1] == "somebody else"


def test_the_log_tells_every_change_with_the_versions_after_it(azure: Azure, made: tuple[Made, Made]) -> None:
    cluster, pool = made
    azure.update(cluster, kubernetesVersion="1.35.6")
    azure.update(pool, orchestratorVersion="1.35.6")
    azure.delete(pool)
    told = [(e["action"], e["operation"], e["name"], e.get("versions")) for e in azure.cloud.events()[-6:]]
    both = {"general": "1.35.4", "system": "1.35.5"}
    assert told == [
        ("accepted", "Upgrading", "aks", {"controlPlane": "1.35.5", "pools": both}),
        ("updated", "Upgrading", "aks", {"controlPlane": "1.35.6", "pools": both}),
        ("accepted", "Upgrading", "general", {"controlPlane": "1.35.6", "pools": both}),
        (
            "updated",
            "Upgrading",
            "general",
            {"controlPlane": "1.35.6", "pools": both | {"general": "1.35.6"}},
        ),
        (
            "accepted",
            "Deleting",
            "general",
            {"controlPlane": "1.35.6", "pools": both | {"general": "1.35.6"}},
        ),
        ("deleted", "Deleting", "general", {"controlPlane": "1.35.6", "pools": {"system": "1.35.5"}}),
    ]
    upgraded = azure.cloud.events()[-3]
    assert upgraded["changed"]["currentOrchestratorVersion"] == ["1.35.4", "1.35.6"]


@pytest.mark.parametrize("wrong", [{"kind": "failed"}, {"kind": "fails", "on": "PUT"}])
def test_a_fault_that_there_is_not_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="is none of"):
        Fault(**wrong)
