"""Faults that a test orders, as Azure writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from emulator.cloud.faults import Fault, FaultKind
from tests.emulator.arm.wire import CLUSTER, POOL, pool_body

if TYPE_CHECKING:
    from tests.emulator.arm.wire import Wire

KINDS: list[tuple[FaultKind, int, str]] = [
    ("conflict", 409, "OperationNotAllowed"),
    ("throttled", 429, "TooManyRequests"),
    ("serverError", 500, "InternalServerError"),
    ("unavailable", 503, "ServiceUnavailable"),
    ("timeout", 504, "GatewayTimeout"),
    ("refusedToken", 401, "InvalidAuthenticationToken"),
]


@pytest.mark.parametrize(("kind", "status", "code"), KINDS)
def test_a_fault_is_an_answer_and_nothing_is_done(
    azure: Wire, kind: FaultKind, status: int, code: str
) -> None:
    azure.cluster().cloud.inject(Fault(kind, "*/agentPools/general", on="put"))
    answer = azure.ask("PUT", POOL, body=pool_body())
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert ("Retry-After" in answer.headers) == (status in (429, 503))
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)
    assert azure.refused("GET", POOL) == (404, "NotFound")
    azure.pool()


def test_an_answer_that_is_lost_was_given_all_the_same(azure: Wire) -> None:
    azure.cluster().cloud.inject(Fault("lostAnswer", "*/agentPools/general", on="put"))
    with pytest.raises(requests.exceptions.ConnectionError):
        azure.ask("PUT", POOL, body=pool_body())
    assert azure.get(POOL)["properties"]["provisioningState"] == "Succeeded"


def test_a_stuck_operation_goes_on_until_it_is_released(azure: Wire) -> None:
    azure.cluster().cloud.inject(Fault("stuck", "*/agentPools/general", on="put"))
    where = azure.ask("PUT", POOL, body=pool_body()).headers["Azure-AsyncOperation"]
    assert azure.ask("GET", where, None).json()["status"] == "InProgress"
    assert azure.get(POOL)["properties"]["provisioningState"] == "Creating"
    azure.cloud.release(POOL)
    assert azure.ask("GET", where, None).json()["status"] == "Succeeded"


def test_an_operation_that_fails_says_so_where_it_is_asked_about(azure: Wire) -> None:
    azure.cluster().cloud.inject(Fault("fails", "*/agentPools/general", on="put"))
    where = azure.ask("PUT", POOL, body=pool_body()).headers["Azure-AsyncOperation"]
    found = azure.ask("GET", where, None).json()
    assert (found["status"], found["error"]["code"]) == ("Failed", "InternalOperationError")


def test_reads_and_actions_meet_faults_too(azure: Wire) -> None:
    azure.cluster().cloud.inject(Fault("throttled", "*/upgradeProfiles/default", on="read"))
    azure.cloud.inject(Fault("serverError", "*/listClusterUserCredential", on="invoke"))
    assert azure.refused("GET", f"{CLUSTER}/upgradeProfiles/default")[0] == 429
    assert azure.refused("POST", f"{CLUSTER}/listClusterUserCredential")[0] == 500


def test_somebody_else_changes_something_just_before(azure: Wire) -> None:
    azure.cluster().pool()
    patch = {"id": POOL, "properties": {"count": 9}}
    azure.cloud.inject(Fault("elsewhere", "*/managedClusters/aks", on="read", patch=patch))
    azure.get(CLUSTER)
    assert azure.get(POOL)["properties"]["count"] == 9
