"""Who is let in, and how refusals and faults look on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from emulator.azure import ids
from emulator.azure.aks.credentials import SERVER_APPLICATION
from emulator.cloud.faults import Fault, FaultKind
from emulator.entra.endpoints import MANAGEMENT
from tests.emulator.arm.helpers import CLUSTER, GROUP, SUBSCRIPTION

if TYPE_CHECKING:
    from tests.emulator.arm.helpers import Lab


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_nothing_else_is_reached(lab: Lab):
    with lab.client() as client, pytest.raises(httpx.ProxyError, match="403"):
        client.get("https://example.com/")


def test_a_token_must_be_ours_for_arm_and_not_over(lab: Lab):
    issue = lab.server.entra.tokens.issue
    for token, expected in (
        (None, "AuthenticationFailed"),
        ("nonsense", "InvalidAuthenticationToken"),
        (issue(MANAGEMENT[0], {}) + "x", "InvalidAuthenticationToken"),
        (issue(SERVER_APPLICATION, {}), "InvalidAuthenticationTokenAudience"),
        (issue(MANAGEMENT[0], {}, -1), "ExpiredAuthenticationToken"),
    ):
        answer = lab.get(f"{SUBSCRIPTION}/resourceGroups", token)
        assert code(answer) == (401, expected)
        assert ids.TENANT in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"/subscriptions/{ids.CLIENT}/resourceGroups", (404, "SubscriptionNotFound")),
        (f"{SUBSCRIPTION}/resourceGroups/none", (404, "ResourceGroupNotFound")),
        (
            f"{SUBSCRIPTION}/resourceGroups/none/providers/Microsoft.Network/virtualNetworks",
            (404, "ResourceGroupNotFound"),
        ),
        (f"{GROUP}/providers/Microsoft.Network/virtualNetworks/none", (404, "ResourceNotFound")),
        (f"{GROUP}/providers/Microsoft.Network/virtualNetworks/none/subnets", (404, "ResourceNotFound")),
        (f"{CLUSTER}x/upgradeProfiles/default", (404, "ResourceNotFound")),
        (f"{GROUP}/providers/Microsoft.Sql/servers", (404, "InvalidResourceType")),
    ],
)
def test_what_is_not_there_is_refused_in_arms_words(lab: Lab, path: str, expected: tuple[int, str]):
    lab.azure.group()
    assert code(lab.get(path)) == expected


def test_an_api_version_is_required(lab: Lab):
    assert code(lab.get(f"{SUBSCRIPTION}/resourceGroups", api_version="")) == (
        400,
        "MissingApiVersionParameter",
    )


def test_faults_are_met_once_on_any_read(lab: Lab):
    lab.azure.cluster()
    answers: dict[FaultKind, int] = {
        "throttled": 429,
        "conflict": 409,
        "serverError": 500,
        "unavailable": 503,
    }
    for kind, status in answers.items():
        for path in (CLUSTER, f"{CLUSTER}/agentPools", f"{CLUSTER}/upgradeProfiles/default"):
            lab.azure.cloud.inject(Fault(kind, "*" + path[-20:], "read"))
            answer = lab.get(path)
            assert answer.status_code == status
            assert ("Retry-After" in answer.headers) == (status == 429)
            assert lab.get(path).status_code == 200
    lab.azure.cloud.inject(Fault("refusedToken", CLUSTER, "read"))
    refused = lab.get(CLUSTER)
    assert code(refused) == (401, "InvalidAuthenticationToken")
    assert "WWW-Authenticate" in refused.headers
    lab.azure.cloud.inject(Fault("timeout", CLUSTER, "read"))
    with pytest.raises(httpx.RemoteProtocolError):
        lab.get(CLUSTER)


def test_every_resource_is_read_by_its_id(lab: Lab):
    lab.azure.group()
    lab.azure.network()
    lab.azure.workspace()
    lab.azure.cluster()
    lab.azure.pool()
    for resource in lab.azure.cloud.view().resources.values():
        answer = lab.get(resource.id).json()
        assert (answer["id"], answer["name"]) == (resource.id, resource.name)
        assert set(answer) <= {
            "id",
            "name",
            "type",
            "location",
            "tags",
            "sku",
            "identity",
            "managedBy",
            "etag",
            "eTag",
            "properties",
        }
    shown = lab.get(f"{GROUP}/resources").json()["value"]
    assert {r["name"] for r in shown} == {"network", "log", "aks"}
